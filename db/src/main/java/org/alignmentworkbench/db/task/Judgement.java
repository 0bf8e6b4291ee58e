package org.alignmentworkbench.db.task;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A judgement in the task's own order, whatever side a response was shown on.
///
/// @param ordinal the slot's number in its task
/// @param strength -4 (A is much better) to -1, 1 to 4 (B is much better)
/// @param gradesA null where none were given
/// @param gradesB null where none were given
/// @param aLeft whether A was shown on the left; null where an imported file does not say
/// @param activeMs null where an imported file does not say
/// @param guidelineVersion null where an imported file does not say
/// @param scripted whether a program gave it
public record Judgement(
    long id,
    long slotId,
    long taskId,
    String taskKey,
    int ordinal,
    long personId,
    int strength,
    @Nullable Grades gradesA,
    @Nullable Grades gradesB,
    String reason,
    @Nullable Boolean aLeft,
    @Nullable Long activeMs,
    @Nullable Integer guidelineVersion,
    boolean scripted,
    Instant createdAt) {}
