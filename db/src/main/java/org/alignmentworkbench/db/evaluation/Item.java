package org.alignmentworkbench.db.evaluation;

import org.jspecify.annotations.Nullable;

/// One prompt's result.
///
/// @param passed whether every check passed
/// @param checks the result of each, a JSON value
/// @param utility the true utility, in [0, 1]
/// @param reward the reward model's score
/// @param logRatio log-probability under the model less that under its reference, summed, nats
/// @param tokens generated
public record Item(
    long promptId,
    String promptKey,
    String kind,
    String template,
    String prompt,
    String text,
    boolean passed,
    String checks,
    double utility,
    @Nullable Double reward,
    @Nullable Double logRatio,
    int tokens) {}
