package org.alignmentworkbench.annotation.desk;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.Answer.Passage;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.task.RedTeam.Attempt;
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
        Map<String, String> fields = new LinkedHashMap<>(fields(work, answer));
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

  /// The fields of [WorkForm] that an answer was made of.
  static Map<String, String> fields(Work work, Answer answer) {
    Map<String, String> fields = new LinkedHashMap<>();
    switch (answer) {
      case Answer.Chosen(var choice, int strength, var shown) -> {
        int seen = shown.getFirst() == 0 ? strength : -strength;
        fields.put(
            "choice",
            choice == Answer.Choice.BOTH_BAD ? WorkAnswers.BOTH_BAD : Integer.toString(seen));
      }
      case Answer.Graded(var levels) ->
          levels.forEach((key, level) -> fields.put("level." + key, Integer.toString(level)));
      case Answer.Ranked(var places, var shown) -> {
        for (int i = 0; i < shown.size(); i++) {
          fields.put("place." + i, Integer.toString(places.get(shown.get(i))));
        }
      }
      case Answer.Written(String text) -> fields.put("text", text);
      case Answer.Edited(String text) -> fields.put("text", text);
      case Answer.Marked(var passages) -> {
        String text = work.answers().getFirst();
        List<Passage> seen = passages.stream().map(passage -> seen(text, passage)).toList();
        fields.put("passages", JSON.writeValueAsString(seen));
      }
      case Answer.Attacked attacked -> attack(work, attacked, fields);
    }
    return fields;
  }

  private static void attack(Work work, Answer.Attacked attacked, Map<String, String> fields) {
    work.attempts().stream()
        .filter(attempt ->
            attempt.prompt().equals(attacked.prompt())
                && attempt.response().equals(attacked.response()))
        .map(Attempt::id)
        .findFirst()
        .ifPresent(id -> fields.put("attempt", Long.toString(id)));
    if (work.question() instanceof Question.RedTeam(var _, var policies)) {
      // None is 0, and so is what is in no list.
      fields.put("policy", Integer.toString(policies.indexOf(attacked.policy()) + 1));
    }
    if (attacked.severity() > 0) {
      fields.put("severity", Integer.toString(attacked.severity()));
    }
  }

  /// A passage as a browser counts it, for which CR LF is one line end.
  private static Passage seen(String text, Passage own) {
    return new Passage(seen(text, own.from()), seen(text, own.to()), own.reason());
  }

  private static int seen(String text, int own) {
    int[] points = text.codePoints().toArray();
    int halves = 0;
    for (int i = 0; i < own; i++) {
      if (points[i] == '\r' && i + 1 < points.length && points[i + 1] == '\n') {
        halves++;
      }
    }
    return own - halves;
  }
}
