package org.alignmentworkbench.app.quality;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.view.QualityView.Reading;
import org.alignmentworkbench.model.agreement.KrippendorffAlpha.Level;
import org.alignmentworkbench.model.agreement.Rating;
import org.alignmentworkbench.model.agreement.Ratings;
import org.jspecify.annotations.Nullable;

/// What people may agree on. A comparison is one unit for its choice and strength, and two units
/// for a grade: each of its answers.
enum Dimension {
  /// How much better which answer is: -4 to -1 for A, 1 to 4 for B. There is no tie.
  STRENGTH("strength"),
  /// Which answer is better: -1 for A, 1 for B.
  CHOICE("choice"),
  INSTRUCTION_FOLLOWING("instructionFollowing"),
  CONCISION("concision"),
  TRUTHFULNESS("truthfulness"),
  HARMLESSNESS("harmlessness");

  private final String key;

  Dimension(String key) {
    this.key = key;
  }

  /// Its name in addresses, JSON and message files.
  String key() {
    return key;
  }

  /// Every value it may have, used or not, in order.
  double[] scale() {
    return switch (this) {
      case STRENGTH -> new double[] {-4, -3, -2, -1, 1, 2, 3, 4};
      case CHOICE -> new double[] {-1, 1};
      case INSTRUCTION_FOLLOWING, CONCISION, TRUTHFULNESS, HARMLESSNESS ->
          new double[] {0, 1, Grades.BEST};
    };
  }

  /// What its numbers mean: an order; names where there are but two.
  Level level() {
    return this == CHOICE ? Level.NOMINAL : Level.ORDINAL;
  }

  /// Whether a value names one of the two answers, so that it has a side on the screen.
  boolean sided() {
    return this == STRENGTH || this == CHOICE;
  }

  static Optional<Dimension> of(String key) {
    return List.of(values()).stream().filter(dimension -> dimension.key.equals(key)).findFirst();
  }

  /// All values that judgements give it.
  Ratings ratings(Collection<Reading> readings) {
    List<Rating> ratings = new ArrayList<>();
    for (Reading reading : readings) {
      addTo(ratings, reading);
    }
    return Ratings.of(ratings);
  }

  /// Adds what one judgement says of it: one value, or one for each answer that was graded.
  void addTo(Collection<Rating> ratings, Reading reading) {
    switch (this) {
      case STRENGTH ->
          ratings.add(new Rating(unit(reading, 0), reading.personId(), reading.strength()));
      case CHOICE ->
          ratings.add(new Rating(unit(reading, 0), reading.personId(), reading.bWins() ? 1 : -1));
      case INSTRUCTION_FOLLOWING, CONCISION, TRUTHFULNESS, HARMLESSNESS -> {
        addTo(ratings, reading, 0, reading.gradesA());
        addTo(ratings, reading, 1, reading.gradesB());
      }
    }
  }

  private void addTo(
      Collection<Rating> ratings, Reading reading, int side, @Nullable Grades grades) {
    if (grades != null) {
      ratings.add(new Rating(unit(reading, side), reading.personId(), grade(grades)));
    }
  }

  private double grade(Grades grades) {
    return switch (this) {
      case INSTRUCTION_FOLLOWING -> grades.instructionFollowing();
      case CONCISION -> grades.concision();
      case TRUTHFULNESS -> grades.truthfulness();
      case HARMLESSNESS -> grades.harmlessness();
      case STRENGTH, CHOICE -> throw new IllegalStateException(key + " is no grade");
    };
  }

  private static long unit(Reading reading, int side) {
    return 2 * reading.taskId() + side;
  }

  /// The task that a unit belongs to.
  static long task(long unit) {
    return unit >> 1;
  }
}
