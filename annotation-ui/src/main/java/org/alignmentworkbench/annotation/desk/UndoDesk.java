package org.alignmentworkbench.annotation.desk;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.task.Undo;
import org.alignmentworkbench.db.task.Undo.Given;
import org.alignmentworkbench.db.task.UndoOutcome;
import org.alignmentworkbench.db.task.Work;
import org.alignmentworkbench.db.task.WorkSlots;
import tools.jackson.databind.json.JsonMapper;

/// Takes back what somebody did last, and makes the judgement a draft that the desk's pages read:
/// the form as it was sent.
public final class UndoDesk {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Undo undo;
  private final WorkSlots slots;
  private final Clock clock;
  private final Duration window;
  private final Duration lease;

  UndoDesk(Undo undo, WorkSlots slots, Clock clock, Duration window, Duration lease) {
    this.undo = undo;
    this.slots = slots;
    this.clock = clock;
    this.window = window;
    this.lease = lease;
  }

  /// Takes back what somebody did last, if it was with this slot.
  public UndoOutcome takeBack(long personId, long slotId) {
    return undo.takeBack(personId, slotId, clock.instant(), window, lease, this::draft);
  }

  private String draft(Given given) {
    return switch (given) {
      case Given.Compared(int strength, Grades left, Grades right, String reason, long activeMs) ->
          JSON.writeValueAsString(new Entry(strength, side(left), side(right), reason, activeMs));
      case Given.Answered(
              long slotId,
              long personId,
              Answer answer,
              String reason,
              long activeMs) -> {
        Work work =
            slots
                .held(slotId, personId)
                .orElseThrow(() -> new IllegalStateException("slot " + slotId + " is not held"));
        Map<String, String> fields = new LinkedHashMap<>(WorkAnswers.filled(work, answer));
        fields.put("reason", reason);
        yield JSON.writeValueAsString(new WorkDraft(fields, activeMs));
      }
    };
  }

  private static SideGrades side(Grades grades) {
    return new SideGrades(
        grades.instructionFollowing(),
        grades.concision(),
        grades.truthfulness(),
        grades.harmlessness());
  }
}
