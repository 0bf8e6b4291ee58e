package org.alignmentworkbench.app.web;

import org.alignmentworkbench.db.audit.AuditEvent;
import org.alignmentworkbench.db.audit.AuditRepository;

/// What tests read of the audit trail.
public final class Trail {
  private static final int BACK = 20;

  private Trail() {}

  /// What was changed last, whoever looked at it since.
  public static AuditEvent lastChange(AuditRepository audit) {
    return audit.latest(BACK).stream()
        .filter(event -> !event.action().startsWith("seen."))
        .findFirst()
        .orElseThrow();
  }
}
