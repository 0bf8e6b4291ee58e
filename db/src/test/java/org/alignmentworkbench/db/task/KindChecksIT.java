package org.alignmentworkbench.db.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.dataset.JudgementSnapshot;
import org.alignmentworkbench.db.exchange.WorkRow;
import org.alignmentworkbench.db.exchange.WorkRows;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.Answer.Passage;
import org.alignmentworkbench.db.kind.Dimension;
import org.alignmentworkbench.db.kind.KnownAnswer;
import org.alignmentworkbench.db.kind.KnownAnswer.Better;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Known answers of grades, choices, rankings and passages in the queue.
class KindChecksIT {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final Duration UNDO = Duration.ofMinutes(2);
  private static final Duration LEASE = Duration.ofMinutes(10);
  private static final Question GRADE =
      new Question.Grade(List.of(new Dimension("tone", "Tone", List.of("rude", "plain", "warm"))));
  private static final Question SPAN = new Question.Span(List.of("Wrong", "Rude"));

  @TempDir static Path folder;
  @AutoClose private static final TestDatabase database = TestDatabase.migrated();
  private static int names;

  private static long person() {
    String name = "kind-check-" + ++names;
    return new PersonRepository(database.jdbc())
        .create(name, name, null, Role.ANNOTATOR, false)
        .id();
  }

  /// A project with one set-up, its tasks in order of their keys.
  private static final class Kinds {
    final TestProject project;
    final long lead = person();
    final long setup;
    final List<Long> tasks;
    final Queue queue = new Queue(database.jdbc());
    final WorkSlots slots = new WorkSlots(database.jdbc(), queue);
    Instant now = NOON;

    Kinds(Question question, int prompts, int overlap) {
      this(question, prompts, overlap, 0);
    }

    Kinds(Question question, int prompts, int overlap, int repeatPercent) {
      project = TestProject.create(database.jdbc(), prompts);
      int answers = question.kind().fewestAnswers();
      List<NewWork> work =
          project.prompts().stream()
              .map(prompt ->
                  new NewWork(
                      prompt.id(),
                      project.responses().stream()
                          .filter(response -> response.promptId() == prompt.id())
                          .limit(answers)
                          .map(response -> response.id())
                          .toList()))
              .toList();
      setup =
          new Setups(database.jdbc())
              .make(
                  project.id(),
                  question,
                  null,
                  overlap,
                  repeatPercent,
                  false,
                  "{}",
                  work,
                  lead,
                  NOON)
              .setupId();
      tasks =
          database
              .jdbc()
              .sql("select id from task where setup_id = :s order by key")
              .param("s", setup)
              .query(Long.class)
              .list();
    }

    void know(int task, KnownAnswer known) {
      new GoldRepository(database.jdbc()).set(tasks.get(task), known, false, lead, NOON);
    }

    void rule(CheckRule rule) {
      new CheckRules(database.jdbc()).set(project.id(), rule, lead, NOON);
    }

    /// Answers what is dealt, until there is nothing or so many, and tells the purposes.
    List<String> work(long person, int most, Answer answer) {
      List<String> purposes = new ArrayList<>();
      while (purposes.size() < most
          && queue.claim(project.id(), person, now, LEASE) instanceof Claim.Claimed(var slot)) {
        now = now.plusSeconds(10);
        purposes.add(purpose(slot.slotId()));
        SubmitOutcome outcome =
            slots.submit(
                new WorkSubmission(
                    slot.slotId(), person, UUID.randomUUID(), answer, "", 1000, 0, false),
                now);
        assertThat(outcome).isInstanceOf(SubmitOutcome.Accepted.class);
      }
      return purposes;
    }

    Found found(long person) {
      return new Admissions(database.jdbc()).found(project.id(), person);
    }
  }

  private static String purpose(long slot) {
    return database
        .jdbc()
        .sql("select purpose from slot where id = :id")
        .param("id", slot)
        .query(String.class)
        .single();
  }

  private static Answer grade(int level) {
    var levels = new LinkedHashMap<String, Integer>();
    levels.put("tone", level);
    return new Answer.Graded(levels);
  }

  private static KnownAnswer level(int level) {
    var levels = new LinkedHashMap<String, Integer>();
    levels.put("tone", level);
    return new KnownAnswer.Levels(levels);
  }

  private static Answer wrong(int from, int to) {
    return new Answer.Marked(List.of(new Passage(from, to, "Wrong")));
  }

  private static KnownAnswer passages(int atLeast, Passage... passages) {
    return new KnownAnswer.Passages(List.of(passages), atLeast);
  }

  private static CheckRule rule(int percent, CheckRule.Below below, int qualify) {
    return new CheckRule(percent, 0, false, 70, 5, below, qualify, 70);
  }

  @Test
  void checks_are_dealt_beside_grades_and_wrong_ones_stop() {
    Kinds kinds = new Kinds(GRADE, 80, 1);
    for (int i = 0; i < 30; i++) {
      kinds.know(i, level(2));
    }
    kinds.rule(rule(30, CheckRule.Below.STOP, 0));
    // Checks are of tasks whose work is done: somebody has to have done it.
    kinds.work(person(), 48, grade(2));
    long careful = person();
    List<String> done = kinds.work(careful, 20, grade(2));
    assertThat(done).contains("CHECK", "WORK");
    Found found = kinds.found(careful);
    assertThat(found.right()).isEqualTo(found.judged()).isPositive();
    long careless = person();
    kinds.work(careless, 40, grade(0));
    assertThat(kinds.found(careless).right()).isZero();
    assertThat(kinds.queue.claim(kinds.project.id(), careless, kinds.now, LEASE))
        .isInstanceOf(Claim.NotAdmitted.class);
  }

  @Test
  void a_qualification_of_grades_comes_before_any_work() {
    Kinds kinds = new Kinds(GRADE, 20, 2);
    for (int i = 0; i < 5; i++) {
      kinds.know(i, level(1));
    }
    kinds.rule(rule(0, CheckRule.Below.NOTHING, 4));
    long good = person();
    assertThat(kinds.work(good, 6, grade(1)))
        .containsExactly("QUALIFY", "QUALIFY", "QUALIFY", "QUALIFY", "WORK", "WORK");
    long bad = person();
    assertThat(kinds.work(bad, 6, grade(0)))
        .containsExactly("QUALIFY", "QUALIFY", "QUALIFY", "QUALIFY");
  }

  /// An answer of people is turned to the task's own order by the slot; what is known is in it.
  @Test
  void a_choice_is_right_by_its_side_and_a_ranking_by_its_order() {
    Kinds choice = new Kinds(new Question.Choice(true), 8, 1);
    for (int i = 0; i < 8; i++) {
      choice.know(i, new KnownAnswer.Side(Better.BOTH_BAD));
    }
    long person = person();
    Answer bad = new Answer.Chosen(Answer.Choice.BOTH_BAD, 0, List.of(0, 1));
    choice.work(person, 3, bad);
    assertThat(choice.found(person).right()).isEqualTo(3);
    choice.work(person, 2, new Answer.Chosen(Answer.Choice.TIE, 0, List.of(0, 1)));
    assertThat(choice.found(person).right()).isEqualTo(3);
    assertThat(choice.found(person).judged()).isEqualTo(5);

    Kinds rank = new Kinds(new Question.Rank(true), 8, 1);
    for (int i = 0; i < 8; i++) {
      rank.know(i, new KnownAnswer.Places(List.of(1, 2)));
    }
    long ranking = person();
    rank.work(ranking, 8, new Answer.Ranked(List.of(1, 2), List.of(0, 1)));
    // Of those whose slot showed the answers in the task's order.
    long straight =
        database
            .jdbc()
            .sql(
                """
                select count(*)
                from judgement j
                join task t on t.id = j.task_id
                where t.setup_id = :s
                  and j.answer -> 'shown' ->> 0 = '0'
                """)
            .param("s", rank.setup)
            .query(Long.class)
            .single();
    assertThat(rank.found(ranking)).isEqualTo(new Found(straight, 8));
    long tying = person();
    Kinds tied = new Kinds(new Question.Rank(true), 3, 1);
    IntStream.range(0, 3).forEach(i -> tied.know(i, new KnownAnswer.Places(List.of(1, 2))));
    tied.work(tying, 3, new Answer.Ranked(List.of(1, 1), List.of(0, 1)));
    assertThat(tied.found(tying)).isEqualTo(new Found(0, 3));
  }

  private static boolean right(KnownAnswer known, Answer answer) {
    Kinds kinds = new Kinds(SPAN, 1, 1);
    kinds.know(0, known);
    long person = person();
    kinds.work(person, 1, answer);
    assertThat(kinds.found(person).judged()).isOne();
    return kinds.found(person).right() == 1;
  }

  /// By hand. Of 0..4 and 0..2 two characters are common of four and two: 2 * 2 / 6 is 66.7 %. Of
  /// 0..4 and 0..12 it is 2 * 4 / 16, 50 % and no less.
  @Test
  void passages_are_right_from_a_known_f1_on_with_the_same_reason() {
    Passage four = new Passage(0, 4, "Wrong");
    assertThat(right(passages(66, four), wrong(0, 2))).isTrue();
    assertThat(right(passages(67, four), wrong(0, 2))).isFalse();
    assertThat(right(passages(50, four), wrong(0, 12))).as("as much as is asked for").isTrue();
    assertThat(right(passages(51, four), wrong(0, 12))).isFalse();
    assertThat(right(passages(1, four), wrong(4, 8))).isFalse();
    Answer rude = new Answer.Marked(List.of(new Passage(0, 4, "Rude")));
    assertThat(right(passages(1, four), rude)).as("for another reason").isFalse();
    // Whole where passages overlap, and where one was marked in two parts.
    Answer parts =
        new Answer.Marked(List.of(new Passage(0, 3, "Wrong"), new Passage(2, 4, "Wrong")));
    assertThat(right(passages(100, four), parts)).isTrue();
    Answer both = new Answer.Marked(List.of(four, new Passage(6, 10, "Rude")));
    assertThat(right(passages(100, four, new Passage(6, 10, "Rude")), both)).isTrue();
    assertThat(right(passages(100, four), both)).isFalse();
  }

  @Test
  void that_nothing_is_to_be_marked_may_be_known() {
    Answer nothing = new Answer.Marked(List.of());
    assertThat(right(passages(100), nothing)).isTrue();
    assertThat(right(passages(1), wrong(0, 1))).isFalse();
    assertThat(right(passages(1, new Passage(0, 1, "Wrong")), nothing)).isFalse();
  }

  @Test
  void known_passages_are_dealt_as_a_qualification_and_as_checks() {
    Kinds kinds = new Kinds(SPAN, 40, 1);
    for (int i = 0; i < 20; i++) {
      kinds.know(i, passages(50, new Passage(0, 8, "Wrong")));
    }
    kinds.rule(rule(30, CheckRule.Below.STOP, 3));
    kinds.work(person(), 43, wrong(0, 8));
    long careful = person();
    List<String> done = kinds.work(careful, 20, wrong(0, 6));
    assertThat(done.subList(0, 3)).containsOnly("QUALIFY");
    long careless = person();
    assertThat(kinds.work(careless, 20, wrong(8, 10)))
        .containsExactly("QUALIFY", "QUALIFY", "QUALIFY");
    assertThat(kinds.queue.claim(kinds.project.id(), careless, kinds.now, LEASE))
        .isInstanceOf(Claim.NotAdmitted.class);
  }

  /// One of another kind would stand out among tasks that all are of one.
  @Test
  void a_check_stands_among_tasks_of_its_own_set_up() {
    Kinds kinds = new Kinds(GRADE, 60, 1);
    List<NewWork> work =
        kinds.project.prompts().stream()
            .map(prompt ->
                new NewWork(
                    prompt.id(),
                    kinds.project.responses().stream()
                        .filter(response -> response.promptId() == prompt.id())
                        .limit(1)
                        .map(response -> response.id())
                        .toList()))
            .toList();
    new Setups(database.jdbc()).make(kinds.project.id(), SPAN, 1, "{}", work, kinds.lead, NOON);
    for (long task : known(kinds, 40)) {
      new GoldRepository(database.jdbc())
          .set(
              task,
              kinds.tasks.contains(task) ? level(2) : passages(50, new Passage(0, 8, "Wrong")),
              false,
              kinds.lead,
              NOON);
    }
    kinds.rule(rule(40, CheckRule.Below.NOTHING, 0));
    long first = person();
    assertThat(kinds.work(first, 40, grade(2))).containsOnly("WORK");
    for (int i = 0; i < 20; i++) {
      Claim claim = kinds.queue.claim(kinds.project.id(), first, kinds.now, LEASE);
      kinds.queue.skip(((Claim.Claimed) claim).slot().slotId(), first, "long", kinds.now);
    }
    assertThat(kinds.work(first, 40, wrong(0, 8))).containsOnly("WORK");

    long person = person();
    List<String> dealt = new ArrayList<>();
    while (kinds.queue.claim(kinds.project.id(), person, kinds.now, LEASE)
        instanceof Claim.Claimed(var slot)) {
      dealt.add(slot.kind() + " " + purpose(slot.slotId()));
      kinds.now = kinds.now.plusSeconds(10);
      kinds.slots.submit(
          new WorkSubmission(
              slot.slotId(),
              person,
              UUID.randomUUID(),
              slot.kind() == TaskKind.GRADE ? grade(2) : wrong(0, 8),
              "",
              1000,
              0,
              false),
          kinds.now);
    }
    assertThat(dealt).contains("GRADE CHECK", "SPAN CHECK");
    int spans = (int) dealt.stream().filter(each -> each.startsWith("SPAN")).count();
    assertThat(dealt.subList(dealt.size() - spans, dealt.size()))
        .as("one set-up after the other, with its checks")
        .allMatch(each -> each.startsWith("SPAN"));
  }

  /// So many tasks of each set-up.
  private static List<Long> known(Kinds kinds, int each) {
    return database
        .jdbc()
        .sql(
            """
            select id
            from (
              select id, row_number() over (partition by setup_id order by key) as number
              from task
              where project_id = :p
            ) t
            where number <= :each
            order by id
            """)
        .param("p", kinds.project.id())
        .param("each", each)
        .query(Long.class)
        .list();
  }

  /// What can still be taken back does not count: the tenth is told with the eleventh.
  @Test
  void people_see_their_agreement_with_known_passages_ten_at_a_time() {
    Kinds kinds = new Kinds(SPAN, 11, 1);
    for (int i = 0; i < 11; i++) {
      kinds.know(i, passages(50, new Passage(0, 8, "Wrong")));
    }
    long person = person();
    CheckedPeople people = new CheckedPeople(database.jdbc());
    kinds.work(person, 4, wrong(8, 9));
    kinds.work(person, 6, wrong(0, 8));
    assertThat(people.shown(kinds.project.id(), person)).isEqualTo(new Found(0, 0));
    kinds.work(person, 1, wrong(0, 8));
    assertThat(people.shown(kinds.project.id(), person)).isEqualTo(new Found(6, 10));
    assertThat(people.of(kinds.project.id(), 10))
        .filteredOn(each -> each.personId() == person)
        .extracting(CheckedPeople.Checked::found)
        .containsExactly(new Found(7, 11));
  }

  @Test
  void nobody_qualifies_by_skipping() {
    for (Question question :
        List.of(GRADE, new Question.Choice(true), new Question.Rank(true), SPAN)) {
      Kinds kinds = new Kinds(question, 6, 1);
      KnownAnswer known =
          switch (question.kind()) {
            case GRADE -> level(1);
            case CHOICE -> new KnownAnswer.Side(Better.A);
            case RANK -> new KnownAnswer.Places(List.of(1, 2));
            default -> passages(50);
          };
      IntStream.range(0, 6).forEach(task -> kinds.know(task, known));
      kinds.rule(rule(0, CheckRule.Below.NOTHING, 3));
      long person = person();
      for (int i = 0; i < 3; i++) {
        Claim claim = kinds.queue.claim(kinds.project.id(), person, kinds.now, LEASE);
        kinds.queue.skip(((Claim.Claimed) claim).slot().slotId(), person, "broken", kinds.now);
      }
      assertThat(kinds.queue.claim(kinds.project.id(), person, kinds.now, LEASE))
          .as(question.kind().name())
          .isInstanceOf(Claim.NotAdmitted.class);
    }
  }

  /// A choice as its slot showed it.
  private record Shown(String purpose, long task, List<String> texts) {}

  /// Makes choices that are dealt, always for the left one, until there are none.
  private static List<Shown> choose(Kinds kinds, long person) {
    List<Shown> shown = new ArrayList<>();
    while (kinds.queue.claim(kinds.project.id(), person, kinds.now, LEASE)
        instanceof Claim.Claimed(var slot)) {
      long task =
          database
              .jdbc()
              .sql("select task_id from slot where id = :id")
              .param("id", slot.slotId())
              .query(Long.class)
              .single();
      Work work = kinds.slots.held(slot.slotId(), person).orElseThrow();
      shown.add(new Shown(purpose(slot.slotId()), task, work.answers()));
      kinds.now = kinds.now.plusSeconds(10);
      kinds.slots.submit(
          new WorkSubmission(
              slot.slotId(),
              person,
              UUID.randomUUID(),
              new Answer.Chosen(Answer.Choice.PREFERS, -3, List.of(0, 1)),
              "",
              1000,
              0,
              false),
          kinds.now);
    }
    return shown;
  }

  /// A fifth of the 20 tasks that are ahead after 20 and after 40 of them, and of what is left
  /// after 60: as of comparisons.
  @Test
  void a_choice_is_asked_again_with_the_sides_swapped_and_counts_nowhere() throws Exception {
    Kinds kinds = new Kinds(new Question.Choice(true), 60, 1, 20);
    long person = person();
    List<Shown> all = choose(kinds, person);
    List<Shown> repeats = all.stream().filter(s -> s.purpose().equals("REPEAT")).toList();
    assertThat(repeats).hasSizeBetween(9, 10);
    assertThat(all).hasSize(60 + repeats.size());
    for (Shown repeat : repeats) {
      Shown first = all.stream().filter(s -> s.task() == repeat.task()).findFirst().orElseThrow();
      assertThat(first.purpose()).isEqualTo("WORK");
      assertThat(repeat.texts()).isEqualTo(first.texts().reversed());
      assertThat(all.indexOf(repeat) - all.indexOf(first)).isGreaterThan(Dealing.APART);
    }
    assertThat(repeats.stream().map(Shown::task).distinct()).hasSize(repeats.size());
    // Who always takes the left one prefers the other answer the second time.
    assertThat(
            database
                .jdbc()
                .sql(
                    """
                    select count(*)
                    from judgement again
                    join judgement first on first.task_id = again.task_id
                      and first.person_id = again.person_id
                      and first.purpose = 'WORK'
                    where again.purpose = 'REPEAT'
                      and again.person_id = :person
                      and again.answer ->> 'choice' = 'PREFERS'
                      and (again.answer ->> 'strength')::int = - (first.answer ->> 'strength')::int
                      and again.answer -> 'shown' <> first.answer -> 'shown'
                    """)
                .param("person", person)
                .query(Long.class)
                .single())
        .isEqualTo(repeats.size());
    check(kinds, List.of());
    assertThat(new Setups(database.jdbc()).ofProject(kinds.project.id()))
        .singleElement()
        .satisfies(setup -> {
          assertThat(setup.judged()).isEqualTo(60);
          assertThat(setup.wanted()).isEqualTo(60);
          assertThat(setup.repeatPercent()).isEqualTo(20);
        });
    assertThat(new TaskRepository(database.jdbc()).progress(kinds.project.id(), kinds.now))
        .isEqualTo(new Progress(60, 0, 0, 60));
    ArtifactStore store = new ArtifactStore(folder, database.jdbc());
    assertThat(
            new JudgementSnapshot(database.jdbc(), store)
                .takeAll(kinds.project.id(), false)
                .orElseThrow()
                .rowCount())
        .as("what is learnt")
        .isEqualTo(60);
  }

  @Test
  void a_share_of_one_set_up_or_of_the_comparisons_repeats_nothing_of_another() {
    Kinds kinds = new Kinds(new Question.Choice(false), 40, 1);
    kinds.rule(new CheckRule(0, 50, false, 70, 5, CheckRule.Below.NOTHING, 0, 70));
    assertThat(choose(kinds, person())).hasSize(40).allMatch(s -> s.purpose().equals("WORK"));
    assertThatThrownBy(() -> new Kinds(GRADE, 1, 1, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("repeats must be 0..50 percent of a CHOICE", "was 10 of a GRADE");
    assertThatThrownBy(() -> new Kinds(new Question.Choice(false), 1, 1, 51))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("was 51 of a CHOICE");
  }

  /// Random people, crashes and clock jumps: whatever happens, a repeat belongs to one person, adds
  /// nothing to a task's overlap, and leaves with no export.
  @Test
  void repeats_of_choices_keep_their_invariants_whatever_people_do() {
    int repeats = 0;
    for (long seed = 1; seed <= 3; seed++) {
      Random random = new Random(seed);
      Kinds kinds = new Kinds(new Question.Choice(true), 50, 2, 50);
      List<Long> people = IntStream.range(0, 3).mapToObj(_ -> person()).toList();
      for (int step = 0; step < 160; step++) {
        long person = people.get(random.nextInt(people.size()));
        int strength = random.nextInt(7) - 3;
        kinds.now = kinds.now.plusSeconds(random.nextInt(700));
        act(
            kinds,
            person,
            random,
            new Answer.Chosen(
                strength == 0 ? Answer.Choice.TIE : Answer.Choice.PREFERS,
                strength,
                List.of(0, 1)));
        check(kinds, people);
      }
      repeats +=
          database
              .jdbc()
              .sql(
                  """
                  select count(*)
                  from judgement j
                  join task t on t.id = j.task_id
                  where t.setup_id = :s
                    and j.purpose = 'REPEAT'
                  """)
              .param("s", kinds.setup)
              .query(Integer.class)
              .single();
    }
    assertThat(repeats).as("repeats that were judged in all walks").isGreaterThan(10);
  }

  /// Random people, crashes and clock jumps: whatever happens, a check belongs to one person, adds
  /// nothing to a task's overlap, and leaves with no export.
  @Test
  void checks_keep_their_invariants_whatever_people_do_and_take_back() {
    int takenBack = 0;
    for (long seed = 1; seed <= 4; seed++) {
      takenBack += walk(seed, GRADE, level(1), random -> grade(random.nextInt(3)));
    }
    assertThat(takenBack).isGreaterThan(20);
  }

  @Test
  void checks_of_passages_keep_their_invariants_too() {
    int takenBack = 0;
    for (long seed = 11; seed <= 13; seed++) {
      KnownAnswer known = seed == 11 ? passages(100) : passages(60, new Passage(2, 8, "Wrong"));
      takenBack +=
          walk(
              seed,
              SPAN,
              known,
              random -> {
                int from = random.nextInt(6);
                return random.nextInt(3) == 0
                    ? new Answer.Marked(List.of())
                    : wrong(from, from + 1 + random.nextInt(8));
              });
    }
    assertThat(takenBack).isGreaterThan(15);
  }

  /// @return how often somebody took something back
  private static int walk(
      long seed, Question question, KnownAnswer known, Function<Random, Answer> drawn) {
    int takenBack = 0;
    Random random = new Random(seed);
    Kinds kinds = new Kinds(question, 15, 2);
    for (int i = 0; i < 6; i++) {
      kinds.know(i, known);
    }
    kinds.rule(new CheckRule(40, 0, false, 50, 3, CheckRule.Below.NOTHING, random.nextInt(3), 1));
    List<Long> people = IntStream.range(0, 5).mapToObj(_ -> person()).toList();
    for (int step = 0; step < 120; step++) {
      long person = people.get(random.nextInt(people.size()));
      kinds.now = kinds.now.plusSeconds(random.nextInt(random.nextInt(3) > 0 ? 40 : 700));
      act(kinds, person, random, drawn.apply(random));
      check(kinds, people);
      // Sooner or later than it can be, by the one who acted or by somebody else.
      if (random.nextInt(3) == 0) {
        kinds.now = kinds.now.plusSeconds(random.nextInt(160));
        long undoing = people.get(random.nextInt(people.size()));
        takenBack += takeBack(kinds, random.nextBoolean() ? person : undoing) ? 1 : 0;
        check(kinds, people);
      }
    }
    return takenBack;
  }

  /// Takes back what somebody did last, twice as an impatient hand would.
  private static boolean takeBack(Kinds kinds, long person) {
    Undo undo = new Undo(database.jdbc(), database.transactions(), kinds.queue);
    Optional<Undo.Act> last = undo.last(person, kinds.now, UNDO);
    if (last.isEmpty()) {
      return false;
    }
    long slot = last.get().slotId();
    String purpose = purpose(slot);
    for (int time = 0; time < 2; time++) {
      UndoOutcome outcome = undo.takeBack(person, slot, kinds.now, UNDO, LEASE, _ -> "{}");
      if (!(outcome instanceof UndoOutcome.TakenBack)
          && !(outcome instanceof UndoOutcome.AlreadyInHand)) {
        // Somebody else has what was skipped, or the answer failed a qualification.
        assertThat(outcome)
            .isInstanceOfAny(UndoOutcome.TakenByOther.class, UndoOutcome.Closed.class);
        return false;
      }
      assertThat(outcome instanceof UndoOutcome.TakenBack).isEqualTo(time == 0);
    }
    assertThat(purpose(slot)).as("a check stays one").isEqualTo(purpose);
    assertThat(kinds.queue.held(slot, person)).as("in hand again").isPresent();
    return true;
  }

  private static void act(Kinds kinds, long person, Random random, Answer answer) {
    if (!(kinds.queue.claim(kinds.project.id(), person, kinds.now, LEASE)
        instanceof Claim.Claimed(var slot))) {
      return;
    }
    switch (random.nextInt(6)) {
      // Somebody's machine crashes: nothing more is heard.
      case 0 -> {}
      case 1 -> kinds.queue.skip(slot.slotId(), person, "broken", kinds.now);
      case 2 -> kinds.queue.release(slot.slotId(), person);
      default -> {
        UUID key = UUID.randomUUID();
        for (int i = 0; i <= random.nextInt(2); i++) {
          kinds.slots.submit(
              new WorkSubmission(slot.slotId(), person, key, answer, "", 10, 0, false), kinds.now);
        }
      }
    }
  }

  private static void check(Kinds kinds, List<Long> people) {
    long loose =
        database
            .jdbc()
            .sql(
                """
                select count(*)
                from slot s
                where s.project_id = :p
                  and (s.done <> exists (select from judgement j where j.slot_id = s.id)
                    or (s.leased_by is not null and 1 < (
                      select count(*)
                      from slot o
                      where o.project_id = :p and o.leased_by = s.leased_by)))
                """)
            .param("p", kinds.project.id())
            .query(Long.class)
            .single();
    assertThat(loose).as("a slot is done by its judgement, and a person holds one").isZero();
    for (long person : people) {
      long known =
          database
              .jdbc()
              .sql(
                  """
                  select count(*)
                  from judgement j
                  join task t on t.id = j.task_id
                  where t.setup_id = :s
                    and j.person_id = :person
                    and j.purpose in ('WORK', 'CHECK')
                    and exists (select from gold g where g.task_id = t.id)
                  """)
              .param("s", kinds.setup)
              .param("person", person)
              .query(Long.class)
              .single();
      assertThat(kinds.found(person).judged())
          .as("what was taken back is not found")
          .isEqualTo(known);
    }
    long wrong =
        database
            .jdbc()
            .sql(
                """
                select count(*)
                from slot s
                left join judgement j on j.slot_id = s.id
                where s.project_id = :p
                  and s.purpose <> 'WORK'
                  and (s.dealt_to is null
                    or coalesce(s.leased_by, s.dealt_to) <> s.dealt_to
                    or coalesce(j.person_id, s.dealt_to) <> s.dealt_to
                    or coalesce(j.purpose, s.purpose) <> s.purpose)
                """)
            .param("p", kinds.project.id())
            .query(Long.class)
            .single();
    assertThat(wrong).as("a check belongs to one person").isZero();
    long tasks =
        database
            .jdbc()
            .sql(
                """
                select count(*)
                from task t
                where t.project_id = :p
                  and (
                    (
                      select count(*)
                      from slot s
                      where s.task_id = t.id and s.purpose = 'WORK'
                    ) <> t.overlap
                    or (
                      select count(*)
                      from judgement j
                      where j.task_id = t.id and j.purpose = 'WORK'
                    ) > t.overlap)
                """)
            .param("p", kinds.project.id())
            .query(Long.class)
            .single();
    assertThat(tasks).as("the overlap of work is exact").isZero();
    long work =
        database
            .jdbc()
            .sql(
                """
                select count(*)
                from judgement j
                join task t on t.id = j.task_id
                where t.setup_id = :s
                  and j.purpose = 'WORK'
                """)
            .param("s", kinds.setup)
            .query(Long.class)
            .single();
    Set<String> exported = new HashSet<>();
    try (var rows = new WorkRows(database.jdbc()).of(kinds.setup)) {
      rows.filter(row -> row.answer() != null)
          .map((WorkRow row) -> row.taskKey() + "#" + row.ordinal() + "#" + row.annotator())
          .forEach(exported::add);
    }
    assertThat(exported).as("no check is exported").hasSize((int) work);
  }
}
