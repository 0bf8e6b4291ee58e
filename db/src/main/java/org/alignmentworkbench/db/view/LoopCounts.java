package org.alignmentworkbench.db.view;

import org.jspecify.annotations.Nullable;

/// How much of each thing the loop has made, for the latest round that has candidates or tasks.
///
/// @param round the latest round; 0 before the first
/// @param trainPrompts prompts of the TRAIN split
/// @param preferencePrompts prompts of the PREFERENCE split
/// @param heldOutPrompts prompts of the HELD_OUT split
/// @param candidates responses of the round
/// @param members different members and teachers that wrote them
/// @param pairs comparisons of the round
/// @param wanted judgements wanted in the round
/// @param leased of these, being worked on now
/// @param judged of these, there
/// @param scripted of those there, given by a script
/// @param judges different persons, scripts included
/// @param rewardModels reward models of the project
/// @param rewardModel the name of the latest
/// @param policies policy models of the project
/// @param policy the name of the latest
/// @param selected rows of the latest dataset of selected responses
/// @param evaluations evaluated stages
public record LoopCounts(
    int round,
    long trainPrompts,
    long preferencePrompts,
    long heldOutPrompts,
    long candidates,
    long members,
    long pairs,
    long wanted,
    long leased,
    long judged,
    long scripted,
    long judges,
    long rewardModels,
    @Nullable String rewardModel,
    long policies,
    @Nullable String policy,
    @Nullable Long selected,
    long evaluations) {}
