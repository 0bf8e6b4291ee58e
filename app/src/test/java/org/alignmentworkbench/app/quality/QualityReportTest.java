package org.alignmentworkbench.app.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.alignmentworkbench.db.view.QualityView.Reading;
import org.alignmentworkbench.model.agreement.KrippendorffAlpha.Level;
import org.alignmentworkbench.model.statistics.Estimate;
import org.alignmentworkbench.model.statistics.Estimate.Known;
import org.alignmentworkbench.model.statistics.Estimate.Undefined;
import org.junit.jupiter.api.Test;

class QualityReportTest {
  private static final Undefined CONSTANT =
      new Undefined("everybody gave the same value, so agreement cannot be told from a constant");
  private static final Undefined NOTHING_SHARED =
      new Undefined("no two people judged the same thing");
  private static final Undefined NO_JUDGEMENTS = new Undefined("there are no judgements");

  /// Krippendorff, "Computing Krippendorff's alpha-reliability", 2011, section C: four observers,
  /// twelve units with gaps.
  private static final String KRIPPENDORFF =
      """
      123321412...
      1233224125.3
      .3332342251.
      12332441251.
      """;

  /// Five people on thirty comparisons, 1 for B, and what crowd-kit 1.4.2 made of them after a
  /// hundred steps: the set "binary 5x30" of the reference figures.
  static final String CROWD =
      """
      11000010011.00.110100011101011
      1100.0110110.10.1100.11.0101.1
      0100010000101010101100.11.0011
      10.10.110.11110010111011.10.11
      0.0010101001..0010000001.1010.
      """;

  private static QualityReport report(List<Reading> readings, Dimension dimension) {
    return QualityReport.of(readings, dimension, ZoneOffset.UTC);
  }

  private static List<Reading> readings(Readings... readings) {
    return Stream.of(readings).map(Readings::reading).toList();
  }

  private static void close(Estimate estimate, double value, double tolerance) {
    assertThat(estimate.valueOrNull()).isCloseTo(value, within(tolerance));
  }

  /// Names and order are all that the nominal and the ordinal coefficient see, so the five values
  /// may be called -2, -1, 1, 2 and 3: the printed 0.743 and 0.815, six places by hand. The
  /// interval coefficient of the renamed values is 1 - (11/12) / (353/65), the share of equal pairs
  /// 9/11: by hand in fractions.
  @Test
  void krippendorffs_observers_as_strengths() {
    Agreement strength =
        report(Readings.table(KRIPPENDORFF, 0, -2, -1, 1, 2, 3), Dimension.STRENGTH)
            .dimensions()
            .get(Dimension.STRENGTH);
    close(strength.alpha(Level.NOMINAL), 0.743421, 5e-7);
    close(strength.alpha(Level.ORDINAL), 0.815388, 5e-7);
    close(strength.alpha(Level.INTERVAL), 1 - 11 / 12.0 / (353 / 65.0), 1e-12);
    close(strength.percent(), 9 / 11.0, 1e-12);
    assertThat(strength.values()).isEqualTo(41);
    assertThat(((Known) strength.ordinal()).n()).isEqualTo(11);
    assertThat(strength.ratio())
        .isEqualTo(new Undefined("a ratio has no meaning for values below zero"));
    assertThat(strength.fleiss())
        .isEqualTo(
            new Undefined(
                "things have from 1 to 4 judgements and Fleiss' kappa needs the same number for"
                    + " each: use Krippendorff's alpha"));
  }

  /// The set "two coders, binary, complete" of the reference figures: krippendorff 0.9.0,
  /// scikit-learn 1.9.1 and statsmodels 0.15.0.
  @Test
  void two_people_on_twenty_comparisons() {
    List<Reading> readings =
        Readings.table(
            """
            11001101101010011100
            11000100110110000100
            """,
            -1,
            1);
    QualityReport report = report(readings, Dimension.CHOICE);
    Agreement choice = report.dimensions().get(Dimension.CHOICE);
    close(choice.nominal(), 0.3157894736842105, 1e-9);
    close(choice.fleiss(), 0.2982456140350878, 1e-9);
    PairAgreement pair = report.pairs().getFirst();
    assertThat(report.pairs()).hasSize(1);
    assertThat(report.pairsInAll()).isEqualTo(1);
    assertThat(pair.units()).isEqualTo(20);
    close(pair.plain(), 0.3137254901960784, 1e-9);
    assertThat(pair.plain().lowOrNull()).isCloseTo(-0.08055080476334464, within(1e-9));
    assertThat(pair.plain().highOrNull()).isCloseTo(0.7080017851555014, within(1e-9));
    close(pair.linear(), 0.3137254901960784, 1e-9);
    close(pair.alpha(), 0.3157894736842105, 1e-9);
    close(pair.percent(), 0.65, 1e-12);
    // Counted in the table: both A, A and B, B and A, both B.
    assertThat(pair.matrix().counts()).isDeepEqualTo(new long[][] {{7, 2}, {5, 6}});
    assertThat(report.confusion().counts()).isDeepEqualTo(new long[][] {{14, 7}, {7, 12}});
  }

  /// Cohen, "A coefficient of agreement for nominal scales", 1960, p. 45, as grades of 200 answers:
  /// printed .492; six places and the weighted ones by hand. A judgement grades A alone here.
  @Test
  void cohens_two_psychologists_as_grades() {
    int[][] counts = {{88, 14, 18}, {10, 40, 10}, {2, 6, 12}};
    List<Reading> readings = new ArrayList<>();
    int task = 0;
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        for (int n = 0; n < counts[i][j]; n++) {
          task++;
          readings.add(Readings.of(task, 1, 1).graded(i).reading());
          readings.add(Readings.of(task, 2, 1).graded(j).reading());
        }
      }
    }
    PairAgreement pair = report(readings, Dimension.INSTRUCTION_FOLLOWING).pairs().getFirst();
    close(pair.plain(), 0.491525, 5e-7);
    close(pair.linear(), 0.473684, 5e-7);
    close(pair.quadratic(), 0.454545, 5e-7);
    close(pair.percent(), 0.70, 1e-12);
    assertThat(pair.units()).isEqualTo(200);
  }

  /// Nobody stands beside anybody: a majority of one and a consensus of one would always agree.
  @Test
  void without_two_judgements_of_anything_there_is_no_consensus_to_agree_with() {
    List<Reading> alone = new ArrayList<>();
    for (int task = 1; task <= 12; task++) {
      alone.add(Readings.of(task, task % 3, task % 2 == 0 ? 2 : -2).reading());
    }
    QualityReport report = report(alone, Dimension.STRENGTH);
    Estimate none = new Estimate.Undefined("no two people judged the same thing");
    assertThat(report.votes().same()).isEqualTo(none);
    assertThat(report.people()).hasSize(3).allMatch(person -> person.accuracy().equals(none));
  }

  @Test
  void the_consensus_beside_the_majority() {
    Votes votes = Votes.of(Readings.table(CROWD, -1, 1));
    // Of thirty comparisons four have as many votes for A as for B; both agree on 24 of the others.
    close(votes.same(), 24 / 26.0, 1e-12);
    assertThat(votes.tied()).isEqualTo(4);
    assertThat(votes.differing())
        .extracting(Votes.Differing::taskId, Votes.Differing::forA, Votes.Differing::forB)
        .containsExactly(
            tuple(25L, 1L, 3L),
            tuple(12L, 1L, 2L),
            tuple(27L, 2L, 2L),
            tuple(13L, 2L, 2L),
            tuple(11L, 2L, 2L),
            tuple(9L, 2L, 2L));
    double[] posteriors = {
      0.0006036444591114866,
      0.0010916111785432866,
      0.00012121992789660056,
      0.00016408555746472118,
      0.10475217218984713,
      0.47979444368374413
    };
    for (int i = 0; i < posteriors.length; i++) {
      assertThat(votes.differing().get(i).probabilityOfB()).isCloseTo(posteriors[i], within(1e-6));
    }
    // Σ prior[t] P(says t | t), from the same set's priors and matrices.
    double[] accuracies = {
      0.8431460164673861,
      0.5877627810495203,
      0.7544236703855975,
      0.5664882974665808,
      0.5730282998086986
    };
    for (int person = 0; person < accuracies.length; person++) {
      close(votes.accuracy().get((long) person), accuracies[person], 1e-6);
    }
  }

  @Test
  void two_people_leave_open_who_is_reliable() {
    QualityReport report =
        report(
            readings(Readings.of(1, 1, 2), Readings.of(1, 2, -2), Readings.of(2, 1, 2)),
            Dimension.CHOICE);
    var obstacle = new Undefined("it takes three people to tell who of them is reliable");
    assertThat(report.votes().same()).isEqualTo(obstacle);
    assertThat(report.votes().tied()).isEqualTo(1);
    assertThat(report.votes().differing()).isEmpty();
    assertThat(report.people()).extracting(PersonQuality::accuracy).containsOnly(obstacle);
  }

  /// Threads 33 to 35 and 38: no variation, nothing in common, one dissent among many, and two
  /// people who never agree.
  @Test
  void a_coefficient_that_cannot_be_had_says_why() {
    Agreement none = report(List.of(), Dimension.STRENGTH).dimensions().get(Dimension.STRENGTH);
    assertThat(
            List.of(none.nominal(), none.ordinal(), none.interval(), none.ratio(), none.fleiss()))
        .containsOnly(NO_JUDGEMENTS);
    assertThat(none.percent()).isEqualTo(NOTHING_SHARED);
    Agreement alike = Agreement.of(Dimension.CHOICE.ratings(Readings.table("111\n111", -1, 1)));
    assertThat(alike.nominal()).isEqualTo(CONSTANT);
    assertThat(alike.fleiss()).isEqualTo(CONSTANT);
    close(alike.percent(), 1, 0);
    Agreement apart = Agreement.of(Dimension.CHOICE.ratings(Readings.table("10..\n..10", -1, 1)));
    assertThat(apart.nominal()).isEqualTo(NOTHING_SHARED);
    assertThat(apart.percent()).isEqualTo(NOTHING_SHARED);
    // 22 values of which one differs: alpha is 0 by the formula, beside 10 equal pairs of 11.
    Agreement dissent =
        Agreement.of(Dimension.CHOICE.ratings(Readings.table("11111111111\n11111111110", -1, 1)));
    close(dissent.nominal(), 0, 1e-12);
    close(dissent.percent(), 10 / 11.0, 1e-12);
    // p_o is 0; by hand alpha = 1 - 1 / (2 * 4 * 4 / (8 * 7)) = -0.75.
    Agreement opposite =
        Agreement.of(Dimension.CHOICE.ratings(Readings.table("1010\n0101", -1, 1)));
    close(opposite.nominal(), -0.75, 1e-12);
    close(opposite.percent(), 0, 0);
  }

  @Test
  void a_judgement_without_grades_says_nothing_of_them() {
    QualityReport report =
        report(
            readings(Readings.of(1, 1, 2).graded(2), Readings.of(1, 2, 2)),
            Dimension.INSTRUCTION_FOLLOWING);
    assertThat(report.dimensions().get(Dimension.INSTRUCTION_FOLLOWING).values()).isEqualTo(1);
    assertThat(report.dimensions().get(Dimension.INSTRUCTION_FOLLOWING).nominal())
        .isEqualTo(NOTHING_SHARED);
    assertThat(report.dimensions().get(Dimension.STRENGTH).values()).isEqualTo(2);
    assertThat(report.pairs()).isEmpty();
  }

  /// Wilson's interval of 56 of 100, worked out by hand.
  @Test
  void the_share_of_wins_on_the_left() {
    List<Readings> judged = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      // B wins on the left where it is shown there; every third comparison is turned round.
      boolean turned = i % 3 == 0;
      Readings reading = Readings.of(i, 1, i < 56 == turned ? 3 : -3);
      judged.add(turned ? reading.aRight() : reading);
    }
    Position position = Position.of(judged.stream().map(Readings::reading).toList());
    assertThat(position.bias().left()).isEqualTo(56);
    Known share = (Known) position.bias().leftShare();
    assertThat(share.low()).isCloseTo(.462281, within(5e-7));
    assertThat(share.high()).isCloseTo(.653280, within(5e-7));
    assertThat(position.anybody().bias())
        .isEqualTo(
            new Undefined(
                "no pair of answers was judged in both orders with one preferred each time"));
  }

  /// One person judges the same two answers twice, by the names of two tasks and in either order,
  /// and always takes the left one. Another one judged the first task only, for what is then right.
  @Test
  void somebody_who_goes_by_the_side_is_found_out_by_swapped_repeats() {
    Reading first = Readings.of(1, 1, -2).reading();
    Reading again =
        new Reading(
            2, 11, 10, "list", null, 1, -2, null, null, true, null, 10_000, Readings.MONDAY, false);
    Reading other = Readings.of(1, 2, -2).aRight().reading();
    Position position = Position.of(List.of(first, other, again));
    assertThat(position.samePerson().bothLeft()).isEqualTo(1);
    assertThat(position.samePerson().n()).isEqualTo(1);
    // Whoever did: the first with A left was person 1, with A right person 2, and both chose A.
    assertThat(position.anybody().bothFirst()).isEqualTo(1);
    assertThat(position.anybody().n()).isEqualTo(1);
  }

  /// Two people who agree on two comparisons, and one of them is asked the first again: whoever
  /// repeats a judgement does not agree with themselves, nor count twice, but their sides are
  /// known.
  @Test
  void a_repeat_says_something_of_sides_and_of_nothing_else() {
    Reading first = Readings.of(1, 1, -2).gold(false).reading();
    Reading again = Readings.of(1, 1, 2).aRight().gold(false).repeated().reading();
    List<Reading> once =
        readings(Readings.of(1, 2, -2), Readings.of(2, 1, 3), Readings.of(2, 2, 3));
    List<Reading> all = new ArrayList<>(once);
    all.addFirst(first);
    List<Reading> without = List.copyOf(all);
    all.add(again);
    QualityReport with = QualityReport.of(all, Dimension.CHOICE, ZoneOffset.UTC);
    QualityReport plain = QualityReport.of(without, Dimension.CHOICE, ZoneOffset.UTC);
    assertThat(with.judgements()).isEqualTo(4);
    assertThat(with.dimensions()).isEqualTo(plain.dimensions());
    assertThat(with.gold()).isEqualTo(plain.gold());
    assertThat(plain.position().samePerson().n()).isZero();
    assertThat(with.position().samePerson().bothLeft()).isEqualTo(1);
  }

  /// A judgement that came with a file which does not say the sides counts for neither of them.
  @Test
  void a_judgement_of_unknown_sides_is_no_judgement_of_either() {
    Reading known = Readings.of(1, 1, -2).reading();
    Reading unknown =
        new Reading(
            2, 20, 21, "list", null, 1, -2, null, null, null, null, 10_000, Readings.MONDAY, false);
    assertThat(Position.of(List.of(known, unknown)).bias().left()).isEqualTo(1);
    assertThat(Position.of(List.of(known, unknown)).bias().right()).isZero();
    assertThat(
            Histogram.of(List.of(known, unknown), Dimension.STRENGTH).bars().stream()
                .mapToLong(Histogram.Bar::count)
                .sum())
        .isEqualTo(1);
  }

  @Test
  void strengths_are_counted_by_side_and_grades_as_they_are() {
    List<Reading> readings =
        readings(
            Readings.of(1, 1, -4),
            Readings.of(2, 1, 4).aRight(),
            Readings.of(3, 1, 2).graded(2),
            Readings.of(4, 1, 1).graded(0));
    assertThat(Histogram.of(readings, Dimension.STRENGTH).bars())
        .extracting(Histogram.Bar::value, Histogram.Bar::count)
        .containsExactly(
            tuple(-4.0, 2L),
            tuple(-3.0, 0L),
            tuple(-2.0, 0L),
            tuple(-1.0, 0L),
            tuple(1.0, 1L),
            tuple(2.0, 1L),
            tuple(3.0, 0L),
            tuple(4.0, 0L));
    assertThat(Histogram.of(readings, Dimension.INSTRUCTION_FOLLOWING).bars())
        .extracting(Histogram.Bar::count)
        .containsExactly(1L, 0L, 1L);
    assertThat(Histogram.of(List.of(), Dimension.CHOICE).bars())
        .extracting(Histogram.Bar::share)
        .containsOnly(new Undefined("no observations"));
  }

  /// Thread 76. Berlin is an hour ahead of UTC in winter and two in summer: half past ten on a
  /// Sunday evening in UTC is Monday there from the end of March on, and not before. The third of
  /// January 2027 is a Sunday and belongs to the 53rd week of 2026.
  @Test
  void weeks_begin_at_the_projects_own_midnight() {
    List<Reading> readings =
        readings(
            Readings.of(1, 1, 1).at(Instant.parse("2026-03-22T22:30:00Z")),
            Readings.of(2, 1, 1).at(Instant.parse("2026-03-29T22:30:00Z")),
            Readings.of(3, 1, 1).at(Instant.parse("2027-01-03T12:00:00Z")));
    assertThat(Group.byWeek(readings, Dimension.CHOICE, ZoneId.of("Europe/Berlin")))
        .extracting(Group::name)
        .containsExactly("2026-W12", "2026-W14", "2026-W53");
    assertThat(Group.byWeek(readings, Dimension.CHOICE, ZoneOffset.UTC))
        .extracting(Group::name)
        .containsExactly("2026-W12", "2026-W13", "2026-W53");
  }

  @Test
  void a_comparison_counts_whole_in_the_week_of_its_last_judgement() {
    Instant later = Readings.MONDAY.plus(Duration.ofDays(7));
    List<Group> weeks =
        Group.byWeek(
            readings(Readings.of(1, 1, 1), Readings.of(1, 2, 1).at(later), Readings.of(2, 1, -1)),
            Dimension.CHOICE,
            ZoneOffset.UTC);
    assertThat(weeks).extracting(Group::name).containsExactly("2026-W10", "2026-W11");
    assertThat(weeks.get(0).agreement().percent()).isEqualTo(NOTHING_SHARED);
    close(weeks.get(1).agreement().percent(), 1, 0);
  }

  @Test
  void languages_and_kinds_have_figures_of_their_own() {
    QualityReport report =
        report(
            readings(
                Readings.of(1, 1, 1).in("reply", "de"),
                Readings.of(1, 2, 1).in("reply", "de"),
                Readings.of(2, 1, 1).in("list", null),
                Readings.of(2, 2, -1).in("list", null)),
            Dimension.CHOICE);
    assertThat(report.languages()).extracting(Group::name).containsExactly("", "de");
    assertThat(report.kinds()).extracting(Group::name).containsExactly("list", "reply");
    close(report.languages().get(0).agreement().percent(), 0, 0);
    close(report.languages().get(1).agreement().percent(), 1, 0);
  }

  @Test
  void gold_tells_right_from_wrong() {
    List<Reading> readings =
        readings(
            Readings.of(1, 1, 3).gold(true),
            Readings.of(1, 2, -3).gold(true),
            Readings.of(2, 1, -1).gold(false),
            Readings.of(3, 1, 1));
    QualityReport report = report(readings, Dimension.CHOICE);
    assertThat(report.gold().tasks()).isEqualTo(2);
    close(report.gold().accuracy(), 2 / 3.0, 1e-12);
    assertThat(report.people())
        .extracting(person -> person.gold().valueOrNull())
        .containsExactly(1.0, 0.0);
    assertThat(Gold.of(readings(Readings.of(3, 1, 1))).accuracy())
        .isEqualTo(new Undefined("no judged comparison has an answer known to be right"));
  }

  @Test
  void time_without_a_clock_is_left_out_and_counted() {
    List<Reading> readings =
        IntStream.rangeClosed(1, 5)
            .mapToObj(i -> Readings.of(i, 1, 1).took(i == 5 ? 0 : i * 1000L).reading())
            .toList();
    TimeOnTask time = TimeOnTask.of(readings);
    close(time.median(), 2.5, 1e-12);
    assertThat(time.quarters()).isEqualTo(new TimeOnTask.Quarters(1.75, 3.25));
    assertThat(time.total()).isEqualTo(Duration.ofSeconds(10));
    assertThat(time.untimed()).isEqualTo(1);
    assertThat(TimeOnTask.of(List.of()).median())
        .isEqualTo(new Undefined("no judgement has a time"));
  }

  /// Whoever is called first, and whichever answer is called A, agreement is the same.
  @Test
  void names_do_not_matter() {
    List<Reading> readings = Readings.table(KRIPPENDORFF, 0, -2, -1, 1, 2, 3);
    List<Reading> renamed = new ArrayList<>();
    for (Reading r : readings) {
      renamed.add(Readings.of(100 - r.taskId(), 9 - r.personId(), -r.strength()).reading());
    }
    Collections.shuffle(renamed, new Random(5));
    Agreement own = Agreement.of(Dimension.STRENGTH.ratings(readings));
    Agreement other = Agreement.of(Dimension.STRENGTH.ratings(renamed));
    close(other.ordinal(), own.ordinal().valueOrNull(), 1e-12);
    close(other.interval(), own.interval().valueOrNull(), 1e-12);
    close(other.percent(), own.percent().valueOrNull(), 1e-12);
    assertThat(PairAgreement.of(Dimension.STRENGTH.ratings(renamed), Dimension.STRENGTH, 3))
        .hasSize(3);
    assertThat(PairAgreement.count(Dimension.STRENGTH.ratings(renamed))).isEqualTo(6);
  }
}
