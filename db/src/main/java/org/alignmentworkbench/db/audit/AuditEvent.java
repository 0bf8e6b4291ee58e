package org.alignmentworkbench.db.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Something that somebody did.
///
/// @param personId null when nobody was signed in
/// @param detail a JSON object without secrets
public record AuditEvent(
    long id,
    Instant at,
    @Nullable Long personId,
    @Nullable String username,
    String action,
    String subject,
    String detail) {}
