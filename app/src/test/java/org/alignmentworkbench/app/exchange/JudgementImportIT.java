package org.alignmentworkbench.app.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.app.TableReads;
import org.alignmentworkbench.app.exchange.JudgementImport.Accepted;
import org.alignmentworkbench.app.exchange.JudgementImport.Wish;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.dataset.JudgementSnapshot;
import org.alignmentworkbench.db.exchange.ImportCounts;
import org.alignmentworkbench.db.exchange.JudgedRows;
import org.alignmentworkbench.db.exchange.JudgementImportRow;
import org.alignmentworkbench.db.exchange.JudgementImportRow.Purpose;
import org.alignmentworkbench.db.exchange.JudgementImportRow.State;
import org.alignmentworkbench.db.exchange.JudgementImports;
import org.alignmentworkbench.db.lineage.LineageRepository;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.alignmentworkbench.db.prompt.PromptTurn;
import org.alignmentworkbench.db.prompt.PromptTurnRepository;
import org.alignmentworkbench.db.run.RunRepository;
import org.alignmentworkbench.db.run.RunState;
import org.alignmentworkbench.db.task.Claim;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.db.task.Submission;
import org.alignmentworkbench.db.task.SubmitOutcome;
import org.alignmentworkbench.db.task.TaskRepository;
import org.alignmentworkbench.db.task.Withdrawals;
import org.alignmentworkbench.model.dataset.JudgementFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Files into projects: read by a run, over HTTP and beneath.
class JudgementImportIT {
  private static final Path FIXTURES =
      Path.of(System.getProperty("workbench.root"))
          .resolve("model-core/src/test/resources/fixtures/datasets");
  private static final String PAIR =
      "{\"prompt\": \"%s\", \"chosen\": \"good\", \"rejected\": \"bad\"}\n";

  private static RunningServer server;
  private static Person ann;
  private static Person ben;
  private static Browser engineer;

  @BeforeAll
  static void start() {
    server = new RunningServer();
    ann = server.person("ann", Role.ANNOTATOR);
    ben = server.person("ben", Role.ANNOTATOR);
    server.person("eve", Role.ENGINEER);
    engineer = server.signedIn("eve");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Project project() {
    return server.bean(ProjectRepository.class).create("p-" + UUID.randomUUID(), 1, "{}");
  }

  private static Accepted accept(Project project, byte[] file, String name, Wish wish) {
    try {
      return server
          .bean(JudgementImport.class)
          .accept(project, new ByteArrayInputStream(file), name, wish, null);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Waits for the run. The limit only ends a test that would hang.
  private static JudgementImportRow ended(JudgementImportRow row) throws InterruptedException {
    Instant limit = Instant.now().plus(Duration.ofMinutes(2));
    while (Instant.now().isBefore(limit)) {
      JudgementImportRow now = server.bean(JudgementImports.class).find(row.id()).orElseThrow();
      if (now.state() != State.WAITING) {
        return now;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("the import has not ended");
  }

  private static JudgementImportRow bring(Project project, byte[] file, String name, Wish wish)
      throws InterruptedException {
    return ended(accept(project, file, name, wish).row());
  }

  private static JudgementImportRow bring(Project project, String file)
      throws InterruptedException {
    return bring(project, file.getBytes(UTF_8), "x.jsonl", Wish.DEFAULT);
  }

  private static String refusals(JudgementImportRow row) throws IOException {
    return row.refusalsSha256() == null
        ? ""
        : Files.readString(server.bean(ArtifactStore.class).open(row.refusalsSha256()));
  }

  private static long count(String table, Project project) {
    return server
        .database()
        .jdbc()
        .sql("select count(*) from " + table + " where project_id = :p")
        .param("p", project.id())
        .query(Long.class)
        .single();
  }

  private static JudgedRows.Counts judged(long projectId) {
    return new JudgedRows(server.database().jdbc()).counts(projectId);
  }

  /// Five comparisons: ann judges four and skips one, ben judges two.
  private static Project judgedProject() {
    TestProject made = TestProject.create(server.database().jdbc(), 5);
    made.makeTasks(server.database().jdbc(), 2);
    Queue queue = new Queue(server.database().jdbc());
    for (int i = 0; i < 5; i++) {
      long slot = claim(queue, made, ann);
      if (i == 2) {
        queue.skip(slot, ann.id(), "cannotJudge", Instant.now());
      } else {
        submit(queue, slot, ann, i % 2 == 0 ? 4 : -1, "because " + i + ", \"=1+1\"");
      }
    }
    for (int i = 0; i < 2; i++) {
      submit(queue, claim(queue, made, ben), ben, 2, "");
    }
    return server.bean(ProjectRepository.class).find(made.id()).orElseThrow();
  }

  private static long claim(Queue queue, TestProject project, Person person) {
    return ((Claim.Claimed)
            queue.claim(project.id(), person.id(), Instant.now(), Duration.ofMinutes(5)))
        .slot()
        .slotId();
  }

  private static void submit(Queue queue, long slot, Person person, int strength, String reason) {
    queue.submit(
        new Submission(
            slot,
            person.id(),
            UUID.randomUUID(),
            strength,
            new Grades(2, 1, 0, 2),
            new Grades(0, 1, 2, 1),
            reason,
            4200,
            1,
            false),
        Instant.now());
  }

  /// The import is held up in its first rows until its run has been told to stop.
  @Test
  void an_import_that_is_stopped_leaves_nothing_and_begins_again() throws Exception {
    Project project = project();
    StringBuilder file = new StringBuilder();
    for (int i = 0; i < 1200; i++) {
      file.append(PAIR.formatted("question " + i));
    }
    JudgementImportRow row;
    try (Connection other =
        DriverManager.getConnection(
            server.database().url(), server.database().username(), server.database().password())) {
      other.setAutoCommit(false);
      try (Statement lock = other.createStatement()) {
        lock.execute("lock table task in share row exclusive mode");
      }
      row = accept(project, file.toString().getBytes(UTF_8), "x.jsonl", Wish.DEFAULT).row();
      await("select count(*) from pg_locks where relation = 'task'::regclass and not granted");
      assertThat(engineer.post("/runs/" + row.runId() + "/stop", Map.of()).statusCode())
          .isEqualTo(302);
      await(
          """
          select count(*)
          from batch_job_execution
          where job_execution_id = (select max(job_execution_id) from batch_job_execution)
            and status in ('STOPPING', 'STOPPED')
          """);
      other.rollback();
    }
    assertThat(ended(row).state()).isEqualTo(State.BROKEN);
    assertThat(server.bean(RunRepository.class).find(row.runId()).orElseThrow().state())
        .isEqualTo(RunState.STOPPED);
    assertThat(count("task", project)).isZero();
    assertThat(count("prompt", project)).isZero();
    assertThat(judged(project.id()).judged()).isZero();

    assertThat(engineer.post("/runs/" + row.runId() + "/restart", Map.of()).statusCode())
        .isEqualTo(302);
    await("select count(*) from judgement_import where state = 'TAKEN' and id = " + row.id());
    assertThat(count("task", project)).isEqualTo(1200);
    assertThat(judged(project.id()).judged()).isEqualTo(1200);
  }

  /// Until a count is above zero. The limit only ends a test that would hang.
  private static void await(String query) throws InterruptedException {
    Instant limit = Instant.now().plus(Duration.ofMinutes(2));
    while (server.database().jdbc().sql(query).query(Long.class).single() == 0) {
      if (Instant.now().isAfter(limit)) {
        throw new AssertionError("still none: " + query);
      }
      Thread.sleep(50);
    }
  }

  private static byte[] exported(Project project, JudgementFormat format) throws IOException {
    return Files.readAllBytes(
        server
            .bean(ArtifactStore.class)
            .open(
                server
                    .bean(JudgementExport.class)
                    .make(project, format, false, null)
                    .artifactSha256()));
  }

  private static String snapshot(Project project) {
    return server
        .bean(JudgementSnapshot.class)
        .takeAll(project.id(), false)
        .orElseThrow()
        .artifactSha256();
  }

  @ParameterizedTest
  @EnumSource(
      value = JudgementFormat.class,
      names = {"TRL_PREFERENCE", "SOFT_LABEL", "CSV"})
  void what_was_exported_comes_back_as_the_same_judgements(JudgementFormat format)
      throws Exception {
    Project from = judgedProject();
    Project to = project();
    JudgementImportRow row =
        bring(to, exported(from, format), "x." + format.extension(), Wish.DEFAULT);
    assertThat(row.state()).isEqualTo(State.TAKEN);
    assertThat(row.counts())
        .isEqualTo(
            format.withSkipped()
                ? new ImportCounts(7, 5, 6, 1, 0, 0)
                : new ImportCounts(6, 4, 6, 0, 0, 0));
    // The snapshot names everything but persons and times by text and key.
    assertThat(snapshot(to)).isEqualTo(snapshot(from));
    // Exported again in a form without skips, every byte is the same: persons and times too.
    assertThat(new String(exported(to, JudgementFormat.TRL_PREFERENCE), UTF_8))
        .isEqualTo(new String(exported(from, JudgementFormat.TRL_PREFERENCE), UTF_8));
    if (format.withSkipped()) {
      assertThat(exported(to, JudgementFormat.CSV)).isEqualTo(exported(from, JudgementFormat.CSV));
    }
  }

  @Test
  void label_studio_s_form_brings_back_texts_strengths_grades_reasons_and_skips() throws Exception {
    Project from = judgedProject();
    Project to = project();
    JudgementImportRow row =
        bring(to, exported(from, JudgementFormat.LABEL_STUDIO), "x.json", Wish.DEFAULT);
    assertThat(row.counts()).isEqualTo(new ImportCounts(5, 5, 6, 1, 0, 0));
    assertThat(said(to)).isEqualTo(said(from));
  }

  /// Per judgement: prompt, better and worse text, strength, grades of both, reason, who.
  private static List<String> said(Project project) {
    return server
        .database()
        .jdbc()
        .sql(
            """
            select p.text || '|'
              || case when j.strength < 0 then a.text || '|' || b.text else b.text || '|' || a.text
                end
              || '|' || abs(j.strength) || '|'
              || case when j.strength < 0 then (j.grades -> 'a')::text || (j.grades -> 'b')::text
                else (j.grades -> 'b')::text || (j.grades -> 'a')::text end
              || '|' || j.reason || '|'
              || case when w.imported then w.display_name else w.username end || '|' || j.active_ms
            from judgement j
            join task t on t.id = j.task_id
            join prompt p on p.id = t.prompt_id
            join response a on a.id = t.response_a
            join response b on b.id = t.response_b
            join person w on w.id = j.person_id
            where t.project_id = :p
            order by 1
            """)
        .param("p", project.id())
        .query(String.class)
        .list();
  }

  @Test
  void a_project_s_own_export_changes_nothing_in_it() throws Exception {
    Project project = judgedProject();
    byte[] before = exported(project, JudgementFormat.CSV);
    JudgementImportRow row = bring(project, before, "x.csv", Wish.DEFAULT);
    assertThat(row.counts()).isEqualTo(new ImportCounts(7, 0, 0, 0, 7, 0));
    assertThat(exported(project, JudgementFormat.CSV)).isEqualTo(before);
  }

  /// Whom a lead withdrew a judgement from is not heard of it again, not even by the project's own
  /// export of before.
  @Test
  void a_judgement_that_a_lead_withdrew_does_not_come_back_by_an_older_export() throws Exception {
    Project project = judgedProject();
    byte[] before = exported(project, JudgementFormat.CSV);
    long judgement =
        server
            .database()
            .jdbc()
            .sql(
                """
                select j.id
                from judgement j
                join task t on t.id = j.task_id
                where t.project_id = :p and j.person_id = :ben
                order by j.id
                limit 1
                """)
            .param("p", project.id())
            .param("ben", ben.id())
            .query(Long.class)
            .single();
    Person lead = server.person("lead-" + UUID.randomUUID(), Role.LEAD);
    assertThat(
            new Withdrawals(server.database().jdbc(), server.bean(TransactionTemplate.class))
                .withdraw(project.id(), judgement, "careless", lead.id(), Instant.now()))
        .isTrue();
    byte[] after = exported(project, JudgementFormat.CSV);
    JudgementImportRow row = bring(project, before, "x.csv", Wish.DEFAULT);
    assertThat(row.counts()).isEqualTo(new ImportCounts(7, 0, 0, 0, 6, 1));
    assertThat(refusals(row)).contains("WITHDRAWN,a lead has withdrawn what 'ben' said");
    assertThat(exported(project, JudgementFormat.CSV)).isEqualTo(after);
  }

  @Test
  void the_same_file_twice_changes_nothing_and_other_content_does() throws Exception {
    Project project = project();
    byte[] file = PAIR.formatted("one").getBytes(UTF_8);
    bring(project, file, "x.jsonl", Wish.DEFAULT);
    Accepted again = accept(project, file, "renamed.jsonl", Wish.DEFAULT);
    assertThat(again.again()).isTrue();
    assertThat(again.row().fileName()).isEqualTo("x.jsonl");
    assertThat(count("run", project)).isEqualTo(1);
    // The same pair in another file is there already.
    JudgementImportRow more = bring(project, PAIR.formatted("one") + PAIR.formatted("two"));
    assertThat(more.counts()).isEqualTo(new ImportCounts(2, 1, 1, 0, 1, 0));
    assertThat(judged(project.id()).judged()).isEqualTo(2);
  }

  /// Counted in what PostgreSQL read, which does not depend on the machine.
  @Test
  void an_import_into_a_project_of_a_hundred_thousand_rows_reads_no_more_than_into_an_empty_one()
      throws Exception {
    List<String> tables = List.of("prompt", "response", "task", "slot", "judgement");
    TableReads.prepare(server, tables.toArray(String[]::new));
    StringBuilder file = new StringBuilder();
    for (int i = 0; i < 700; i++) {
      file.append(PAIR.formatted("new " + i));
    }
    Project small = project();
    Project large = project();
    fill(large, 33_000);
    server.database().jdbc().sql("analyze").update();
    for (Purpose purpose : Purpose.values()) {
      Wish wish = new Wish(purpose, 1, 3, false);
      Map<String, Long> intoSmall = reads(small, file.toString(), wish, tables);
      Map<String, Long> intoLarge = reads(large, file.toString(), wish, tables);
      for (String table : tables) {
        assertThat(intoLarge.get(table))
            .as(purpose + " " + table)
            .isLessThanOrEqualTo(intoSmall.get(table) + 700);
      }
    }
  }

  /// A second snapshot, of which the database knows nothing yet. A plan that is made for one row
  /// reads all judgements for each of them: here 0.8 million. It is too small to be analysed.
  @Test
  void a_further_snapshot_reads_a_judgement_no_more_than_a_few_times() throws Exception {
    TableReads.prepare(server, "response", "task", "slot", "judgement", "dataset_row");
    Project project = project();
    StringBuilder file = new StringBuilder();
    for (int i = 0; i < 900; i++) {
      file.append(PAIR.formatted("often " + i));
    }
    bring(project, file.toString());
    var _ = exported(project, JudgementFormat.CSV);
    server.database().jdbc().sql("analyze").update();
    bring(project, PAIR.formatted("once more"));
    TableReads reads =
        TableReads.during(
            server,
            () -> {
              try {
                assertThat(exported(project, JudgementFormat.CSV)).isNotEmpty();
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    for (String table : List.of("judgement", "slot", "response", "dataset_row")) {
      assertThat(reads.rows(table)).as(table).isLessThan(20 * 901);
    }
  }

  private static Map<String, Long> reads(
      Project project, String file, Wish wish, List<String> tables) {
    TableReads reads =
        TableReads.during(
            server,
            () -> {
              try {
                assertThat(bring(project, file.getBytes(UTF_8), "x.jsonl", wish).state())
                    .isEqualTo(State.TAKEN);
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    return tables.stream().collect(java.util.stream.Collectors.toMap(table -> table, reads::rows));
  }

  /// As many prompts, each with two responses, a comparison and its slot.
  private static void fill(Project project, int pairs) {
    for (String sql :
        List.of(
            """
            insert into artifact (sha256, kind, bytes, folder) values ('%2$064x', 'MODEL', 1, true)
            on conflict do nothing
            """,
            """
            insert into model (project_id, name, kind, artifact_sha256)
            values (%1$d, 'large', 'POLICY', '%2$064x')
            """,
            """
            insert into prompt (project_id, key, split, kind, template, text, task)
            select %1$d, 'large/' || x, 'PREFERENCE', 'k', 't', 'Old ' || x, '{}'
            from generate_series(1, %2$d) x
            """,
            """
            insert into response (project_id, prompt_id, key, round, member, model_id, sample, text,
              token_ids, log_prob, finish)
            select %1$d, p.id, p.key || '/' || s, 0, 'm', m.id, s, 'r ' || s, '{1}', -1, 'STOP'
            from prompt p, model m, generate_series(1, 2) s
            where p.project_id = %1$d and m.project_id = %1$d
            """,
            """
            insert into task (project_id, key, round, prompt_id, response_a, response_b, shuffle_key,
              overlap)
            select %1$d, p.key, 0, p.id, min(r.id), max(r.id), p.id, 1
            from prompt p
            join response r on r.prompt_id = p.id
            where p.project_id = %1$d
            group by p.id, p.key
            """,
            """
            insert into slot (task_id, ordinal, project_id, shuffle_key, a_left)
            select id, 0, project_id, shuffle_key, true from task where project_id = %1$d
            """)) {
      server.database().jdbc().sql(sql.formatted(project.id(), pairs)).update();
    }
  }

  @Test
  void a_dry_run_says_what_would_happen_and_does_none_of_it() throws Exception {
    Project project = project();
    byte[] file = (PAIR.formatted("one") + "{\"prompt\":\n").getBytes(UTF_8);
    JudgementImportRow tried =
        bring(project, file, "x.jsonl", new Wish(Purpose.JUDGEMENTS, 1, 3, true));
    assertThat(tried.state()).isEqualTo(State.TRIED);
    assertThat(tried.counts()).isEqualTo(new ImportCounts(2, 1, 1, 0, 0, 1));
    assertThat(refusals(tried)).contains("2,INVALID_JSON,");
    for (String table : List.of("prompt", "response", "task", "slot")) {
      assertThat(count(table, project)).as(table).isZero();
    }
    // It does not stand in the way of the real one, which says the same.
    JudgementImportRow taken = bring(project, file, "x.jsonl", Wish.DEFAULT);
    assertThat(taken.state()).isEqualTo(State.TAKEN);
    assertThat(taken.counts()).isEqualTo(tried.counts());
  }

  @Test
  void pairs_become_comparisons_that_wait_at_the_desk() throws Exception {
    Project project = project();
    JudgementImportRow row =
        bring(
            project,
            (PAIR.formatted("one") + PAIR.formatted("two")).getBytes(UTF_8),
            "x.jsonl",
            new Wish(Purpose.PAIRS, 3, 3, false));
    assertThat(row.counts()).isEqualTo(new ImportCounts(2, 2, 0, 0, 0, 0));
    var progress =
        new TaskRepository(server.database().jdbc()).progress(project.id(), Instant.now());
    assertThat(progress.tasks()).isEqualTo(2);
    assertThat(progress.missing()).isEqualTo(6);
    Claim claim =
        new Queue(server.database().jdbc())
            .claim(project.id(), ann.id(), Instant.now(), Duration.ofMinutes(1));
    assertThat(claim).isInstanceOf(Claim.Claimed.class);
    assertThat(((Claim.Claimed) claim).slot().prompt()).isIn("one", "two");
  }

  @Test
  void a_conversation_waits_at_the_desk_in_its_turns() throws Exception {
    Project project = project();
    String line =
        "{\"prompt\": [{\"role\": \"system\", \"content\": \"Be brief.\"}, {\"role\": \"user\","
            + " \"content\": \"Hi\\n\\nUser: not a turn\"}], \"chosen\": [{\"role\": \"assistant\","
            + " \"content\": \"%s\"}], \"rejected\": [{\"role\": \"assistant\", \"content\":"
            + " \"b\"}]}\n";
    // Two pairs of one prompt: its turns are kept once.
    bring(
        project,
        (line.formatted("a") + line.formatted("c")).getBytes(UTF_8),
        "x.jsonl",
        new Wish(Purpose.PAIRS, 1, 3, false));
    Claim claim =
        new Queue(server.database().jdbc())
            .claim(project.id(), ann.id(), Instant.now(), Duration.ofMinutes(1));
    long slot = ((Claim.Claimed) claim).slot().slotId();
    assertThat(new PromptTurnRepository(server.database().jdbc()).ofSlot(slot))
        .containsExactly(
            new PromptTurn(PromptTurn.Role.SYSTEM, "Be brief."),
            new PromptTurn(PromptTurn.Role.USER, "Hi\n\nUser: not a turn"));
  }

  @Test
  void judgements_make_a_snapshot_whose_lineage_has_the_file() throws Exception {
    Project project = project();
    JudgementImportRow row = bring(project, PAIR.formatted("one"));
    var dataset = server.bean(JudgementSnapshot.class).take(project.id(), "s", 0, 0, false, null);
    assertThat(server.bean(LineageRepository.class).ancestors(dataset.artifactSha256()).edges())
        .anyMatch(edge -> edge.parent().equals(row.fileSha256()) && edge.role().equals("imported"));
  }

  /// The file brought the texts, and somebody here the judgement.
  @Test
  void pairs_that_people_judge_are_traced_to_the_file_that_brought_them() throws Exception {
    Project project = project();
    JudgementImportRow row =
        bring(
            project,
            PAIR.formatted("one").getBytes(UTF_8),
            "x.jsonl",
            new Wish(Purpose.PAIRS, 1, 3, false));
    judgeOne(project);
    var dataset = server.bean(JudgementSnapshot.class).take(project.id(), "s", 0, 0, false, null);
    assertThat(dataset.rowCount()).isEqualTo(1);
    assertThat(server.bean(LineageRepository.class).ancestors(dataset.artifactSha256()).edges())
        .anyMatch(edge -> edge.parent().equals(row.fileSha256()) && edge.role().equals("imported"));
  }

  private static void judgeOne(Project project) {
    Queue queue = new Queue(server.database().jdbc());
    Claim claim = queue.claim(project.id(), ann.id(), Instant.now(), Duration.ofMinutes(1));
    judge(queue, ((Claim.Claimed) claim).slot().slotId(), ann);
  }

  private static void judge(Queue queue, long slot, Person person) {
    Grades grades = new Grades(1, 1, 1, 1);
    assertThat(
            queue.submit(
                new Submission(
                    slot, person.id(), UUID.randomUUID(), 2, grades, grades, "", 1000, 0, false),
                Instant.now()))
        .isInstanceOf(SubmitOutcome.Accepted.class);
  }

  /// Who judges in another language is not dealt them, and figures tell languages apart.
  @Test
  void prompts_and_slots_of_pairs_have_the_language_that_their_rows_say() throws Exception {
    Project project = project();
    String row =
        "{\"prompt\": \"%s\", \"chosen\": \"good\", \"rejected\": \"bad\", \"language\": \"%s\"}\n";
    bring(
        project,
        (row.formatted("eins", "de") + row.formatted("one", "en") + row.formatted("?", "Klingon!"))
            .getBytes(UTF_8),
        "x.jsonl",
        new Wish(Purpose.PAIRS, 1, 3, false));
    assertThat(languages("prompt", project)).containsExactly("de", "en", "null");
    assertThat(languages("slot", project)).containsExactly("de", "en", "null");
    Person bea = server.person("bea-" + project.id(), Role.ANNOTATOR);
    server
        .database()
        .jdbc()
        .sql("insert into person_language (person_id, language) values (?, 'en')")
        .param(bea.id())
        .update();
    List<String> dealt = new ArrayList<>();
    Queue queue = new Queue(server.database().jdbc());
    while (queue.claim(project.id(), bea.id(), Instant.now(), Duration.ofMinutes(1))
        instanceof Claim.Claimed(var slot)) {
      dealt.add(slot.prompt());
      judge(queue, slot.slotId(), bea);
    }
    assertThat(dealt).containsExactlyInAnyOrder("one", "?");
    String figures =
        engineer
            .send(
                "GET", "/projects/" + project.id() + "/quality.json", "Accept", "application/json")
            .body();
    assertThat(JsonMapper.shared().readTree(figures).path("languages"))
        .extracting(language -> language.path("language").asString())
        .containsExactly("", "en");
    // What was judged leaves with its language and comes back with it.
    Project other = project();
    bring(other, exported(project, JudgementFormat.CSV), "x.csv", Wish.DEFAULT);
    assertThat(languages("prompt", other)).containsExactly("en", "null");
    assertThat(languages("slot", other)).containsExactly("en", "null");
    assertThat(exported(other, JudgementFormat.CSV))
        .isEqualTo(exported(project, JudgementFormat.CSV));
  }

  private static List<String> languages(String table, Project project) {
    return server
        .database()
        .jdbc()
        .sql(
            "select coalesce(language, 'null') as l from "
                + table
                + " where project_id = :p order by l")
        .param("p", project.id())
        .query(String.class)
        .list();
  }

  @Test
  void a_file_speaks_for_no_account_and_its_judges_cannot_sign_in() throws Exception {
    Project from = judgedProject();
    Project to = project();
    bring(to, exported(from, JudgementFormat.CSV), "x.csv", Wish.DEFAULT);
    long byAccount =
        server
            .database()
            .jdbc()
            .sql(
                """
                select count(*)
                from judgement j
                join task t on t.id = j.task_id
                join person p on p.id = j.person_id
                where t.project_id = :p
                  and (not p.imported or p.active or p.password_hash is not null)
                """)
            .param("p", to.id())
            .query(Long.class)
            .single();
    assertThat(byAccount).isZero();
    assertThat(server.bean(PersonRepository.class).all())
        .extracting(Person::username)
        .noneMatch(name -> name.startsWith("imported-"));
  }

  @Test
  void keys_that_stand_for_other_texts_and_second_thoughts_are_refused() throws Exception {
    Project from = judgedProject();
    String rows = new String(exported(from, JudgementFormat.TRL_PREFERENCE), UTF_8);
    Project to = project();
    bring(to, rows);
    String first = rows.lines().findFirst().orElseThrow();
    String otherText = first.replaceFirst("Prompt \\d", "Another prompt");
    String otherMind = first.replaceFirst("(?<name>\"strength\":\\s*-?)\\d", "${name}3");
    JudgementImportRow row =
        bring(to, otherText.replaceFirst("\"id\":\\s*\"", "$0x") + "\n" + otherMind + "\n");
    assertThat(row.state()).isEqualTo(State.REFUSED);
    assertThat(row.fault())
        .as("the first reason is told at once")
        .contains("none of 2 rows", "; row 1: ");
    assertThat(refusals(row)).contains("1,KEY_TAKEN,").contains("2,OTHER_JUDGEMENT,");
    assertThat(judged(to.id()).judged()).isEqualTo(6);
  }

  /// Every file of the fixtures: what the reader's own test expects row by row is what is listed.
  private static Stream<String> brokenFiles() throws IOException {
    JsonNode all =
        JsonMapper.shared().readTree(Files.readString(FIXTURES.resolve("expected.json")));
    return all.propertyStream().map(Map.Entry::getKey).filter(name -> name.startsWith("broken/"));
  }

  @ParameterizedTest
  @MethodSource("brokenFiles")
  void each_broken_row_is_listed_with_its_rule_and_a_broken_file_leaves_nothing(String name)
      throws Exception {
    JsonNode expected =
        JsonMapper.shared().readTree(Files.readString(FIXTURES.resolve("expected.json"))).get(name);
    byte[] file = Files.readAllBytes(FIXTURES.resolve(name));
    Project project = project();
    if (file.length == 0) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> accept(project, file, name, Wish.DEFAULT))
          .withMessageContaining("is empty");
      return;
    }
    JudgementImportRow row = bring(project, file, name, Wish.DEFAULT);
    String listed = refusals(row);
    if (expected.path("file_outcome").asString("").equals("rejected")) {
      assertThat(row.state()).isEqualTo(State.REFUSED);
      assertThat(row.fault()).contains(expected.get("rows").get(0).get("code").asString());
      assertThat(count("prompt", project)).isZero();
      assertThat(count("task", project)).isZero();
    }
    for (JsonNode one : expected.get("rows")) {
      if (one.get("outcome").asString().equals("rejected") && one.get("row").isNumber()) {
        assertThat(listed.lines())
            .as(one.toString())
            .anyMatch(line ->
                line.startsWith(one.get("row").asInt() + ",")
                    && (line.contains("," + one.get("code").asString() + ",")
                        || name.contains("nested-lists")));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "preference.jsonl|60",
        "hh-rlhf.jsonl|30",
        "argilla-export.json|20",
        "label-studio-export.json|20"
      })
  void the_sound_files_of_other_tools_come_in(String fileAndPairs) throws Exception {
    String name = fileAndPairs.split("\\|")[0];
    Project project = project();
    JudgementImportRow row =
        bring(project, Files.readAllBytes(FIXTURES.resolve(name)), name, Wish.DEFAULT);
    assertThat(row.state()).isEqualTo(State.TAKEN);
    int pairs = Integer.parseInt(fileAndPairs.split("\\|")[1]);
    assertThat(row.counts().rows()).isEqualTo(pairs);
    // Nothing is left out but ties, which these judgements have no place for.
    assertThat(refusals(row).lines().skip(row.refusalsSha256() == null ? 0 : 1))
        .allMatch(line -> line.contains(",TIE,"));
    assertThat(count("task", project)).isPositive();
    assertThat(judged(project.id()).judged()).isEqualTo(row.counts().judgements());
  }

  @Test
  void ten_megabytes_on_one_line_are_refused_and_the_lines_around_it_are_taken() throws Exception {
    Project project = project();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(PAIR.formatted("one").getBytes(UTF_8));
    file.writeBytes(PAIR.formatted("x".repeat(10_000_000)).getBytes(UTF_8));
    file.writeBytes(PAIR.formatted("three").getBytes(UTF_8));
    JudgementImportRow row = bring(project, file.toByteArray(), "x.jsonl", Wish.DEFAULT);
    assertThat(row.counts()).isEqualTo(new ImportCounts(3, 2, 2, 0, 0, 1));
    assertThat(refusals(row)).contains("2,LINE_TOO_LONG,");
  }

  @Test
  void nul_characters_are_refused_wherever_they_stand() throws Exception {
    Project project = project();
    String own = new String(exported(judgedProject(), JudgementFormat.TRL_PREFERENCE), UTF_8);
    List<String> rows = new ArrayList<>();
    rows.add("{\"prompt\": \"a\\u0000b\", \"chosen\": \"x\", \"rejected\": \"y\"}");
    rows.add(PAIR.formatted("fine").strip());
    JudgementImportRow row = bring(project, String.join("\n", rows));
    assertThat(refusals(row)).contains("1,CONTROL_CHARACTER,");
    assertThat(row.counts().judgements()).isEqualTo(1);
    for (String field : List.of("reason", "annotator", "pair", "prompt_key")) {
      String spoilt =
          own.lines()
              .findFirst()
              .orElseThrow()
              .replaceFirst("(\"" + field + "\":\\s*\")", "$1\\\\u0000");
      assertThat(refusals(bring(project, spoilt))).as(field).contains("1,CONTROL_CHARACTER,");
    }
  }

  // ---- over HTTP

  private static HttpResponse<String> upload(
      Browser browser, Project project, String fileName, byte[] file, String csrf) {
    return browser.upload(
        "/projects/" + project.id() + "/judgements/imports",
        Map.of("purpose", "JUDGEMENTS", "overlap", "1"),
        fileName,
        file,
        csrf);
  }

  @Test
  void an_upload_is_kept_under_the_last_part_of_its_name_and_the_audit_trail_says_so()
      throws Exception {
    Project project = project();
    var answer =
        upload(
            engineer,
            project,
            "../../../etc/pairs.jsonl",
            (PAIR.formatted("one") + "nonsense\n").getBytes(UTF_8),
            engineer.csrf("/account/password"));
    assertThat(answer.statusCode()).isEqualTo(302);
    JudgementImportRow row =
        ended(
            server.bean(JudgementImports.class).latest(project.id(), Long.MAX_VALUE, 1).getFirst());
    assertThat(row.fileName()).isEqualTo("pairs.jsonl");
    assertThat(row.displayName()).isEqualTo("Shown eve");
    var event = server.bean(AuditRepository.class).latest(1).getFirst();
    assertThat(event.action()).isEqualTo("judgements.import");
    assertThat(event.username()).isEqualTo("eve");
    String list = "/projects/" + project.id() + "/judgements/imports/" + row.id() + "/refused";
    var refused = engineer.get(list);
    assertThat(refused.body()).contains("2,INVALID_JSON,");
    assertThat(refused.headers().firstValue("Content-Disposition").orElse(""))
        .startsWith("attachment");
    // Of this project and no other.
    assertThat(
            engineer
                .get(list.replace("/projects/" + project.id(), "/projects/" + project().id()))
                .statusCode())
        .isEqualTo(404);
  }

  @Test
  void nobody_uploads_without_signing_in_without_the_token_or_without_the_role() throws Exception {
    Project project = project();
    byte[] file = PAIR.formatted("one").getBytes(UTF_8);
    assertThat(upload(new Browser(server.url()), project, "x.jsonl", file, "x").statusCode())
        .isEqualTo(401);
    assertThat(upload(engineer, project, "x.jsonl", file, "wrong").statusCode()).isEqualTo(403);
    Browser annotator = server.signedIn("ann");
    assertThat(
            upload(annotator, project, "x.jsonl", file, annotator.csrf("/account/password"))
                .statusCode())
        .isEqualTo(404);
    assertThat(count("judgement_import", project)).isZero();
  }

  @Test
  void an_upload_that_says_it_is_too_large_is_turned_away_unread() throws Exception {
    // Only the head is sent: an answer that waited for the body would never come.
    String session = engineer.session().orElseThrow().getValue();
    try (var socket = new Socket("localhost", server.port())) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(
              ("POST /projects/1/judgements/imports HTTP/1.1\r\nHost: localhost\r\n"
                      + "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: "
                      + (JudgementImport.LARGEST * 2)
                      + "\r\nCookie: SESSION="
                      + session
                      + "\r\nConnection: close\r\n\r\n")
                  .getBytes(UTF_8));
      byte[] answer = socket.getInputStream().readNBytes(12);
      assertThat(new String(answer, UTF_8)).isEqualTo("HTTP/1.1 413");
    }
  }

  @Test
  void a_form_without_a_file_is_told_and_nothing_is_queued() {
    Project project = project();
    assertThat(
            engineer
                .post("/projects/" + project.id() + "/judgements/imports", Map.of("overlap", "0"))
                .statusCode())
        .isEqualTo(302);
    assertThat(engineer.get("/projects/" + project.id() + "/judgements").body())
        .contains("Choose a file first.");
    assertThat(count("judgement_import", project)).isZero();
  }
}
