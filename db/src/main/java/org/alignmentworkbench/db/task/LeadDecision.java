package org.alignmentworkbench.db.task;

import java.time.Instant;

/// What a lead decided of somebody in a project.
///
/// @param by shown name of the lead
/// @param note why
public record LeadDecision(Kind kind, String by, String note, Instant at) {
  /// What a lead can decide. What somebody finds of known answers counts anew afterwards.
  public enum Kind {
    /// They are dealt work, qualified or not.
    LET_IN,
    /// They qualify once more, by pairs that they have not seen.
    ASK_AGAIN,
    /// They are dealt nothing.
    STOP
  }
}
