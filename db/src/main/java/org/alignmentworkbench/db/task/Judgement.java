package org.alignmentworkbench.db.task;

import java.time.Instant;

/// A judgement in the task's own order, whatever side a response was shown on.
///
/// @param ordinal the slot's number in its task
/// @param strength -4 (A is much better) to -1, 1 to 4 (B is much better)
/// @param aLeft whether A was shown on the left
/// @param scripted whether a program gave it
public record Judgement(
    long id,
    long slotId,
    long taskId,
    String taskKey,
    int ordinal,
    long personId,
    int strength,
    Grades gradesA,
    Grades gradesB,
    String reason,
    boolean aLeft,
    long activeMs,
    int guidelineVersion,
    boolean scripted,
    Instant createdAt) {}
