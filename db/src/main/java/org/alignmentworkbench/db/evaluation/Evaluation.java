package org.alignmentworkbench.db.evaluation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An evaluation of a model on held-out prompts.
///
/// @param stage what it stands for in the project: `base`, `sft`, ...; one for each stage
/// @param configuration what was asked, a JSON object
/// @param summary what came out, a JSON object
public record Evaluation(
    long id,
    long projectId,
    String stage,
    long modelId,
    @Nullable Long runId,
    String configuration,
    String summary,
    Instant createdAt) {}
