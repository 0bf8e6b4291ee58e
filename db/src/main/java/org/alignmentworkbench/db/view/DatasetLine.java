package org.alignmentworkbench.db.view;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A dataset with what a list says about it.
public record DatasetLine(
    long id,
    String name,
    String kind,
    String artifactSha256,
    long rows,
    @Nullable Long runId,
    @Nullable String runName,
    Instant createdAt) {}
