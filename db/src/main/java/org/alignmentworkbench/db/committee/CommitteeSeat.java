package org.alignmentworkbench.db.committee;

/// A model that stood for the committee after a round.
///
/// @param family the method that made it: `sft`, `dpo`, `mdloo`, ...
/// @param reward its mean reward-model score on the election's prompts
/// @param passRate the share of them whose checks its answers all passed, in [0, 1]
/// @param elected whether it sits on the next round's committee
public record CommitteeSeat(
    long modelId, String model, String family, double reward, double passRate, boolean elected) {}
