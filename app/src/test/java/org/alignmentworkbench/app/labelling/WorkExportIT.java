package org.alignmentworkbench.app.labelling;

import static org.assertj.core.api.Assertions.assertThat;

import com.jerolba.carpet.CarpetReader;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.app.AnsweredKinds;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.audit.AuditEvent;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.exchange.WorkExports.WorkExportRow;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.lineage.Edge;
import org.alignmentworkbench.db.lineage.LineageRepository;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.alignmentworkbench.db.task.KindAdjudications;
import org.alignmentworkbench.db.task.Setup;
import org.alignmentworkbench.db.task.Verdict;
import org.alignmentworkbench.db.task.Withdrawals;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Answers of every kind leave in every format.
class WorkExportIT {
  private static RunningServer server;
  private static AnsweredKinds answered;
  private static long lead;

  @BeforeAll
  static void start() {
    server = new RunningServer("--workbench.worker=false");
    answered = new AnsweredKinds(server);
    lead = server.person("lena", Role.LEAD).id();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Setup setup(String kind) {
    return server
        .bean(SetupDesk.class)
        .find(answered.projectId, answered.setups.get(kind))
        .orElseThrow();
  }

  private static WorkExportRow export(String kind, WorkFormat format) {
    return server.bean(WorkExport.class).make(setup(kind), format, lead);
  }

  private static Path file(WorkExportRow row) {
    return server.bean(ArtifactStore.class).open(row.artifactSha256());
  }

  @Test
  void each_kind_leaves_in_each_format_and_the_same_answers_are_the_same_file() {
    for (String kind : answered.setups.keySet()) {
      for (WorkFormat format : WorkFormat.values()) {
        WorkExportRow row = export(kind, format);
        assertThat(row.judged()).as(kind + " " + format).isEqualTo(6);
        assertThat(row.bytes()).isPositive();
        WorkExportRow again = export(kind, format);
        assertThat(again.id()).as("noted once").isEqualTo(row.id());
        assertThat(again.artifactSha256()).isEqualTo(row.artifactSha256());
      }
      assertThat(
              server.bean(WorkExport.class).latest(answered.setups.get(kind), Long.MAX_VALUE, 10))
          .hasSize(4);
    }
    assertThat(server.bean(AuditRepository.class).latest(3))
        .extracting(AuditEvent::action)
        .containsOnly("judgements.export");
  }

  @Test
  void lines_columns_and_tables_say_the_same() throws Exception {
    List<JsonNode> lines =
        java.nio.file.Files.readAllLines(file(export("GRADE", WorkFormat.JSONL))).stream()
            .map(JsonMapper.shared()::readTree)
            .toList();
    @SuppressWarnings("rawtypes")
    List<Map> columns =
        new CarpetReader<>(file(export("GRADE", WorkFormat.PARQUET)).toFile(), Map.class).toList();
    assertThat(columns).hasSize(lines.size());
    for (int i = 0; i < lines.size(); i++) {
      assertThat(columns.get(i).get("task")).isEqualTo(lines.get(i).path("task").asString());
      assertThat(columns.get(i).get("levels"))
          .isEqualTo(Map.of("tone", lines.get(i).at("/answer/levels/tone").asInt()));
      assertThat(columns.get(i).get("choice")).isNull();
      assertThat(JsonMapper.shared().readTree((String) columns.get(i).get("answer")))
          .isEqualTo(lines.get(i).path("answer"));
    }
    String data =
        java.nio.file.Files.readString(
            file(export("RANK", WorkFormat.CSV_DATA)), StandardCharsets.UTF_8);
    assertThat(data).startsWith("task,prompt,responses,status,places,reason,");
    assertThat(data.lines().filter(line -> line.contains(",judged,")).count()).isEqualTo(6);
  }

  /// A decision and where it comes from stand in each row of its task, and in no other.
  @Test
  void a_decision_leaves_with_the_answers_in_each_format() throws Exception {
    AnsweredKinds own = new AnsweredKinds(server);
    Setup grades =
        server.bean(SetupDesk.class).find(own.projectId, own.setups.get("GRADE")).orElseThrow();
    String before = make(grades, WorkFormat.JSONL).artifactSha256();
    KindAdjudications adjudications = new KindAdjudications(server.database().jdbc());
    var levels = new LinkedHashMap<String, Integer>(Map.of("tone", 2));
    decide(adjudications, own, "GRADE", new Verdict.Own(new Answer.Graded(levels)));
    WorkExportRow lines = make(grades, WorkFormat.JSONL);
    assertThat(lines.artifactSha256()).isNotEqualTo(before);
    List<JsonNode> decided =
        java.nio.file.Files.readAllLines(file(lines)).stream()
            .map(JsonMapper.shared()::readTree)
            .filter(line -> !line.path("decision").isNull())
            .toList();
    assertThat(decided)
        .hasSize(2)
        .allSatisfy(line -> {
          assertThat(line.has("decision")).isTrue();
          assertThat(line.at("/decision/answer/levels/tone").asInt()).isEqualTo(2);
          assertThat(line.at("/decision/by").asString()).isEqualTo("lena");
          assertThat(line.at("/decision/reason").asString()).isEqualTo("=by the source");
          assertThat(line.at("/decision/answers").asInt()).isEqualTo(2);
          assertThat(line.at("/decision/chosen").isNull()).isTrue();
        });
    String sheet = java.nio.file.Files.readString(file(make(grades, WorkFormat.CSV)));
    assertThat(sheet.lines().findFirst().orElseThrow())
        .contains(
            ",at,decided,decided_answer,decided_chosen,decided_reason,decided_by,decided_named,"
                + "decided_answers,decided_at");
    assertThat(sheet.lines().filter(line -> line.contains(",true,")))
        .hasSize(2)
        .allMatch(line -> line.contains("\"\"tone\"\":2") && line.contains("'=by the source"));
    @SuppressWarnings("rawtypes")
    List<Map> columns =
        new CarpetReader<>(file(make(grades, WorkFormat.PARQUET)).toFile(), Map.class).toList();
    assertThat(columns).filteredOn(row -> Boolean.TRUE.equals(row.get("decided"))).hasSize(2);
    assertThat(columns)
        .filteredOn(row -> Boolean.FALSE.equals(row.get("decided")))
        .hasSize(4)
        .allMatch(row -> row.get("decided_by") == null);
  }

  /// Two people wrote for each of three tasks: six texts. Of a decided task one counts, or none.
  @Test
  void a_training_set_takes_the_text_that_counts() throws Exception {
    AnsweredKinds own = new AnsweredKinds(server);
    Setup texts =
        server
            .bean(SetupDesk.class)
            .find(own.projectId, own.setups.get("DEMONSTRATION"))
            .orElseThrow();
    WorkDatasets datasets = server.bean(WorkDatasets.class);
    var before = datasets.make(texts, lead).orElseThrow();
    assertThat(before.rowCount()).isEqualTo(6);
    KindAdjudications adjudications = new KindAdjudications(server.database().jdbc());
    long task = own.task("DEMONSTRATION");
    long chosen = adjudications.said(task).getLast().id();
    decide(adjudications, own, "DEMONSTRATION", new Verdict.Counts(chosen));
    List<JsonNode> lines =
        java.nio.file.Files.readAllLines(file(make(texts, WorkFormat.JSONL))).stream()
            .map(JsonMapper.shared()::readTree)
            .filter(line -> !line.path("decision").isNull())
            .toList();
    assertThat(lines)
        .extracting(line -> line.at("/decision/chosen").asBoolean())
        .containsExactlyInAnyOrder(true, false);
    var after = datasets.make(texts, lead).orElseThrow();
    assertThat(after.rowCount()).isEqualTo(5);
    assertThat(after.artifactSha256()).isNotEqualTo(before.artifactSha256());
    // Whatever becomes of the answer afterwards, the decision's text counts.
    new Withdrawals(server.database().jdbc(), server.bean(TransactionTemplate.class))
        .withdraw(own.projectId, chosen, "", lead, Instant.now());
    assertThat(datasets.make(texts, lead).orElseThrow().artifactSha256())
        .isEqualTo(after.artifactSha256());
    decide(adjudications, own, "DEMONSTRATION", new Verdict.None());
    assertThat(datasets.make(texts, lead).orElseThrow().rowCount()).isEqualTo(4);
  }

  private static WorkExportRow make(Setup setup, WorkFormat format) {
    return server.bean(WorkExport.class).make(setup, format, lead);
  }

  private static void decide(
      KindAdjudications adjudications, AnsweredKinds own, String kind, Verdict verdict) {
    long task = own.task(kind);
    assertThat(
            adjudications.decide(
                own.projectId,
                task,
                verdict,
                "=by the source",
                true,
                adjudications.said(task).stream().map(KindAdjudications.Said::id).toList(),
                lead,
                Instant.now()))
        .isPresent();
  }

  @Test
  void withdrawn_answers_leave_where_they_are_asked_for_with_who_when_and_why() throws Exception {
    AnsweredKinds own = new AnsweredKinds(server);
    Setup grades =
        server.bean(SetupDesk.class).find(own.projectId, own.setups.get("GRADE")).orElseThrow();
    long judgement =
        server
            .database()
            .jdbc()
            .sql("select min(id) from judgement where task_id = :t")
            .param("t", own.taskId)
            .query(Long.class)
            .single();
    assertThat(
            new Withdrawals(server.database().jdbc(), server.bean(TransactionTemplate.class))
                .withdraw(own.projectId, judgement, "=2 fast", lead, Instant.now()))
        .isTrue();
    WorkExport export = server.bean(WorkExport.class);
    WorkExportRow without = export.make(grades, WorkFormat.JSONL, lead);
    assertThat(without.judged()).isEqualTo(5);
    assertThat(without.withdrawn()).isZero();
    assertThat(java.nio.file.Files.readString(file(without))).doesNotContain("2 fast");
    WorkExportRow with = export.make(grades, WorkFormat.JSONL, true, lead);
    assertThat(with.judged()).isEqualTo(5);
    assertThat(with.withdrawn()).isEqualTo(1);
    assertThat(java.nio.file.Files.readAllLines(file(with)))
        .map(JsonMapper.shared()::readTree)
        .filteredOn(row -> row.path("status").asString().equals("withdrawn"))
        .singleElement()
        .satisfies(row -> {
          assertThat(row.path("withdrawn_by").asString()).isEqualTo("lena");
          assertThat(row.path("withdrawn_why").asString()).isEqualTo("lead");
          assertThat(row.path("withdrawn_note").asString()).isEqualTo("=2 fast");
          assertThat(Instant.parse(row.path("withdrawn_at").asString()))
              .isBefore(Instant.now().plusSeconds(1));
          assertThat(row.at("/answer/levels/tone").isNumber()).isTrue();
          assertThat(row.path("annotator").asString()).startsWith("kind-");
        });
    assertThat(
            java.nio.file.Files.readString(file(export.make(grades, WorkFormat.CSV, true, lead))))
        .contains("withdrawn_at,withdrawn_by,withdrawn_why,withdrawn_note")
        .contains(",lena,lead,'=2 fast");
    assertThat(
            new CarpetReader<>(
                    file(export.make(grades, WorkFormat.PARQUET, true, lead)).toFile(), Map.class)
                .toList())
        .filteredOn(row -> "withdrawn".equals(row.get("status")))
        .singleElement()
        .satisfies(row -> assertThat(row.get("withdrawn_note")).isEqualTo("=2 fast"));
  }

  @Test
  void a_file_is_a_child_of_the_models_it_is_about() {
    for (String kind : List.of("GRADE", "RED_TEAM")) {
      WorkExportRow row = export(kind, WorkFormat.JSONL);
      assertThat(server.bean(LineageRepository.class).ancestors(row.artifactSha256()).edges())
          .as(kind)
          .extracting(Edge::role)
          .contains("answers");
    }
  }

  /// A second set-up takes texts that the first one's file brought: they are still the file's.
  @Test
  void a_file_is_a_child_of_the_file_that_brought_its_texts() throws Exception {
    TestProject fresh = TestProject.create(server.database().jdbc(), 0);
    Project project = server.bean(ProjectRepository.class).find(fresh.id()).orElseThrow();
    byte[] lines =
        "{\"prompt\": \"Which?\", \"answers\": [\"One.\", \"Two.\"]}\n"
            .getBytes(StandardCharsets.UTF_8);
    SetupDesk desk = server.bean(SetupDesk.class);
    SetupDesk.Brought brought =
        new SetupDesk.Brought(
            WorkLines.read(new ByteArrayInputStream(lines), TaskKind.CHOICE),
            () -> new ByteArrayInputStream(lines));
    var _ =
        desk.make(
            project,
            new SetupDesk.Wish(new Question.Choice(false), 1, 2, "", "", 10, 0, false, brought),
            lead);
    var _ =
        desk.make(
            project,
            new SetupDesk.Wish(new Question.Rank(true), 1, 2, "", "", 10, 0, false, null),
            lead);
    String file = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(lines));
    assertThat(desk.all(project.id())).hasSize(2);
    assertThat(desk.all(project.id()).getLast().source()).contains(file);
    for (Setup setup : desk.all(project.id())) {
      WorkExportRow row = server.bean(WorkExport.class).make(setup, WorkFormat.JSONL, lead);
      assertThat(server.bean(LineageRepository.class).ancestors(row.artifactSha256()).edges())
          .as(setup.question().kind().name())
          .anyMatch(edge -> edge.parent().equals(file) && edge.role().equals("imported"));
    }
    assertThat(server.bean(ArtifactStore.class).open(file)).hasBinaryContent(lines);
  }
}
