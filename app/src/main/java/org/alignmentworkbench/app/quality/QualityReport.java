package org.alignmentworkbench.app.quality;

import java.time.ZoneId;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.alignmentworkbench.db.view.QualityView.Reading;
import org.alignmentworkbench.model.agreement.ConfusionMatrix;
import org.alignmentworkbench.model.agreement.Ratings;

/// Every figure of the Quality page, from judgements alone.
///
/// | part | question |
/// |---|---|
/// | dimensions | how far do people agree, on each thing they are asked? |
/// | weeks, languages, kinds | does that change with time, language or kind of prompt? |
/// | pairs | who agrees with whom? |
/// | histogram, confusion | which values do they give, and which do they take for each other? |
/// | position | does the side decide? |
/// | gold | are they right where the answer is known? |
/// | votes | who is right where they differ, if some are more reliable than others? |
/// | people, time | who judged how much, how fast, how reliably? |
///
/// The same judgements in the same order give the same report, intervals included.
///
/// @param dimension that weeks, languages, kinds, pairs, histogram and confusion are about
/// @param pairs those that share most; `pairsInAll` says how many share a comparison
record QualityReport(
    long judgements,
    long tasks,
    Map<Dimension, Agreement> dimensions,
    Dimension dimension,
    List<Group> weeks,
    List<Group> languages,
    List<Group> kinds,
    List<PairAgreement> pairs,
    int pairsInAll,
    Histogram histogram,
    ConfusionMatrix confusion,
    Position position,
    Gold gold,
    Votes votes,
    List<PersonQuality> people,
    TimeOnTask time) {

  /// Pairs of people that a report looks at: 50 people have 1,225 of them.
  static final int MOST_PAIRS = 100;

  QualityReport {
    weeks = List.copyOf(weeks);
    languages = List.copyOf(languages);
    kinds = List.copyOf(kinds);
    pairs = List.copyOf(pairs);
    people = List.copyOf(people);
  }

  /// @param all in order of tasks and judgements
  /// @param zone whose midnight ends a day
  static QualityReport of(Collection<Reading> all, Dimension dimension, ZoneId zone) {
    // Whoever judges a pair again agrees with themselves: that says something of sides alone.
    List<Reading> readings = all.stream().filter(reading -> !reading.repeated()).toList();
    Map<Dimension, Agreement> dimensions =
        Arrays.stream(Dimension.values())
            .parallel()
            .collect(
                Collectors.toMap(
                    each -> each,
                    each -> Agreement.of(each.ratings(readings)),
                    (one, _) -> one,
                    () -> new EnumMap<>(Dimension.class)));
    Ratings ratings = dimension.ratings(readings);
    Votes votes = Votes.of(readings);
    return new QualityReport(
        readings.size(),
        readings.stream().mapToLong(Reading::taskId).distinct().count(),
        dimensions,
        dimension,
        Group.byWeek(readings, dimension, zone),
        Group.by(readings, dimension, r -> r.language() == null ? "" : r.language()),
        Group.by(readings, dimension, Reading::kind),
        PairAgreement.of(ratings, dimension, MOST_PAIRS),
        PairAgreement.count(ratings),
        Histogram.of(readings, dimension),
        PairAgreement.pooled(ratings, dimension),
        Position.of(all),
        Gold.of(readings),
        votes,
        PersonQuality.of(readings, votes),
        TimeOnTask.of(readings));
  }
}
