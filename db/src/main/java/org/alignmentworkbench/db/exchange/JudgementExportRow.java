package org.alignmentworkbench.db.exchange;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A file of judgements that was taken out of a project.
///
/// @param format the format's name
/// @param judged judgements in it
/// @param skipped skips in it
/// @param withdrawn judgements in it that count no more; 0 where they were not asked for
/// @param displayName who took it; null for a command on the server's own machine
public record JudgementExportRow(
    long id,
    long projectId,
    String format,
    String artifactSha256,
    long bytes,
    long judged,
    long skipped,
    long withdrawn,
    @Nullable String displayName,
    Instant createdAt) {}
