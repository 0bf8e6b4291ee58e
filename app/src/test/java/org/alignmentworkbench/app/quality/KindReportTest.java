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
import org.alignmentworkbench.db.view.QualityView.Reading;
import org.alignmentworkbench.model.agreement.PositionBias;
import org.alignmentworkbench.model.agreement.SwappedPairs;
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
    return new KindReading(task, person, answer, null, Instant.parse(day + "T12:00:00Z"), false);
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
    KindReport choice = report(new Question.Choice(true), List.of());
    assertThat(choice.figures().get("sameAgain"))
        .isEqualTo(new Estimate.Undefined("nobody made a choice a second time"));
    assertThat(choice.votes().same()).isEqualTo(new Estimate.Undefined("there are no judgements"));
    assertThat(choice.position().bias().leftShare()).isInstanceOf(Estimate.Undefined.class);
    assertThat(choice.position().samePerson().consistent())
        .isEqualTo(
            new Estimate.Undefined(
                "no pair of answers was judged in both orders with one preferred each time"));
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

  /// @param left whether the first answer was on the left
  private static KindReading choice(
      long task, long person, Answer.Choice choice, int strength, boolean left, boolean repeated) {
    return new KindReading(
        task,
        person,
        new Answer.Chosen(choice, strength, left ? List.of(0, 1) : List.of(1, 0)),
        null,
        Instant.parse("2026-03-02T12:00:00Z"),
        repeated);
  }

  /// One person, asked three things twice: once the left one wins both times, once A does, once it
  /// is a tie both times. Left wins 3 of the 4 that prefer one; Wilson's interval of 3 of 4 is
  /// 0.3006 to 0.9544 (z = 1.959964, by hand). Two of three times they say the same again.
  @Test
  void choices_that_are_made_again_tell_of_sides_and_of_nothing_else() {
    KindReport report =
        report(
            new Question.Choice(true),
            List.of(
                choice(1, 1, Answer.Choice.PREFERS, -2, true, false),
                choice(1, 1, Answer.Choice.PREFERS, 2, false, true),
                choice(2, 1, Answer.Choice.PREFERS, -1, true, false),
                choice(2, 1, Answer.Choice.PREFERS, -3, false, true),
                choice(3, 1, Answer.Choice.TIE, 0, false, false),
                choice(3, 1, Answer.Choice.TIE, 0, true, true)));
    assertThat(report.judgements()).isEqualTo(3);
    Position position = Objects.requireNonNull(report.position());
    assertThat(position.bias()).isEqualTo(new PositionBias(3, 1));
    assertThat(position.bias().leftShare())
        .isInstanceOfSatisfying(
            Estimate.Known.class,
            known -> {
              assertThat(known.low()).isCloseTo(0.3006, within(1e-4));
              assertThat(known.high()).isCloseTo(0.9544, within(1e-4));
            });
    assertThat(position.samePerson()).isEqualTo(new SwappedPairs(1, 0, 1, 0));
    assertThat(position.undecided()).isEqualTo(1);
    assertThat(report.figures().get("sameAgain"))
        .isInstanceOfSatisfying(
            Estimate.Known.class,
            known -> {
              assertThat(known.value()).isCloseTo(2 / 3.0, within(1e-12));
              assertThat(known.n()).isEqualTo(3);
            });
    // Without the repeats: left, left, tie.
    assertThat(report.histogram().bars())
        .extracting(Histogram.Bar::count)
        .containsExactly(2L, 1L, 0L, 0L);
  }

  @Test
  void strengths_are_counted_by_the_side_and_confused_by_the_answer() {
    List<KindReading> readings =
        List.of(
            choice(1, 1, Answer.Choice.PREFERS, -2, false, false),
            choice(1, 2, Answer.Choice.PREFERS, 3, true, false),
            choice(2, 1, Answer.Choice.BOTH_BAD, 0, true, false),
            choice(2, 2, Answer.Choice.TIE, 0, true, false));
    KindReport report =
        KindReport.of(new Question.Choice(true), readings, "strength", ZoneOffset.UTC);
    // A slightly better on the right, B much better on the right, a tie.
    assertThat(report.histogram().bars())
        .extracting(Histogram.Bar::count)
        .containsExactly(0L, 0L, 0L, 1L, 0L, 1L, 1L);
    long[][] strengths = report.confusion().counts();
    assertThat(strengths[1][6]).isEqualTo(1);
    assertThat(strengths[6][1]).isEqualTo(1);
    long[][] choices = report(new Question.Choice(true), readings).confusion().counts();
    assertThat(choices[0][2]).as("A for B").isEqualTo(1);
    assertThat(choices[1][3]).as("a tie for both bad").isEqualTo(1);
    assertThat(choices[3][1]).isEqualTo(1);
  }

  /// Choices that prefer one answer each are comparisons: the same algorithm, the same figures.
  @Test
  void the_consensus_of_choices_is_that_of_comparisons() {
    List<KindReading> choices = new ArrayList<>();
    for (Reading reading : Readings.table(QualityReportTest.CROWD, -1, 1)) {
      choices.add(
          choice(
              reading.taskId(),
              reading.personId(),
              Answer.Choice.PREFERS,
              reading.strength(),
              true,
              false));
    }
    Votes votes = Objects.requireNonNull(report(new Question.Choice(true), choices).votes());
    assertThat(votes).isEqualTo(Votes.of(Readings.table(QualityReportTest.CROWD, -1, 1)));
    assertThat(votes.tied()).isEqualTo(4);
  }

  /// Three people: two of them say the same of everything, of four values; where the third differs
  /// the majority is theirs, and so is the consensus.
  @Test
  void a_tie_and_two_bad_answers_can_have_a_majority() {
    List<KindReading> choices = new ArrayList<>();
    Answer.Choice[] said = {
      Answer.Choice.PREFERS, Answer.Choice.TIE, Answer.Choice.BOTH_BAD, Answer.Choice.PREFERS
    };
    for (int task = 0; task < 12; task++) {
      Answer.Choice own = said[task % 4];
      int strength = own == Answer.Choice.PREFERS ? (task % 4 == 0 ? -1 : 1) : 0;
      choices.add(choice(task, 1, own, strength, true, false));
      choices.add(choice(task, 2, own, strength, true, false));
      choices.add(choice(task, 3, Answer.Choice.TIE, 0, true, false));
    }
    Votes votes = Objects.requireNonNull(report(new Question.Choice(true), choices).votes());
    assertThat(votes.same().valueOrNull()).isEqualTo(1);
    assertThat(votes.tied()).isZero();
    assertThat(votes.differing()).isEmpty();
    assertThat(votes.accuracy().get(1L).valueOrNull()).isGreaterThan(0.99);
    assertThat(votes.accuracy().get(3L).valueOrNull()).isCloseTo(0.25, within(0.01));
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
