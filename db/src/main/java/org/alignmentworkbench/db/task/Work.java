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
/// @param attempts of this person where a model is to be asked, the newest first
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
    long doneByYou,
    List<RedTeam.Attempt> attempts) {
  public Work {
    answers = List.copyOf(answers);
    attempts = List.copyOf(attempts);
  }

  /// The same with what was asked so far.
  Work with(List<RedTeam.Attempt> asked) {
    return new Work(
        slotId,
        projectId,
        ordinal,
        overlap,
        question,
        prompt,
        answers,
        leasedUntil,
        draft,
        draftSavedAt,
        doneByYou,
        asked);
  }
}
