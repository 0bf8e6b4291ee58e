package org.alignmentworkbench.app.quality;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.view.KindView.KindReading;
import org.alignmentworkbench.model.agreement.ConfusionMatrix;
import org.alignmentworkbench.model.agreement.KendallW;
import org.alignmentworkbench.model.agreement.PassageF1;
import org.alignmentworkbench.model.agreement.Ratings;
import org.alignmentworkbench.model.statistics.Estimate;
import org.alignmentworkbench.model.statistics.Mean;
import org.alignmentworkbench.model.statistics.MeanInterval;
import org.alignmentworkbench.model.statistics.Proportion;
import org.jspecify.annotations.Nullable;

/// What can be said of the answers of one set-up.
///
/// @param agreements on each measure
/// @param chosen the measure that weeks, languages, pairs and histogram are about, without its
///   values; null where the kind has none
/// @param confusion which values people give where others give another
/// @param position whether the side decides; of choices alone
/// @param votes who is right where people differ; of choices alone
/// @param figures of the kind itself, by key: `sameAgain` of choices; `kendallW` of rankings; `f1`,
///   `f1.REASON` and `nothing` of passages; `broken`, `policy.NAME` and `severity.NUMBER` of
///   red-team answers
record KindReport(
    Question question,
    long judgements,
    long tasks,
    long people,
    SequencedMap<String, Agreement> agreements,
    @Nullable Measure chosen,
    List<Group> weeks,
    List<Group> languages,
    List<PairAgreement> pairs,
    int pairsInAll,
    @Nullable Histogram histogram,
    @Nullable ConfusionMatrix confusion,
    @Nullable Position position,
    @Nullable Votes votes,
    SequencedMap<String, Estimate> figures) {

  /// @param all in order of tasks and judgements
  /// @param on the measure's key; the first where there is none of that name
  static KindReport of(Question question, List<KindReading> all, String on, ZoneId zone) {
    // Whoever answers again agrees with themselves: that says something of sides alone.
    List<KindReading> readings = all.stream().filter(reading -> !reading.repeated()).toList();
    List<Measure> measures = Measure.of(question, readings);
    Map<String, Agreement> agreed =
        measures.parallelStream()
            .collect(Collectors.toMap(Measure::key, each -> Agreement.of(each.ratings())));
    SequencedMap<String, Agreement> agreements = new LinkedHashMap<>();
    measures.forEach(
        each -> agreements.put(each.key(), Objects.requireNonNull(agreed.get(each.key()))));
    @Nullable Measure chosen =
        measures.stream()
            .filter(measure -> measure.key().equals(on))
            .findFirst()
            .orElse(measures.isEmpty() ? null : measures.getFirst());
    Ratings ratings = chosen == null ? Ratings.of(List.of()) : chosen.ratings();
    return new KindReport(
        question,
        readings.size(),
        readings.stream().mapToLong(KindReading::taskId).distinct().count(),
        readings.stream().mapToLong(KindReading::personId).distinct().count(),
        agreements,
        chosen == null ? null : chosen.alone(),
        chosen == null ? List.of() : chosen.byWeek(zone),
        chosen == null ? List.of() : chosen.byLanguage(),
        chosen == null
            ? List.of()
            : PairAgreement.of(ratings, chosen.scale(), chosen.level(), QualityReport.MOST_PAIRS),
        PairAgreement.count(ratings),
        chosen == null ? null : chosen.histogram(),
        chosen == null ? null : PairAgreement.pooled(ratings, chosen.scale()),
        question instanceof Question.Choice ? position(all) : null,
        question instanceof Question.Choice ? votes(measures.getFirst()) : null,
        figures(question, readings, all));
  }

  private static Position position(List<KindReading> all) {
    List<Position.Seen> seen = new ArrayList<>();
    for (KindReading reading : all) {
      if (reading.answer() instanceof Answer.Chosen chosen) {
        boolean prefers = chosen.choice() == Answer.Choice.PREFERS;
        seen.add(
            new Position.Seen(
                2 * reading.taskId(),
                2 * reading.taskId() + 1,
                reading.personId(),
                Measure.aLeft(chosen),
                prefers ? (Boolean) (chosen.strength() > 0) : null));
      }
    }
    return Position.ofSeen(seen);
  }

  private static Votes votes(Measure choice) {
    Map<Long, Long> judged = new HashMap<>();
    choice.values().forEach(value -> judged.merge(value.person(), 1L, Long::sum));
    return Votes.of(choice.ratings(), Measure::task, judged);
  }

  /// How often people said the same of two answers when they were asked again with the sides
  /// swapped; a tie and two bad answers are something to say.
  private static Estimate sameAgain(List<KindReading> all) {
    record Asked(long taskId, long personId) {}
    Map<Asked, Integer> first = new HashMap<>();
    long same = 0;
    long again = 0;
    for (KindReading reading : all) {
      if (!(reading.answer() instanceof Answer.Chosen chosen)) {
        continue;
      }
      Asked asked = new Asked(reading.taskId(), reading.personId());
      if (!reading.repeated()) {
        first.put(asked, Measure.side(chosen));
      } else if (first.containsKey(asked)) {
        again++;
        same += first.getOrDefault(asked, 0) == Measure.side(chosen) ? 1 : 0;
      }
    }
    return again == 0
        ? new Estimate.Undefined("nobody made a choice a second time")
        : new Proportion(same, again).estimate();
  }

  private static SequencedMap<String, Estimate> figures(
      Question question, List<KindReading> readings, List<KindReading> all) {
    SequencedMap<String, Estimate> figures = new LinkedHashMap<>();
    switch (question) {
      case Question.Rank _ -> figures.put("kendallW", concordance(readings));
      case Question.Span(var reasons) -> passages(reasons, readings, figures);
      case Question.RedTeam(var _, var policies) -> broken(policies, readings, figures);
      case Question.Choice _ -> figures.put("sameAgain", sameAgain(all));
      case Question.Pair _, Question.Grade _, Question.Demonstration _, Question.Edit _ -> {}
    }
    return figures;
  }

  private static Collection<List<KindReading>> byTask(List<KindReading> readings) {
    return readings.stream()
        .collect(
            Collectors.groupingBy(KindReading::taskId, LinkedHashMap::new, Collectors.toList()))
        .values();
  }

  /// The mean of [KendallW] over tasks.
  private static Estimate concordance(List<KindReading> readings) {
    Mean mean = new Mean();
    for (List<KindReading> task : byTask(readings)) {
      List<int[]> places = new ArrayList<>();
      for (KindReading reading : task) {
        if (reading.answer() instanceof Answer.Ranked(var given, var _)) {
          places.add(given.stream().mapToInt(Integer::intValue).toArray());
        }
      }
      KendallW.of(places).ifPresent(mean::add);
    }
    return mean(mean, "no two people put the same answers in an order");
  }

  /// Of values from 0 to 1. The mean they are drawn from lies there too, so what an interval has
  /// beyond is cut off: it covers that mean as often as before.
  static Estimate mean(Mean mean, String none) {
    if (mean.n() == 0) {
      return new Estimate.Undefined(none);
    }
    if (mean.n() == 1) {
      return new Estimate.Point(mean.mean(), 1, "one task alone has no interval");
    }
    Estimate whole = MeanInterval.of(mean);
    return whole instanceof Estimate.Known(double value, double low, double high, long n)
        ? new Estimate.Known(value, Math.max(0, low), Math.min(1, high), n)
        : whole;
  }

  /// [PassageF1] of each two people, its mean of a task, and the mean of those: as each task has as
  /// much to say as another.
  private static void passages(
      List<String> reasons, List<KindReading> readings, Map<String, Estimate> figures) {
    figures.put("f1", agreement(readings, null));
    reasons.forEach(reason -> figures.put("f1." + reason, agreement(readings, reason)));
    long nothing =
        readings.stream()
            .filter(r -> r.answer() instanceof Answer.Marked(var all) && all.isEmpty())
            .count();
    figures.put("nothing", new Proportion(nothing, readings.size()).estimate());
  }

  private static Estimate agreement(List<KindReading> readings, @Nullable String reason) {
    Mean mean = new Mean();
    for (List<KindReading> task : byTask(readings)) {
      List<List<PassageF1.Span>> marked =
          task.stream().map(reading -> spans(reading, reason)).toList();
      Mean ofTask = new Mean();
      for (int i = 0; i < marked.size(); i++) {
        for (int j = i + 1; j < marked.size(); j++) {
          OptionalDouble f1 = PassageF1.of(marked.get(i), marked.get(j));
          f1.ifPresent(ofTask::add);
        }
      }
      if (ofTask.n() > 0) {
        mean.add(ofTask.mean());
      }
    }
    return mean(mean, "no two people judged an answer in which one of them marked something");
  }

  private static List<PassageF1.Span> spans(KindReading reading, @Nullable String reason) {
    return reading.answer() instanceof Answer.Marked(var passages)
        ? passages.stream()
            .filter(passage -> reason == null || passage.reason().equals(reason))
            .map(passage -> new PassageF1.Span(passage.from(), passage.to()))
            .toList()
        : List.of();
  }

  private static void broken(
      List<String> policies, List<KindReading> readings, Map<String, Estimate> figures) {
    List<Answer.Attacked> all =
        readings.stream()
            .map(KindReading::answer)
            .filter(Answer.Attacked.class::isInstance)
            .map(Answer.Attacked.class::cast)
            .toList();
    long broken = all.stream().filter(answer -> !answer.policy().isEmpty()).count();
    figures.put("broken", new Proportion(broken, all.size()).estimate());
    for (String policy : policies) {
      long count = all.stream().filter(answer -> answer.policy().equals(policy)).count();
      figures.put("policy." + policy, new Proportion(count, all.size()).estimate());
    }
    for (int severity = 1; severity <= Answer.Attacked.SEVEREST; severity++) {
      int own = severity;
      long count = all.stream().filter(answer -> answer.severity() == own).count();
      figures.put("severity." + severity, new Proportion(count, all.size()).estimate());
    }
  }
}
