package org.alignmentworkbench.db.task;

import org.alignmentworkbench.db.kind.TaskKind;

/// What became of taking back a judgement or a skip.
public sealed interface UndoOutcome {
  /// The slot is in their hands again.
  record TakenBack(long slotId, TaskKind kind, boolean skip) implements UndoOutcome {}

  /// It was taken back before, and the slot is in their hands.
  record AlreadyInHand(long slotId, TaskKind kind) implements UndoOutcome {}

  /// It is not what this person did last.
  record NotLast() implements UndoOutcome {}

  /// The time for it is over.
  record TooLate() implements UndoOutcome {}

  /// A lead has decided by the judgement.
  record Decided() implements UndoOutcome {}

  /// A lead has withdrawn the judgement, or given up the slot.
  record Gone() implements UndoOutcome {}

  /// Somebody else has the slot of the task that was skipped.
  record TakenByOther() implements UndoOutcome {}

  /// This person is given no work of the project any more.
  record Closed() implements UndoOutcome {}
}
