package org.alignmentworkbench.app.labelling;

import static org.assertj.core.api.Assertions.assertThat;

import com.jerolba.carpet.CarpetReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.app.AnsweredKinds;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.audit.AuditEvent;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.exchange.WorkExports.WorkExportRow;
import org.alignmentworkbench.db.lineage.Edge;
import org.alignmentworkbench.db.lineage.LineageRepository;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.task.Setup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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
      assertThat(server.bean(WorkExport.class).latest(answered.setups.get(kind), 10)).hasSize(4);
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
}
