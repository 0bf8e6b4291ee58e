package org.alignmentworkbench.db.task;

import static org.alignmentworkbench.db.task.AnsweredTasks.NOON;
import static org.alignmentworkbench.db.task.AnsweredTasks.bothBad;
import static org.alignmentworkbench.db.task.AnsweredTasks.chosen;
import static org.alignmentworkbench.db.task.AnsweredTasks.graded;
import static org.alignmentworkbench.db.task.AnsweredTasks.marked;
import static org.alignmentworkbench.db.task.AnsweredTasks.ranked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.artifact.ContentHash;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.dataset.DatasetRepository;
import org.alignmentworkbench.db.dataset.JudgementSnapshot;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.Answer.Passage;
import org.alignmentworkbench.db.kind.Dimension;
import org.alignmentworkbench.db.kind.Harm;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.task.KindAdjudications.Counts;
import org.alignmentworkbench.db.task.KindAdjudications.Decision;
import org.alignmentworkbench.db.task.KindAdjudications.Disputed;
import org.alignmentworkbench.db.task.KindAdjudications.Said;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Which tasks of other kinds are disputed, what leads decide of them, and what a new snapshot
/// makes of it while old ones stay.
class KindAdjudicationIT {
  private static final List<String> LEVELS = List.of("worst", "poor", "fair", "good");
  private static final Question GRADE =
      new Question.Grade(List.of(new Dimension("a", "A", LEVELS), new Dimension("b", "B", LEVELS)));
  private static final Question SPAN = new Question.Span(List.of("Wrong", "Rude"));

  @AutoClose static final TestDatabase database = TestDatabase.migrated();
  @TempDir Path folder;
  private final JdbcClient jdbc = database.jdbc();
  private final KindAdjudications adjudications = new KindAdjudications(jdbc);
  private final Withdrawals withdrawals = new Withdrawals(jdbc, database.transactions());

  private List<Disputed> open(AnsweredTasks answered, int bound) {
    DisputeRule rule = new DisputeRule(answered.setup.question().kind(), bound);
    List<Disputed> all = adjudications.open(answered.setup.id(), rule, "", 50);
    assertThat(adjudications.counts(answered.setup.id(), rule).open()).isEqualTo(all.size());
    return all;
  }

  private static List<Integer> numbers(AnsweredTasks answered, List<Disputed> disputed) {
    return disputed.stream().map(each -> answered.tasks.indexOf(each.taskId())).toList();
  }

  private List<Long> judgements(long task) {
    return adjudications.said(task).stream().map(Said::id).toList();
  }

  private Optional<Long> decide(AnsweredTasks answered, int task, Verdict verdict) {
    long id = answered.tasks.get(task);
    return adjudications.decide(
        answered.projectId,
        id,
        verdict,
        "the source says so",
        false,
        judgements(id),
        answered.lead,
        NOON);
  }

  /// By hand. Task 0: all agree. 1: on b no level has more than half. 2: a majority on both, with
  /// levels two apart on a. 3: a majority on both, one step apart.
  @Test
  void grades_are_disputed_without_a_majority_or_far_apart_on_a_dimension() {
    AnsweredTasks answered = new AnsweredTasks(jdbc, GRADE, 1, 4, 3);
    answered.answer(graded(1, 1), graded(1, 0), graded(1, 2), graded(2, 2));
    answered.answer(graded(1, 1), graded(1, 1), graded(1, 2), graded(2, 2));
    assertThat(numbers(answered, open(answered, 2))).as("of two people each").containsExactly(1);
    answered.answer(graded(1, 1), graded(1, 2), graded(3, 2), graded(2, 3));
    assertThat(numbers(answered, open(answered, 2))).containsExactly(1, 2);
    assertThat(numbers(answered, open(answered, 1))).containsExactly(1, 2, 3);
    List<Disputed> never = open(answered, DisputeRule.NEVER);
    assertThat(never)
        .singleElement()
        .satisfies(each -> {
          assertThat(each.majority()).isFalse();
          assertThat(each.apart()).isEqualTo(2.0);
          assertThat(each.judged()).isEqualTo(3);
        });
  }

  /// Task 0: two for A, one for B. 1: A, a tie and B. 2: a tie and both bad are two things. 3: all
  /// for B, from slightly to much.
  @Test
  void choices_are_disputed_without_a_majority_of_side() {
    AnsweredTasks answered = new AnsweredTasks(jdbc, new Question.Choice(true), 2, 4, 3);
    answered.answer(chosen(-1), chosen(-2), chosen(0), chosen(1));
    answered.answer(chosen(-3), chosen(0), bothBad(), chosen(3));
    assertThat(numbers(answered, open(answered, DisputeRule.NEVER))).containsExactly(1, 2);
    answered.answer(chosen(2), chosen(1), chosen(0), chosen(3));
    assertThat(numbers(answered, open(answered, DisputeRule.NEVER))).containsExactly(1);
    assertThat(numbers(answered, open(answered, 5))).containsExactly(0, 1);
    assertThat(numbers(answered, open(answered, 2))).containsExactly(0, 1, 3);
    assertThat(adjudications.rule(answered.setup))
        .contains(new DisputeRule(TaskKind.CHOICE, DisputeRule.NEVER));
  }

  /// Task 0: the same order. 1: a tie turns nothing. 2: one pair turned. 3: the whole order turned,
  /// three pairs.
  @Test
  void rankings_are_disputed_when_two_people_turn_two_answers() {
    AnsweredTasks answered = new AnsweredTasks(jdbc, new Question.Rank(true), 3, 4, 2);
    answered.answer(ranked(1, 2, 3), ranked(1, 2, 3), ranked(1, 2, 3), ranked(1, 2, 3));
    answered.answer(ranked(1, 2, 3), ranked(1, 1, 2), ranked(2, 1, 3), ranked(3, 2, 1));
    List<Disputed> open = open(answered, 1);
    assertThat(numbers(answered, open)).containsExactly(2, 3);
    assertThat(open).extracting(Disputed::apart).containsExactly(1.0, 3.0);
    assertThat(numbers(answered, open(answered, 2))).containsExactly(3);
  }

  /// By hand, of characters with their reason. Task 0: 4 and 2 marked, 2 in common: 2*2/6. 1: the
  /// same passage for another reason: nothing in common. 2: nobody marked anything: no F1. 3: one
  /// marked, one did not: 0. 4: two overlapping passages of one reason count each character once.
  @Test
  void passages_are_disputed_below_a_mean_f1() {
    AnsweredTasks answered = new AnsweredTasks(jdbc, SPAN, 1, 5, 3);
    Answer none = marked();
    answered.answer(
        marked(new Passage(0, 4, "Wrong")),
        marked(new Passage(0, 4, "Wrong")),
        none,
        none,
        marked(new Passage(0, 4, "Wrong"), new Passage(2, 6, "Wrong")));
    answered.answer(
        marked(new Passage(0, 2, "Wrong")),
        marked(new Passage(0, 4, "Rude")),
        none,
        marked(new Passage(1, 3, "Rude")),
        marked(new Passage(0, 6, "Wrong")));
    List<Disputed> open = open(answered, 100);
    assertThat(numbers(answered, open)).containsExactly(0, 1, 3);
    assertThat(open.getFirst().apart()).isCloseTo(200.0 * 2 / 6, within(1e-9));
    assertThat(open.get(1).apart()).isZero();
    assertThat(numbers(answered, open(answered, 50))).containsExactly(1, 3);
    // A third who agrees with the first: the mean of 2/3, 1 and 2/3 is 7/9.
    answered.answer(marked(new Passage(0, 4, "Wrong")), none, none, none, none);
    assertThat(open(answered, 100).getFirst().apart()).isCloseTo(700.0 / 9, within(1e-9));
  }

  @Test
  void texts_wait_where_there_are_several_and_red_team_tasks_never() {
    AnsweredTasks answered = new AnsweredTasks(jdbc, new Question.Demonstration(1), 0, 2, 3);
    answered.answer(new Answer.Written("one"), new Answer.Written("one"));
    assertThat(open(answered, 2)).isEmpty();
    answered.answer(new Answer.Written("two"), new Answer.Written("two"));
    assertThat(open(answered, 2)).hasSize(2);
    assertThat(open(answered, 3)).isEmpty();
    assertThat(DisputeRule.usual(TaskKind.RED_TEAM)).isEmpty();
    assertThatThrownBy(() -> new DisputeRule(TaskKind.RED_TEAM, 1)).hasMessageContaining("1..0");
    assertThatThrownBy(() -> new DisputeRule(TaskKind.SPAN, 101))
        .hasMessage("bound must be 1..100 for SPAN, was 101");
    assertThat(new Question.RedTeam(Harm.CRIME, List.of("x")).kind()).isEqualTo(TaskKind.RED_TEAM);
  }

  @Test
  void a_list_goes_on_after_a_key_and_a_lead_sets_its_rule() {
    AnsweredTasks answered = new AnsweredTasks(jdbc, new Question.Rank(true), 2, 7, 2);
    Answer[] one = new Answer[7];
    Answer[] two = new Answer[7];
    for (int i = 0; i < 7; i++) {
      one[i] = ranked(1, 2);
      two[i] = i == 3 ? ranked(1, 2) : ranked(2, 1);
    }
    answered.answer(one);
    answered.answer(two);
    DisputeRule rule = adjudications.rule(answered.setup).orElseThrow();
    assertThat(rule.bound()).isOne();
    List<Disputed> seen = new ArrayList<>();
    String after = "";
    for (List<Disputed> page = adjudications.open(answered.setup.id(), rule, after, 2);
        !page.isEmpty();
        page = adjudications.open(answered.setup.id(), rule, after, 2)) {
      assertThat(page).hasSizeLessThanOrEqualTo(2);
      seen.addAll(page);
      after = page.getLast().key();
    }
    assertThat(numbers(answered, seen)).containsExactly(0, 1, 2, 4, 5, 6);
    assertThat(decide(answered, 1, new Verdict.None())).isPresent();
    assertThat(adjudications.counts(answered.setup.id(), rule)).isEqualTo(new Counts(5, 1));
    assertThat(numbers(answered, adjudications.decided(answered.setup.id(), "", 10)))
        .containsExactly(1);
    adjudications.setRule(
        answered.setup.id(), new DisputeRule(TaskKind.RANK, 2), answered.lead, NOON);
    adjudications.setRule(
        answered.setup.id(), new DisputeRule(TaskKind.RANK, 3), answered.lead, NOON);
    DisputeRule kept = adjudications.rule(answered.setup).orElseThrow();
    assertThat(kept.bound()).isEqualTo(3);
    assertThat(adjudications.counts(answered.setup.id(), kept)).isEqualTo(new Counts(0, 1));
  }

  /// What is kept of a task is what its answers say, whoever answers at the same moment, and after
  /// answers were withdrawn.
  @Test
  void how_far_answers_are_apart_is_kept_exactly_whoever_answers_at_one_moment() throws Exception {
    AnsweredTasks answered = new AnsweredTasks(jdbc, new Question.Rank(true), 3, 12, 8);
    List<List<Integer>> orders = List.of(List.of(1, 2, 3), List.of(3, 2, 1), List.of(2, 1, 2));
    try (var people = Executors.newFixedThreadPool(8)) {
      List<Future<Long>> all = new ArrayList<>();
      for (int person = 0; person < 8; person++) {
        Random random = new Random(person);
        Answer[] own =
            IntStream.range(0, 12)
                .mapToObj(_ -> ranked(orders.get(random.nextInt(orders.size()))))
                .toArray(Answer[]::new);
        all.add(people.submit(() -> answered.answer(own)));
      }
      for (Future<Long> each : all) {
        each.get();
      }
    }
    assertThat(kept(answered)).isEqualTo(counted(answered)).hasSize(12);
    for (int task = 0; task < 6; task++) {
      for (long gone : judgements(answered.tasks.get(task)).subList(0, 1 + task)) {
        withdrawals.withdraw(answered.projectId, gone, "", answered.lead, NOON);
      }
    }
    assertThat(kept(answered)).isEqualTo(counted(answered)).hasSize(12);
  }

  /// How many answered, and how many pairs stand in opposite orders.
  private List<String> kept(AnsweredTasks answered) {
    return jdbc.sql(
            """
            select judged || ' ' || (apart > 0)::int
            from task_dispute
            where setup_id = ?
            order by key
            """)
        .param(answered.setup.id())
        .query(String.class)
        .list();
  }

  /// The same from the answers themselves.
  private List<String> counted(AnsweredTasks answered) {
    List<String> counted = new ArrayList<>();
    for (long task : answered.tasks) {
      List<Said> said = adjudications.said(task);
      boolean turned = false;
      for (Said one : said) {
        for (Said two : said) {
          turned |=
              turned(
                  ((Answer.Ranked) one.answer()).places(), ((Answer.Ranked) two.answer()).places());
        }
      }
      counted.add(said.size() + " " + (turned ? 1 : 0));
    }
    return counted;
  }

  private static boolean turned(List<Integer> one, List<Integer> two) {
    for (int i = 0; i < one.size(); i++) {
      for (int j = 0; j < one.size(); j++) {
        if (one.get(i) < one.get(j) && two.get(i) > two.get(j)) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void a_decision_is_of_the_answers_that_the_lead_saw_and_is_never_changed() {
    AnsweredTasks answered = new AnsweredTasks(jdbc, GRADE, 1, 1, 2);
    answered.answer(graded(0, 0));
    answered.answer(graded(3, 3));
    long task = answered.tasks.getFirst();
    assertThat(decide(answered, 0, new Verdict.Own(graded(1, 2)))).isPresent();
    assertThat(decide(answered, 0, new Verdict.None())).isPresent();
    assertThat(adjudications.decisions(task))
        .extracting(Decision::answer)
        .containsExactly(null, graded(1, 2));
    List<Long> seen = judgements(task);
    assertThat(adjudications.decisions(task).getFirst().judgements()).isEqualTo(seen);
    withdrawals.withdraw(answered.projectId, seen.getFirst(), "slip", answered.lead, NOON);
    Verdict verdict = new Verdict.Own(graded(1, 1));
    assertThat(
            adjudications.decide(
                answered.projectId, task, verdict, "late", true, seen, answered.lead, NOON))
        .isEmpty();
    assertThat(
            adjudications.decide(
                answered.projectId + 1,
                task,
                verdict,
                "x",
                true,
                judgements(task),
                answered.lead,
                NOON))
        .as("a task of another project")
        .isEmpty();
    assertThat(adjudications.withdrawn(task))
        .singleElement()
        .satisfies(each -> {
          assertThat(each.answer()).isEqualTo(graded(0, 0));
          assertThat(each.note()).isEqualTo("slip");
        });
    assertThatThrownBy(() -> jdbc.sql("update adjudication set reason = 'x'").update())
        .hasMessageContaining("is never changed");
    assertThatThrownBy(() -> jdbc.sql("delete from adjudication").update())
        .hasMessageContaining("is never changed");
  }

  @Test
  void a_verdict_keeps_to_the_rules_of_answers() {
    AnsweredTasks grades = new AnsweredTasks(jdbc, GRADE, 1, 1, 2);
    assertThatThrownBy(() -> decide(grades, 0, new Verdict.None()))
        .hasMessage("judgements must be one or more, are none");
    grades.answer(graded(0, 0));
    assertThatThrownBy(() -> decide(grades, 0, new Verdict.Own(graded(0, 4))))
        .hasMessage("levels.b must be 0..3, was 4");
    assertThatThrownBy(() -> decide(grades, 0, new Verdict.Own(ranked(1, 2))))
        .hasMessage("kind must be GRADE, was RANK");
    assertThatThrownBy(() -> decide(grades, 0, new Verdict.Counts(1)))
        .hasMessageContaining("the lead's own answer is kept");
    AnsweredTasks texts = new AnsweredTasks(jdbc, new Question.Edit(), 1, 1, 2);
    texts.answer(new Answer.Edited("better"));
    texts.answer(new Answer.Edited("best"));
    assertThatThrownBy(() -> decide(texts, 0, new Verdict.Counts(-5)))
        .hasMessageContaining("must be one of");
    assertThatThrownBy(() -> decide(texts, 0, new Verdict.Own(new Answer.Edited("mine"))))
        .hasMessageContaining("not another written");
    long best = judgements(texts.tasks.getFirst()).getLast();
    assertThat(decide(texts, 0, new Verdict.Counts(best))).isPresent();
    assertThat(adjudications.decisions(texts.tasks.getFirst()))
        .singleElement()
        .satisfies(each -> {
          assertThat(each.answer()).isEqualTo(new Answer.Edited("best"));
          assertThat(each.chosen()).isEqualTo(best);
        });
  }

  /// A strength as a snapshot has it, between the numbers of two responses of a task.
  private List<Integer> strengths(Dataset dataset) {
    return new DatasetRepository(jdbc)
        .preferences(dataset.id()).stream().map(preference -> preference.strength()).toList();
  }

  /// A choice of 3 is 4 of eight points, of -1 it is -2. A tie prefers nothing.
  @Test
  void a_new_snapshot_takes_a_decided_choice_and_the_old_one_is_made_again() {
    AnsweredTasks answered = new AnsweredTasks(jdbc, new Question.Choice(true), 2, 2, 2);
    answered.answer(chosen(3), chosen(3));
    answered.answer(chosen(-1), chosen(2));
    JudgementSnapshot snapshots = new JudgementSnapshot(jdbc, new ArtifactStore(folder, jdbc));
    Dataset before = snapshots.takeAll(answered.projectId, false).orElseThrow();
    assertThat(strengths(before)).containsExactlyInAnyOrder(4, -2, 4, 3);
    byte[] file = snapshots.again(before);
    assertThat(ContentHash.ofBytes(file)).isEqualTo(before.artifactSha256());
    assertThat(decide(answered, 0, new Verdict.Own(chosen(-2)))).isPresent();
    Dataset after = snapshots.takeAll(answered.projectId, false).orElseThrow();
    assertThat(after.artifactSha256()).isNotEqualTo(before.artifactSha256());
    assertThat(strengths(after)).containsExactlyInAnyOrder(-3, 4, 3);
    byte[] decided = snapshots.again(after);
    assertThat(ContentHash.ofBytes(decided)).isEqualTo(after.artifactSha256());
    assertThat(new String(decided, java.nio.charset.StandardCharsets.UTF_8))
        .containsOnlyOnce("\"adjudicated\":true");
    assertThat(decide(answered, 0, new Verdict.Own(chosen(0)))).isPresent();
    assertThat(strengths(snapshots.takeAll(answered.projectId, false).orElseThrow()))
        .containsExactlyInAnyOrder(4, 3);
    assertThat(decide(answered, 0, new Verdict.Own(bothBad()))).isPresent();
    assertThat(strengths(snapshots.takeAll(answered.projectId, false).orElseThrow()))
        .containsExactlyInAnyOrder(4, 3);
    assertThat(snapshots.again(before)).isEqualTo(file);
    assertThat(snapshots.again(after)).isEqualTo(decided);
  }

  /// Of three answers 2, 1, 2 the second is better than either other: two pairs.
  @Test
  void a_decided_ranking_is_its_pairs_in_a_new_snapshot() {
    AnsweredTasks answered = new AnsweredTasks(jdbc, new Question.Rank(true), 3, 1, 2);
    answered.answer(ranked(1, 2, 3));
    answered.answer(ranked(3, 2, 1));
    JudgementSnapshot snapshots = new JudgementSnapshot(jdbc, new ArtifactStore(folder, jdbc));
    Dataset before = snapshots.takeAll(answered.projectId, false).orElseThrow();
    assertThat(strengths(before)).hasSize(6);
    byte[] file = snapshots.again(before);
    assertThat(decide(answered, 0, new Verdict.Own(ranked(2, 1, 2)))).isPresent();
    Dataset after = snapshots.takeAll(answered.projectId, false).orElseThrow();
    // The second is b of the first pair and a of the second.
    assertThat(strengths(after)).containsExactly(3, -3);
    assertThat(
            new DatasetRepository(jdbc)
                .preferences(after.id()).stream()
                    .map(preference -> preference.taskKey().replaceAll(".*/", "/"))
                    .toList())
        .containsExactly("/0~1", "/1~2");
    assertThat(ContentHash.ofBytes(snapshots.again(after))).isEqualTo(after.artifactSha256());
    assertThat(decide(answered, 0, new Verdict.None())).isPresent();
    assertThat(snapshots.takeAll(answered.projectId, false)).isEmpty();
    assertThat(snapshots.again(before)).isEqualTo(file);
  }

  /// Other kinds than comparisons are no disputed comparisons.
  @Test
  void comparisons_are_listed_apart() {
    AnsweredTasks answered = new AnsweredTasks(jdbc, new Question.Choice(true), 2, 1, 2);
    answered.answer(chosen(-3));
    answered.answer(chosen(3));
    Adjudications comparisons = new Adjudications(jdbc);
    assertThat(comparisons.open(answered.projectId, 1, "", 10)).isEmpty();
    decide(answered, 0, new Verdict.None());
    assertThat(comparisons.counts(answered.projectId, 1).decided()).isZero();
  }
}
