package org.alignmentworkbench.db.task;

import java.time.Instant;
import org.alignmentworkbench.db.kind.TaskKind;
import org.jspecify.annotations.Nullable;

/// What an annotator gets to see of a slot they hold: nothing here tells which model answered, so
/// the task's own key is not among it.
///
/// @param ordinal the slot's number in its task, from 0; scripted annotators draw from it
/// @param kind what is to be done with it; [WorkSlots] tells the rest of what is no comparison
/// @param promptKey names the prompt
/// @param left the response shown on the left, empty where the task is no comparison
/// @param draft what this person saved for this slot, a JSON value
public record ClaimedSlot(
    long slotId,
    long projectId,
    int ordinal,
    TaskKind kind,
    String promptKey,
    String promptKind,
    String prompt,
    String left,
    String right,
    Instant leasedUntil,
    @Nullable String draft) {}
