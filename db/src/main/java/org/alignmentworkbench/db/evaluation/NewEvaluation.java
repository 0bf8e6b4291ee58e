package org.alignmentworkbench.db.evaluation;

import org.jspecify.annotations.Nullable;

/// An evaluation to be kept; [Evaluation] says what the parts mean.
public record NewEvaluation(
    long projectId,
    String stage,
    long modelId,
    @Nullable Long runId,
    String configuration,
    String summary) {}
