package org.alignmentworkbench.db.task;

import java.time.Instant;
import java.util.List;
import org.alignmentworkbench.db.kind.Question;
import org.jspecify.annotations.Nullable;

/// What an annotator gets to see of a slot they hold whose task is no comparison. Nothing here
/// tells which model answered, nor in what order the task has its answers.
///
/// @param ordinal the slot's number in its task, from 0; scripted annotators draw from it
/// @param overlap judgements wanted for its task
/// @param answers the texts in the order in which this slot shows them
/// @param draft what this person saved for this slot, a JSON value
/// @param doneByYou this person's judgements in the project
public record Work(
    long slotId,
    long projectId,
    int ordinal,
    int overlap,
    Question question,
    String prompt,
    List<String> answers,
    Instant leasedUntil,
    @Nullable String draft,
    @Nullable Instant draftSavedAt,
    long doneByYou) {
  public Work {
    answers = List.copyOf(answers);
  }
}
