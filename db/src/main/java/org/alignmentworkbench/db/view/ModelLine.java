package org.alignmentworkbench.db.view;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A registered model with what a list says about it.
///
/// @param base the name of the model it was made from or sits on
/// @param stage the stage under which it was evaluated, if it was
public record ModelLine(
    long id,
    String name,
    String kind,
    String artifactSha256,
    long bytes,
    boolean swept,
    @Nullable String base,
    @Nullable Long runId,
    @Nullable String runName,
    @Nullable Long evaluationId,
    @Nullable String stage,
    String detail,
    Instant createdAt) {}
