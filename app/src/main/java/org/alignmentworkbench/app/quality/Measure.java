package org.alignmentworkbench.app.quality;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.view.KindView.KindReading;
import org.alignmentworkbench.model.agreement.KrippendorffAlpha.Level;
import org.alignmentworkbench.model.agreement.Rating;
import org.alignmentworkbench.model.agreement.Ratings;
import org.alignmentworkbench.model.statistics.Proportion;

/// Something that people of a set-up say of one thing in numbers, so that they can agree on it.
///
/// | kind | measures | unit |
/// |---|---|---|
/// | `GRADE` | each dimension: its levels from 0, ordinal | the answer |
/// | `CHOICE` | which is better: -1 A, 0 neither, 1 B, 2 both bad, nominal; how much: -3 to 3, ordinal, without "both bad" | the pair of answers |
/// | `RANK` | the order of two answers: -1 the first before the second, 0 a tie, 1, ordinal | each two answers of a task |
///
/// What is written, marked or asked has none.
///
/// @param key its name in addresses and JSON
/// @param scale every value it may have, in order
/// @param names of the scale's values as the project has them; none where the application has them
record Measure(String key, Level level, double[] scale, List<String> names, List<Value> values) {
  /// Answers of a task at most, so that units of two answers do not meet those of another task.
  private static final int MOST = 100;

  Measure {
    names = List.copyOf(names);
    values = List.copyOf(values);
  }

  /// What one person says of one unit.
  ///
  /// @param seen the value by the side that the person saw: a choice for A counts as one for the
  ///   left where A was shown there; elsewhere the value itself
  record Value(long unit, long person, double value, double seen, String language, Instant at) {}

  /// The measures that a question has, in its order.
  static List<Measure> of(Question question, Collection<KindReading> readings) {
    return switch (question) {
      case Question.Grade(var dimensions) ->
          dimensions.stream()
              .map(dimension ->
                  new Measure(
                      dimension.key(),
                      Level.ORDINAL,
                      steps(0, dimension.levels().size() - 1),
                      dimension.levels(),
                      values(readings, reading -> grade(reading, dimension.key()))))
              .toList();
      case Question.Choice _ ->
          List.of(
              new Measure(
                  "choice",
                  Level.NOMINAL,
                  steps(-1, 2),
                  List.of(),
                  values(readings, Measure::side)),
              new Measure(
                  "strength",
                  Level.ORDINAL,
                  steps(-Answer.Chosen.STRONGEST, Answer.Chosen.STRONGEST),
                  List.of(),
                  values(readings, Measure::strength)));
      case Question.Rank _ ->
          List.of(
              new Measure(
                  "order",
                  Level.ORDINAL,
                  steps(-1, 1),
                  List.of(),
                  values(readings, Measure::orders)));
      case Question.Pair _,
          Question.Demonstration _,
          Question.Edit _,
          Question.Span _,
          Question.RedTeam _ ->
          List.of();
    };
  }

  private static double[] steps(int from, int to) {
    double[] steps = new double[to - from + 1];
    Arrays.setAll(steps, i -> from + i);
    return steps;
  }

  private static List<Value> values(
      Collection<KindReading> readings, Function<KindReading, List<Value>> said) {
    return readings.stream().flatMap(reading -> said.apply(reading).stream()).toList();
  }

  private static Value value(KindReading reading, int part, double value) {
    return value(reading, part, value, value);
  }

  private static Value value(KindReading reading, int part, double value, double seen) {
    String language = reading.language();
    return new Value(
        reading.taskId() * MOST + part,
        reading.personId(),
        value,
        seen,
        language == null ? "" : language,
        reading.at());
  }

  private static List<Value> grade(KindReading reading, String key) {
    if (reading.answer() instanceof Answer.Graded(var levels) && levels.containsKey(key)) {
      return List.of(value(reading, 0, levels.getOrDefault(key, 0)));
    }
    return List.of();
  }

  private static List<Value> side(KindReading reading) {
    return reading.answer() instanceof Answer.Chosen chosen
        ? List.of(value(reading, 0, side(chosen), side(seen(chosen))))
        : List.of();
  }

  /// Which of two answers is better, as a value of the scale.
  static int side(Answer.Chosen chosen) {
    return switch (chosen.choice()) {
      case PREFERS -> Integer.signum(chosen.strength());
      case TIE -> 0;
      case BOTH_BAD -> 2;
    };
  }

  /// The choice with the answer on the left as the first.
  private static Answer.Chosen seen(Answer.Chosen chosen) {
    return aLeft(chosen)
        ? chosen
        : new Answer.Chosen(chosen.choice(), -chosen.strength(), chosen.shown());
  }

  /// Whether the first answer was shown on the left.
  static boolean aLeft(Answer.Chosen chosen) {
    return chosen.shown().getFirst() == 0;
  }

  private static List<Value> strength(KindReading reading) {
    return reading.answer() instanceof Answer.Chosen chosen
            && chosen.choice() != Answer.Choice.BOTH_BAD
        ? List.of(value(reading, 0, chosen.strength(), seen(chosen).strength()))
        : List.of();
  }

  private static List<Value> orders(KindReading reading) {
    List<Value> orders = new ArrayList<>();
    if (reading.answer() instanceof Answer.Ranked(var places, var _)) {
      int part = 0;
      for (int i = 0; i < places.size(); i++) {
        for (int j = i + 1; j < places.size(); j++) {
          orders.add(value(reading, part++, Integer.signum(places.get(i) - places.get(j))));
        }
      }
    }
    return orders;
  }

  Ratings ratings() {
    return ratings(values);
  }

  /// What a question has of that name, or the first it has; empty where it has none.
  static String key(Question question, String wanted) {
    List<Measure> measures = of(question, List.of());
    return measures.stream().map(Measure::key).anyMatch(wanted::equals)
        ? wanted
        : measures.isEmpty() ? "" : measures.getFirst().key();
  }

  /// The measure without what people said, which is much to keep.
  Measure alone() {
    return new Measure(key, level, scale, names, List.of());
  }

  private static Ratings ratings(Collection<Value> values) {
    return Ratings.of(
        values.stream().map(v -> new Rating(v.unit(), v.person(), v.value())).toList());
  }

  List<Group> byLanguage() {
    return by(Value::language);
  }

  /// By the week in which a unit was judged last, as [Group#byWeek].
  List<Group> byWeek(java.time.ZoneId zone) {
    Map<Long, Instant> last = new HashMap<>();
    values.forEach(
        v -> last.merge(v.unit(), v.at(), (one, other) -> one.isAfter(other) ? one : other));
    return by(v -> Group.week(last.getOrDefault(v.unit(), v.at()).atZone(zone)));
  }

  private List<Group> by(Function<Value, String> name) {
    Map<String, List<Value>> groups = new TreeMap<>();
    values.forEach(v -> groups.computeIfAbsent(name.apply(v), _ -> new ArrayList<>()).add(v));
    return groups.entrySet().parallelStream()
        .map(group -> new Group(group.getKey(), Agreement.of(ratings(group.getValue()))))
        .toList();
  }

  /// The task that a unit belongs to.
  static long task(long unit) {
    return unit / MOST;
  }

  /// Whether a value names one of two answers that were shown beside each other.
  boolean sided() {
    return names.isEmpty() && (key.equals("choice") || key.equals("strength"));
  }

  /// How often each value of the scale was given, by the side where it has one.
  Histogram histogram() {
    long[] counts = new long[scale.length];
    values.forEach(v -> counts[Arrays.binarySearch(scale, v.seen())]++);
    List<Histogram.Bar> bars = new ArrayList<>();
    for (int i = 0; i < scale.length; i++) {
      bars.add(
          new Histogram.Bar(
              scale[i], counts[i], new Proportion(counts[i], values.size()).estimate()));
    }
    return new Histogram(bars);
  }
}
