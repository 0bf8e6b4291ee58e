package org.alignmentworkbench.app.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.alignmentworkbench.annotation.desk.UndoDesk;
import org.alignmentworkbench.app.security.Account;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.task.UndoOutcome;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// Takes back what somebody did last at the desk.
@Tag(name = "Labelling")
@RestController
class UndoApi {
  private final UndoDesk undo;

  UndoApi(UndoDesk undo) {
    this.undo = undo;
  }

  /// A task that is in hand again.
  ///
  /// @param task its number in paths
  /// @param repeated whether an earlier request had taken it back
  record InHand(long task, TaskKind kind, boolean repeated) {}

  @Operation(
      summary = "Takes back the last judgement or skip, if it was of this task",
      description =
          "The task is in hand again with what was sent as its draft. A judgement that was taken"
              + " back needs another Idempotency-Key.")
  @PostMapping("/api/v1/label/tasks/{slot:[0-9]{1,18}}/undo")
  InHand undo(@PathVariable("slot") long slot, @AuthenticationPrincipal Account person) {
    return switch (undo.takeBack(person.personId(), slot)) {
      case UndoOutcome.TakenBack(long id, TaskKind kind, boolean _) -> new InHand(id, kind, false);
      case UndoOutcome.AlreadyInHand(long id, TaskKind kind) -> new InHand(id, kind, true);
      case UndoOutcome.NotLast _ -> throw Problems.notFound("task " + slot + " is not your last");
      case UndoOutcome.TooLate _ ->
          throw Problems.conflict("the time to take task " + slot + " back is over");
      case UndoOutcome.Decided _ ->
          throw Problems.conflict("a lead has decided by your judgement of task " + slot);
      case UndoOutcome.Gone _ ->
          throw Problems.conflict(
              "a lead has withdrawn your judgement of task " + slot + " or given the task up");
      case UndoOutcome.TakenByOther _ ->
          throw Problems.conflict("somebody else has task " + slot + " now");
      case UndoOutcome.Closed _ ->
          throw Problems.conflict("the project of task " + slot + " is closed to you");
    };
  }
}
