package org.alignmentworkbench.db.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.task.Claim.Claimed;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.task.NewWork;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.db.task.Setup;
import org.alignmentworkbench.db.task.Setups;
import org.alignmentworkbench.db.task.Submission;
import org.alignmentworkbench.db.task.WorkSlots;
import org.alignmentworkbench.db.task.WorkSubmission;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class RankedPairsIT {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

  @AutoClose static final TestDatabase database = TestDatabase.migrated();
  @TempDir Path home;
  private final JdbcClient jdbc = database.jdbc();
  private final long ann = TestProject.annotator(jdbc);

  private long claim(TestProject project) {
    return ((Claimed) new Queue(jdbc).claim(project.id(), ann, NOON, Duration.ofMinutes(5)))
        .slot()
        .slotId();
  }

  private void setUp(TestProject project, Question question, List<Long> responses) {
    setUp(project, question, responses, 1);
  }

  private void setUp(TestProject project, Question question, List<Long> responses, int overlap) {
    new Setups(jdbc)
        .make(
            project.id(),
            question,
            overlap,
            "{}",
            List.of(new NewWork(project.prompts().getFirst().id(), responses)),
            ann,
            NOON);
  }

  /// Two responses to one prompt: a comparison says "slightly" (2), a ranking only which is better.
  @Test
  void a_ranking_gives_a_snapshot_the_pairs_that_do_not_tie() throws Exception {
    TestProject project = TestProject.create(jdbc, 1);
    long third = third(project);
    List<Long> responses =
        List.of(project.responses().get(0).id(), project.responses().get(1).id(), third);
    setUp(project, new Question.Rank(true), responses);
    Queue queue = new Queue(jdbc);
    long slot = claim(project);
    WorkSlots slots = new WorkSlots(jdbc, queue);
    // "third" is the best, the other two tie.
    List<Integer> places =
        slots.held(slot, ann).orElseThrow().answers().stream()
            .map(text -> text.equals("third") ? 1 : 2)
            .toList();
    slots.submit(
        new WorkSubmission(
            slot, ann, UUID.randomUUID(), new Answer.Ranked(places, List.of()), "", 1, 0, true),
        NOON);
    setUp(project, new Question.Pair(), responses.subList(0, 2));
    Grades fair = new Grades(1, 1, 1, 1);
    long pair = claim(project);
    boolean zeroLeft = queue.held(pair, ann).orElseThrow().left().startsWith("Response 0");
    queue.submit(
        new Submission(pair, ann, UUID.randomUUID(), zeroLeft ? -2 : 2, fair, fair, "", 1, 0, true),
        NOON);

    ArtifactStore store = new ArtifactStore(home, jdbc);
    Dataset dataset = new JudgementSnapshot(jdbc, store).take(project.id(), "s", 0, 0, true, null);
    List<Preference> rows = new DatasetRepository(jdbc).preferences(dataset.id());
    assertThat(rows)
        .extracting(row -> row.a().text() + " " + row.strength() + " " + row.b().text())
        .containsExactly(
            "Response 0 to Prompt 0 -2 Response 1 to Prompt 0",
            "Response 0 to Prompt 0 3 third",
            "Response 1 to Prompt 0 3 third");
    assertThat(rows).extracting(Preference::taskKey).doesNotHaveDuplicates();
    assertThat(rows.getFirst().a().grades()).isEqualTo(fair);
    assertThat(rows.getLast().a().grades()).isNull();
    assertThat(Files.readAllLines(store.open(dataset.artifactSha256()))).hasSize(3);
    assertThat(dataset.rowCount()).isEqualTo(3);
  }

  /// "Better" (2) of seven points is "better" (3) of eight; a tie and two bad answers teach
  /// nothing.
  @Test
  void a_tie_and_both_bad_are_counted_and_give_no_pair() {
    TestProject project = TestProject.create(jdbc, 1);
    setUp(project, new Question.Choice(true), ids(project), 3);
    for (Answer.Choice choice : Answer.Choice.values()) {
      long person = TestProject.annotator(jdbc);
      Queue queue = new Queue(jdbc);
      WorkSlots slots = new WorkSlots(jdbc, queue);
      long slot =
          ((Claimed) queue.claim(project.id(), person, NOON, Duration.ofMinutes(5)))
              .slot()
              .slotId();
      boolean zeroLeft =
          slots.held(slot, person).orElseThrow().answers().getFirst().startsWith("Response 0");
      int strength = choice == Answer.Choice.PREFERS ? (zeroLeft ? -2 : 2) : 0;
      slots.submit(
          new WorkSubmission(
              slot,
              person,
              UUID.randomUUID(),
              new Answer.Chosen(choice, strength, List.of()),
              "",
              1,
              0,
              true),
          NOON);
    }
    ArtifactStore store = new ArtifactStore(home, jdbc);
    Dataset dataset = new JudgementSnapshot(jdbc, store).take(project.id(), "s", 0, 0, true, null);
    assertThat(new DatasetRepository(jdbc).preferences(dataset.id()))
        .extracting(row -> row.a().text() + " " + row.strength() + " " + row.b().text())
        .containsExactly("Response 0 to Prompt 0 -3 Response 1 to Prompt 0");
    assertThat(new Setups(jdbc).ofProject(project.id()).getFirst().undecided())
        .isEqualTo(new Setup.Undecided(1, 1));
  }

  private static List<Long> ids(TestProject project) {
    return project.responses().stream().map(response -> response.id()).toList();
  }

  private long third(TestProject project) {
    return jdbc.sql(
            """
            insert into response (project_id, prompt_id, key, round, member, sample, text, finish)
            values (?, ?, 'third', 0, 'imported', 0, 'third', 'STOP')
            returning id
            """)
        .param(project.id())
        .param(project.prompts().getFirst().id())
        .query(Long.class)
        .single();
  }
}
