package org.alignmentworkbench.app.quality;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.alignmentworkbench.model.agreement.ConfusionMatrix;
import org.alignmentworkbench.model.agreement.SwappedPairs;
import org.alignmentworkbench.model.statistics.Estimate;

/// A report as JSON. A figure is `{value, low, high, n}`, or `{value, n, noInterval}`, or
/// `{undefined}` with the reason; people are `p` and their number.
final class QualityJson {
  private QualityJson() {}

  static Map<String, Object> of(QualityRooms.Wish wish, QualityReport report) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("judges", wish.judges().name().toLowerCase(Locale.ROOT));
    if (wish.round() != null) {
      json.put("round", wish.round());
    }
    json.put("on", report.dimension().key());
    json.put("judgements", report.judgements());
    json.put("comparisons", report.tasks());
    Map<String, Object> dimensions = new LinkedHashMap<>();
    report
        .dimensions()
        .forEach((dimension, agreement) -> dimensions.put(dimension.key(), agreement(agreement)));
    json.put("dimensions", dimensions);
    json.put("weeks", groups("week", report.weeks()));
    json.put("languages", groups("language", report.languages()));
    json.put("kinds", groups("kind", report.kinds()));
    json.put("pairs", report.pairs().stream().map(QualityJson::pair).toList());
    json.put("pairsInAll", report.pairsInAll());
    json.put("histogram", report.histogram().bars().stream().map(QualityJson::bar).toList());
    json.put("confusion", confusion(report.confusion()));
    json.put("position", position(report.position()));
    json.put(
        "gold",
        Map.of("comparisons", report.gold().tasks(), "accuracy", figure(report.gold().accuracy())));
    json.put("time", time(report.time()));
    json.put("votes", votes(report.votes()));
    json.put("people", report.people().stream().map(QualityJson::person).toList());
    return json;
  }

  static Map<String, Object> figure(Estimate estimate) {
    Map<String, Object> json = new LinkedHashMap<>();
    switch (estimate) {
      case Estimate.Known known -> {
        json.put("value", known.value());
        json.put("low", known.low());
        json.put("high", known.high());
        json.put("n", known.n());
      }
      case Estimate.Point point -> {
        json.put("value", point.value());
        json.put("n", point.n());
        json.put("noInterval", point.why());
      }
      case Estimate.Undefined undefined -> json.put("undefined", undefined.why());
    }
    return json;
  }

  static Map<String, Object> agreement(Agreement agreement) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("values", agreement.values());
    json.put("percentAgreement", figure(agreement.percent()));
    json.put("alphaNominal", figure(agreement.nominal()));
    json.put("alphaOrdinal", figure(agreement.ordinal()));
    json.put("alphaInterval", figure(agreement.interval()));
    json.put("alphaRatio", figure(agreement.ratio()));
    json.put("fleiss", figure(agreement.fleiss()));
    return json;
  }

  static List<Map<String, Object>> groups(String by, List<Group> groups) {
    return groups.stream()
        .map(group -> {
          Map<String, Object> json = new LinkedHashMap<>();
          json.put(by, group.name());
          json.putAll(agreement(group.agreement()));
          return json;
        })
        .toList();
  }

  static Map<String, Object> pair(PairAgreement pair) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("first", pseudonym(pair.first()));
    json.put("second", pseudonym(pair.second()));
    json.put("units", pair.units());
    json.put("percentAgreement", figure(pair.percent()));
    json.put("alpha", figure(pair.alpha()));
    json.put("cohenPlain", figure(pair.plain()));
    json.put("cohenLinear", figure(pair.linear()));
    json.put("cohenQuadratic", figure(pair.quadratic()));
    json.put("counts", pair.matrix().counts());
    return json;
  }

  static Map<String, Object> bar(Histogram.Bar bar) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("value", bar.value());
    json.put("count", bar.count());
    json.put("share", figure(bar.share()));
    return json;
  }

  static Map<String, Object> position(Position position) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("left", position.bias().left());
    json.put("right", position.bias().right());
    json.put("leftShare", figure(position.bias().leftShare()));
    json.put("p", position.bias().p());
    json.put("swappedSamePerson", swapped(position.samePerson()));
    json.put("swappedAnybody", swapped(position.anybody()));
    return json;
  }

  private static Map<String, Object> swapped(SwappedPairs pairs) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("bothFirst", pairs.bothFirst());
    json.put("bothSecond", pairs.bothSecond());
    json.put("bothLeft", pairs.bothLeft());
    json.put("bothRight", pairs.bothRight());
    json.put("consistent", figure(pairs.consistent()));
    json.put("bias", figure(pairs.bias()));
    json.put("p", pairs.p());
    return json;
  }

  private static Map<String, Object> time(TimeOnTask time) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("medianSeconds", figure(time.median()));
    if (time.quarters() != null) {
      json.put("lowerQuarterSeconds", time.quarters().lower());
      json.put("upperQuarterSeconds", time.quarters().upper());
    }
    json.put("totalSeconds", time.total().toMillis() / 1e3);
    json.put("untimed", time.untimed());
    return json;
  }

  private static Map<String, Object> votes(Votes votes) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("sameAsMajority", figure(votes.same()));
    json.put("tied", votes.tied());
    json.put(
        "differing",
        votes.differing().stream()
            .map(comparison -> {
              Map<String, Object> row = new LinkedHashMap<>();
              row.put("comparison", comparison.taskId());
              row.put("forA", comparison.forA());
              row.put("forB", comparison.forB());
              row.put("probabilityOfB", comparison.probabilityOfB());
              return row;
            })
            .toList());
    return json;
  }

  /// Votes of more than two values, which are those of the histogram.
  static Map<String, Object> choices(Votes votes) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("sameAsMajority", figure(votes.same()));
    json.put("tied", votes.tied());
    json.put(
        "differing",
        votes.differing().stream()
            .map(task ->
                Map.of(
                    "task",
                    task.taskId(),
                    "votes",
                    task.votes().stream()
                        .map(vote ->
                            Map.of(
                                "value",
                                vote.value(),
                                "count",
                                vote.count(),
                                "probability",
                                vote.probability()))
                        .toList()))
            .toList());
    Map<String, Object> accuracy = new TreeMap<>();
    votes.accuracy().forEach((person, each) -> accuracy.put(pseudonym(person), figure(each)));
    json.put("accuracy", accuracy);
    return json;
  }

  static Map<String, Object> confusion(ConfusionMatrix confusion) {
    return Map.of("values", confusion.categories(), "counts", confusion.counts());
  }

  private static Map<String, Object> person(PersonQuality person) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("person", pseudonym(person.personId()));
    json.put("judgements", person.judgements());
    json.put("leftShare", figure(person.leftShare()));
    json.put("gold", figure(person.gold()));
    json.put("accuracy", figure(person.accuracy()));
    json.put("time", time(person.time()));
    return json;
  }

  private static String pseudonym(long person) {
    return "p" + person;
  }
}
