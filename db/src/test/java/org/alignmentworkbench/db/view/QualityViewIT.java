package org.alignmentworkbench.db.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.task.Claim;
import org.alignmentworkbench.db.task.ClaimedSlot;
import org.alignmentworkbench.db.task.GoldRepository;
import org.alignmentworkbench.db.task.GoldRepository.Known;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.task.Judges;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.db.task.Submission;
import org.alignmentworkbench.db.view.QualityView.Reading;
import org.alignmentworkbench.db.view.QualityView.RoundCount;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Ada, who always prefers what is shown on the left, and a script that prefers the right, on three
/// comparisons.
class QualityViewIT {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final Grades LEFT = new Grades(2, 1, 0, 2);
  private static final Grades RIGHT = new Grades(0, 0, 1, 2);

  @AutoClose static final TestDatabase database = TestDatabase.migrated();
  private final JdbcClient jdbc = database.jdbc();
  private final QualityView view = new QualityView(jdbc, database.transactions());
  private TestProject project;
  private long ada;
  private long script;

  @BeforeEach
  void twoWhoJudge() {
    project = TestProject.create(jdbc, 3);
    project.makeTasks(jdbc, 2);
    ada = person("Ada", false);
    script = person("Script", true);
    for (int i = 0; i < 3; i++) {
      judge(ada, -3, false);
      judge(script, 1, true);
    }
  }

  private long person(String name, boolean scripted) {
    return new PersonRepository(jdbc)
        .create("p" + UUID.randomUUID(), name, null, Role.ANNOTATOR, scripted)
        .id();
  }

  private void judge(long person, int strength, boolean scripted) {
    Queue queue = new Queue(jdbc);
    ClaimedSlot slot =
        ((Claim.Claimed) queue.claim(project.id(), person, NOON, Duration.ofMinutes(10))).slot();
    queue.submit(
        new Submission(
            slot.slotId(), person, UUID.randomUUID(), strength, LEFT, RIGHT, "", 4200, 1, scripted),
        NOON);
  }

  private List<Reading> read(Judges judges, @Nullable Integer round) {
    List<Reading> readings = new ArrayList<>();
    view.read(project.id(), judges, round, readings::add);
    return readings;
  }

  @Test
  void a_judgement_is_read_in_the_tasks_own_order() {
    List<Reading> readings = read(Judges.PEOPLE, null);
    assertThat(readings).hasSize(3);
    for (Reading reading : readings) {
      assertThat(reading.personId()).isEqualTo(ada);
      assertThat(reading.strength()).isEqualTo(reading.aLeft() ? -3 : 3);
      assertThat(reading.leftWins()).isTrue();
      assertThat(reading.gradesA()).isEqualTo(reading.aLeft() ? LEFT : RIGHT);
      assertThat(reading.gradesB()).isEqualTo(reading.aLeft() ? RIGHT : LEFT);
      assertThat(reading.kind()).isEqualTo("list");
      assertThat(reading.language()).isNull();
      assertThat(reading.goldBWins()).isNull();
      assertThat(reading.activeMs()).isEqualTo(4200);
      assertThat(reading.at()).isEqualTo(NOON);
    }
    assertThat(readings).extracting(Reading::taskId).isSorted().doesNotHaveDuplicates();
    assertThat(readings)
        .extracting(Reading::responseA, Reading::responseB)
        .containsExactlyInAnyOrderElementsOf(
            List.of(0, 2, 4).stream()
                .map(i ->
                    tuple(project.responses().get(i).id(), project.responses().get(i + 1).id()))
                .toList());
  }

  @Test
  void people_and_scripts_never_mix_and_rounds_are_told_apart() {
    assertThat(read(Judges.SCRIPTS, null))
        .hasSize(3)
        .allSatisfy(reading -> assertThat(reading.personId()).isEqualTo(script))
        .allSatisfy(reading -> assertThat(reading.leftWins()).isFalse());
    assertThat(read(Judges.PEOPLE, 1)).hasSize(3);
    assertThat(read(Judges.PEOPLE, 2)).isEmpty();
    assertThat(view.rounds(project.id())).containsExactly(new RoundCount(1, 3, 3));
    assertThat(view.names(project.id())).isEqualTo(Map.of(ada, "Ada", script, "Script"));
    long other = TestProject.create(jdbc, 1).id();
    assertThat(view.rounds(other)).isEmpty();
    assertThat(view.names(other)).isEmpty();
  }

  @Test
  void language_gold_and_missing_grades_are_read_where_they_are() {
    Reading first = read(Judges.PEOPLE, null).getFirst();
    jdbc.sql(
            """
            update prompt
            set task = '{"language":"he"}'
            where id = (select prompt_id from task where id = :id)
            """)
        .param("id", first.taskId())
        .update();
    jdbc.sql("update judgement set grades = '{\"a\":{}}' where task_id = :id")
        .param("id", first.taskId())
        .update();
    GoldRepository gold = new GoldRepository(jdbc);
    gold.set(first.taskId(), new Known(false, true), ada, NOON);
    gold.set(first.taskId(), new Known(true, false), ada, NOON);
    List<Reading> readings = read(Judges.PEOPLE, null);
    assertThat(readings.getFirst().language()).isEqualTo("he");
    assertThat(readings.getFirst().gradesA()).isNull();
    assertThat(readings.getFirst().gradesB()).isNull();
    assertThat(readings).extracting(Reading::goldBWins).containsExactly(true, null, null);
    assertThat(gold.of(first.taskId())).hasValue(new Known(true, false));
    assertThat(gold.clear(first.taskId())).isTrue();
    assertThat(gold.clear(first.taskId())).isFalse();
    assertThat(gold.of(first.taskId())).isEmpty();
  }

  /// More rows than one fetch holds, so the cursor is used; nothing is lost between fetches.
  @Test
  void many_judgements_are_read_some_at_a_time() {
    jdbc.sql(
            """
            with many as (
              insert into task (project_id, key, round, prompt_id, response_a, response_b,
                shuffle_key, overlap)
              select project_id, 'many-' || n, 7, prompt_id, response_a, response_b, n, 1
              from (select * from task where project_id = :p limit 1) t,
                generate_series(1, 5000) n
              returning id, project_id
            ), slots as (
              insert into slot (task_id, ordinal, project_id, shuffle_key, a_left, done)
              select id, 0, project_id, id, true, true
              from many
              returning id, task_id
            )
            insert into judgement (slot_id, task_id, person_id, strength, grades, a_left, active_ms,
              guideline_version, scripted, idempotency_key)
            select id, task_id, :ada, 2, '{}', true, 1, 1, false, gen_random_uuid()
            from slots
            """)
        .param("p", project.id())
        .param("ada", ada)
        .update();
    List<Reading> readings = read(Judges.PEOPLE, 7);
    assertThat(readings).hasSize(5000);
    assertThat(readings).extracting(Reading::taskId).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void tasks_are_found_in_their_own_project_alone() {
    List<Long> ids = read(Judges.PEOPLE, null).stream().map(Reading::taskId).toList();
    assertThat(view.tasks(project.id(), ids).keySet()).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(view.tasks(project.id(), ids).get(ids.getFirst()).prompt()).startsWith("Prompt ");
    assertThat(view.tasks(TestProject.create(jdbc, 1).id(), ids)).isEmpty();
    assertThat(view.tasks(project.id(), List.of())).isEmpty();
  }

  @Test
  void a_comparison_is_read_with_all_that_was_said_of_it() {
    long task = read(Judges.PEOPLE, null).getFirst().taskId();
    QualityView.Comparison comparison = view.comparison(project.id(), task).orElseThrow();
    assertThat(comparison.prompt()).startsWith("Prompt ");
    assertThat(comparison.a()).startsWith("Response ").isNotEqualTo(comparison.b());
    assertThat(comparison.goldBWins()).isNull();
    assertThat(view.comparison(TestProject.create(jdbc, 1).id(), task)).isEmpty();
    assertThat(view.said(task))
        .extracting(QualityView.Said::name, QualityView.Said::scripted)
        .containsExactlyInAnyOrder(tuple("Ada", false), tuple("Script", true));
    assertThat(view.ofPrompt(comparison.promptId(), 5))
        .containsExactly(new QualityView.OfPrompt(task, comparison.key(), 2));
  }

  /// Ada always takes the left one and the script the right one, so of a known answer one is right.
  @Test
  void known_answers_are_held_against_the_judgements_of_either_kind() {
    Reading first = read(Judges.PEOPLE, null).getFirst();
    new GoldRepository(jdbc).set(first.taskId(), new Known(first.bWins(), false), ada, NOON);
    assertThat(view.known(project.id(), Judges.PEOPLE, null, 9))
        .extracting(QualityView.Known::judged, QualityView.Known::right)
        .containsExactly(tuple(1L, 1L));
    Reading script =
        read(Judges.SCRIPTS, null).stream()
            .filter(reading -> reading.taskId() == first.taskId())
            .findFirst()
            .orElseThrow();
    assertThat(view.known(project.id(), Judges.SCRIPTS, 1, 9))
        .extracting(QualityView.Known::judged, QualityView.Known::right)
        .containsExactly(tuple(1L, script.bWins() == first.bWins() ? 1L : 0L));
    assertThat(view.known(project.id(), Judges.PEOPLE, 2, 9)).isEmpty();
  }
}
