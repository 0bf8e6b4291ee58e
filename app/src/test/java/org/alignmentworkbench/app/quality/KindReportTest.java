package org.alignmentworkbench.app.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.Dimension;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.view.KindView.KindReading;
import org.alignmentworkbench.model.statistics.Estimate;
import org.junit.jupiter.api.Test;

class KindReportTest {
  /// Krippendorff, "Computing Krippendorff's alpha-reliability", 2011, section C: four observers,
  /// twelve units with gaps; ordinal 0.815388.
  private static final String[] KRIPPENDORFF = {
    "123321412...", "1233224125.3", ".3332342251.", "12332441251."
  };

  private static final Question.Grade FIVE =
      new Question.Grade(
          List.of(new Dimension("depth", "Depth", List.of("1", "2", "3", "4", "5"))));

  private static KindReading reading(long task, long person, Answer answer, String day) {
    return new KindReading(task, person, answer, null, Instant.parse(day + "T12:00:00Z"));
  }

  private static List<KindReading> grades(String... people) {
    List<KindReading> readings = new ArrayList<>();
    for (int unit = 0; unit < people[0].length(); unit++) {
      for (int person = 0; person < people.length; person++) {
        char given = people[person].charAt(unit);
        if (given != '.') {
          var levels = new LinkedHashMap<String, Integer>();
          levels.put("depth", given - '1');
          readings.add(
              reading(
                  unit, person, new Answer.Graded(levels), unit < 6 ? "2026-03-02" : "2026-03-09"));
        }
      }
    }
    return readings;
  }

  private static KindReport report(Question question, List<KindReading> readings) {
    return KindReport.of(question, readings, "", ZoneOffset.UTC);
  }

  @Test
  void grades_have_the_published_alpha_by_their_order() {
    KindReport report = report(FIVE, grades(KRIPPENDORFF));
    assertThat(report.agreements().firstEntry().getValue().ordinal().valueOrNull())
        .isCloseTo(0.815388, within(1e-6));
    assertThat(report.judgements()).isEqualTo(41);
    assertThat(report.weeks()).extracting(Group::name).containsExactly("2026-W10", "2026-W11");
    assertThat(report.languages()).extracting(Group::name).containsExactly("");
    assertThat(report.pairsInAll()).isEqualTo(6);
    // Values as they were given, unit 12's among them: 9, 13, 11, 5 and 3.
    assertThat(report.histogram().bars())
        .extracting(Histogram.Bar::count)
        .containsExactly(9L, 13L, 11L, 5L, 3L);
  }

  @Test
  void every_undefined_figure_says_why() {
    assertThat(report(FIVE, grades("11", "11")).agreements().firstEntry().getValue().ordinal())
        .isEqualTo(
            new Estimate.Undefined(
                "everybody gave the same value, so agreement cannot be told from a constant"));
    assertThat(report(FIVE, grades("12")).agreements().firstEntry().getValue().ordinal())
        .isEqualTo(new Estimate.Undefined("no two people judged the same thing"));
    assertThat(report(new Question.Rank(true), List.of()).figures().get("kendallW"))
        .isEqualTo(new Estimate.Undefined("no two people put the same answers in an order"));
    assertThat(report(new Question.Span(List.of("Wrong")), List.of()).figures().get("f1"))
        .isInstanceOf(Estimate.Undefined.class);
  }

  /// Two people rank three answers 1 2 3 and 2 1 3: of three orders of two, two are the same. R =
  /// 3, 3, 6 about 4, S = 6, W = 72 / (4 * 24) = 0.75.
  @Test
  void a_ranking_counts_each_two_answers_once() {
    List<Integer> shown = List.of(0, 1, 2);
    KindReport report =
        report(
            new Question.Rank(false),
            List.of(
                reading(1, 1, new Answer.Ranked(List.of(1, 2, 3), shown), "2026-03-02"),
                reading(1, 2, new Answer.Ranked(List.of(2, 1, 3), shown), "2026-03-02")));
    assertThat(report.agreements().firstEntry().getValue().percent().valueOrNull())
        .isCloseTo(2 / 3.0, within(1e-12));
    assertThat(report.figures().get("kendallW"))
        .isEqualTo(new Estimate.Point(0.75, 1, "one task alone has no interval"));
  }

  /// Tasks in turns of W = 0.75 (above) and 1 (both rank alike): mean 0.875. Of two tasks Student's
  /// interval is 0.875 -+ 12.706 * 0.17678 / sqrt(2) = 1.588, more than there can be; of thirty it
  /// is 0.875 -+ 2.0452 * 0.12714 / sqrt(30) = 0.0475. Quantiles: any table of t, 1 and 29 degrees.
  @Test
  void an_interval_of_concordance_stays_among_possible_values() {
    assertThat(concordance(2)).isEqualTo(new Estimate.Known(0.875, 0, 1, 2));
    assertThat(concordance(30))
        .isInstanceOfSatisfying(
            Estimate.Known.class,
            known -> {
              assertThat(known.low()).isCloseTo(0.8275, within(1e-4));
              assertThat(known.high()).isCloseTo(0.9225, within(1e-4));
            });
  }

  private static Estimate concordance(int tasks) {
    List<Integer> shown = List.of(0, 1, 2);
    List<KindReading> readings = new ArrayList<>();
    for (int task = 0; task < tasks; task++) {
      List<Integer> second = task % 2 == 0 ? List.of(2, 1, 3) : List.of(1, 2, 3);
      readings.add(reading(task, 1, new Answer.Ranked(List.of(1, 2, 3), shown), "2026-03-02"));
      readings.add(reading(task, 2, new Answer.Ranked(second, shown), "2026-03-02"));
    }
    return Objects.requireNonNull(
        report(new Question.Rank(false), readings).figures().get("kendallW"));
  }
}
