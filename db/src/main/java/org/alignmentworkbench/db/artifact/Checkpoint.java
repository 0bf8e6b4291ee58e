package org.alignmentworkbench.db.artifact;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A state of a training that can be gone back to.
///
/// @param stage the step of the job
/// @param step optimiser steps done
/// @param score smaller is better; null is unranked
/// @param swept whether its content is gone
public record Checkpoint(
    long runId,
    String stage,
    long step,
    String sha256,
    @Nullable Double score,
    Instant createdAt,
    boolean swept) {}
