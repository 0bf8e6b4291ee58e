package org.alignmentworkbench.annotation.desk;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.task.Submission;
import org.jspecify.annotations.Nullable;

/// The fields of a judgement's form, in terms of left and right.
///
/// | field | value |
/// |---|---|
/// | `strength` | -4 (left significantly better) to -1, 1 to 4 (right significantly better) |
/// | `left.CRITERION`, `right.CRITERION` | 0 poor, 1 fair, 2 good; criteria as in [SideGrades] |
/// | `reason` | text, may be empty |
/// | `activeMillis` | time spent while the page was visible and in use; absent is 0 |
/// | `guidelineVersion` | the guideline beside the pair; 0 for the built-in one; absent is 0 |
/// | `key` | a UUID made once for this judgement; a repeated post with it changes nothing |
public record JudgementForm(
    @Nullable Integer strength,
    SideGrades left,
    SideGrades right,
    String reason,
    long activeMillis,
    int guidelineVersion,
    @Nullable UUID key) {

  /// Why a form is not a judgement yet.
  enum Problem {
    MISSING_STRENGTH("label.missing.strength"),
    MISSING_GRADES("label.missing.grades"),
    REASON_TOO_LONG("label.tooLong"),
    UNREADABLE("label.unreadable");

    /// The message that says so.
    final String word;

    Problem(String word) {
      this.word = word;
    }

    /// The name programs read.
    String code() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }

  /// Reads the fields; what cannot be read is as good as absent.
  static JudgementForm read(Function<String, @Nullable String> field) {
    String reason = field.apply("reason");
    return new JudgementForm(
        number(field.apply("strength")),
        side(field, "left."),
        side(field, "right."),
        // A browser posts line ends as CRLF whatever was typed.
        reason == null ? "" : reason.replace("\r\n", "\n"),
        activeMillis(field.apply("activeMillis")),
        orZero(number(field.apply("guidelineVersion"))),
        uuid(field.apply("key")));
  }

  /// The form as it starts, or with what a draft holds.
  static JudgementForm start(Entry entry, int guidelineVersion, UUID key) {
    return new JudgementForm(
        entry.strength(),
        entry.left() == null ? SideGrades.NONE : entry.left(),
        entry.right() == null ? SideGrades.NONE : entry.right(),
        entry.reason() == null ? "" : entry.reason(),
        entry.activeMillis() == null ? 0 : entry.activeMillis(),
        guidelineVersion,
        key);
  }

  /// The same answers under another key.
  JudgementForm withKey(UUID other) {
    return new JudgementForm(strength, left, right, reason, activeMillis, guidelineVersion, other);
  }

  /// The same answers where the guideline that they name is none of the project's.
  JudgementForm withoutGuideline() {
    return new JudgementForm(strength, left, right, reason, activeMillis, -1, key);
  }

  /// Everything that keeps this from being a judgement.
  List<Problem> problems() {
    List<Problem> problems = new ArrayList<>();
    if (key == null || guidelineVersion < 0) {
      problems.add(Problem.UNREADABLE);
    }
    if (strength == null || !Entry.validStrength(strength)) {
      problems.add(Problem.MISSING_STRENGTH);
    }
    if (left.complete() == null || right.complete() == null) {
      problems.add(Problem.MISSING_GRADES);
    }
    if (reason.length() > Entry.REASON_LIMIT) {
      problems.add(Problem.REASON_TOO_LONG);
    }
    return problems;
  }

  /// The judgement, or null while there are [#problems].
  @Nullable Submission submission(long slotId, long personId, boolean scripted) {
    Grades leftGrades = left.complete();
    Grades rightGrades = right.complete();
    Integer chosen = strength;
    UUID once = key;
    if (!problems().isEmpty()
        || leftGrades == null
        || rightGrades == null
        || chosen == null
        || once == null) {
      return null;
    }
    return new Submission(
        slotId,
        personId,
        once,
        chosen,
        leftGrades,
        rightGrades,
        reason,
        activeMillis,
        guidelineVersion,
        scripted);
  }

  private static SideGrades side(Function<String, @Nullable String> field, String side) {
    return new SideGrades(
        number(field.apply(side + "instructionFollowing")),
        number(field.apply(side + "concision")),
        number(field.apply(side + "truthfulness")),
        number(field.apply(side + "harmlessness")));
  }

  static @Nullable Integer number(@Nullable String text) {
    return text == null || !text.matches("-?[0-9]{1,6}") ? null : Integer.valueOf(text);
  }

  static int orZero(@Nullable Integer number) {
    return number == null ? 0 : number;
  }

  static long activeMillis(@Nullable String text) {
    return text == null || !text.matches("[0-9]{1,12}") ? 0 : Long.parseLong(text);
  }

  static @Nullable UUID uuid(@Nullable String text) {
    return text == null || !text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
        ? null
        : UUID.fromString(text);
  }
}
