package org.alignmentworkbench.app.quality;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.view.QualityView.Reading;
import org.jspecify.annotations.Nullable;

/// Judgements as a test writes them: of comparison t with the answers 10 t and 10 t + 1, A on the
/// left, ten seconds each, on a Monday.
record Readings(
    long task,
    long person,
    int strength,
    @Nullable Grades gradesA,
    boolean aLeft,
    @Nullable Boolean goldBWins,
    long activeMs,
    Instant at,
    String kind,
    @Nullable String language,
    boolean again) {
  static final Instant MONDAY = Instant.parse("2026-03-02T12:00:00Z");

  static Readings of(long task, long person, int strength) {
    return new Readings(
        task, person, strength, null, true, null, 10_000, MONDAY, "list", null, false);
  }

  Readings graded(int grade) {
    return new Readings(
        task,
        person,
        strength,
        new Grades(grade, 1, 1, 1),
        aLeft,
        goldBWins,
        activeMs,
        at,
        kind,
        language,
        again);
  }

  Readings aRight() {
    return new Readings(
        task, person, strength, gradesA, false, goldBWins, activeMs, at, kind, language, again);
  }

  Readings gold(boolean bWins) {
    return new Readings(
        task, person, strength, gradesA, aLeft, bWins, activeMs, at, kind, language, again);
  }

  Readings took(long millis) {
    return new Readings(
        task, person, strength, gradesA, aLeft, goldBWins, millis, at, kind, language, again);
  }

  Readings at(Instant time) {
    return new Readings(
        task, person, strength, gradesA, aLeft, goldBWins, activeMs, time, kind, language, again);
  }

  Readings in(String prompts, @Nullable String words) {
    return new Readings(
        task, person, strength, gradesA, aLeft, goldBWins, activeMs, at, prompts, words, again);
  }

  Readings repeated() {
    return new Readings(
        task, person, strength, gradesA, aLeft, goldBWins, activeMs, at, kind, language, true);
  }

  Reading reading() {
    return new Reading(
        task,
        10 * task,
        10 * task + 1,
        kind,
        language,
        person,
        strength,
        gradesA,
        null,
        aLeft,
        goldBWins,
        activeMs,
        at,
        again);
  }

  /// A table with one line a person and one cell a comparison, dots for gaps; a value's strength is
  /// given by its digit.
  static List<Reading> table(String table, int... strengths) {
    List<Reading> readings = new ArrayList<>();
    String[] rows = table.strip().split("\n");
    for (int task = 0; task < rows[0].strip().length(); task++) {
      for (int person = 0; person < rows.length; person++) {
        char cell = rows[person].strip().charAt(task);
        if (cell != '.') {
          readings.add(of(task, person, strengths[cell - '0']).reading());
        }
      }
    }
    return readings;
  }
}
