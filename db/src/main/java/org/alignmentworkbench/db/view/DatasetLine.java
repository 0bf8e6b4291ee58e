package org.alignmentworkbench.db.view;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A dataset with what a list says about it.
///
/// @param refusedRows rows that were left out of the file it was read from
/// @param refusedFile that file's hash, where a table says why each was left out; else null
public record DatasetLine(
    long id,
    String name,
    String kind,
    String artifactSha256,
    long rows,
    long refusedRows,
    @Nullable String refusedFile,
    @Nullable Long runId,
    @Nullable String runName,
    Instant createdAt) {}
