package org.alignmentworkbench.app.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.jerolba.carpet.CarpetReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.app.exchange.JudgementImport.Wish;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.exchange.JudgementImportRow;
import org.alignmentworkbench.db.exchange.JudgementImportRow.Purpose;
import org.alignmentworkbench.db.exchange.JudgementImportRow.State;
import org.alignmentworkbench.db.exchange.JudgementImports;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.alignmentworkbench.db.task.Claim;
import org.alignmentworkbench.db.task.ClaimedSlot;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.model.dataset.DatasetReader;
import org.alignmentworkbench.model.dataset.Example;
import org.alignmentworkbench.model.dataset.JudgedPair;
import org.alignmentworkbench.model.dataset.JudgementFormat;
import org.alignmentworkbench.model.dataset.RowOutcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Judgements are the same whichever way they came and in whichever form they leave.
class SameJudgementsIT {
  private static final List<String> SCRIPTS =
      List.of("שלום עולם", "مرحبا، بالعالم", "你好，世界", "नमस्ते", "สวัสดี", "e\u0301 👩‍🚀 \"ß\"; Ω");
  private static final Duration LEASE = Duration.ofMinutes(10);

  private static RunningServer server;
  private static Person ann;
  private static Browser atDesk;
  private static Browser engineer;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    server = new RunningServer();
    ann = server.person("ann", Role.ANNOTATOR);
    server.person("eve", Role.ENGINEER);
    atDesk = server.signedIn("ann");
    engineer = server.signedIn("eve");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Project project() {
    return server.bean(ProjectRepository.class).create("p-" + UUID.randomUUID(), 1, "{}");
  }

  private static JudgementImportRow bring(Project project, String file, String name, Wish wish)
      throws Exception {
    JudgementImportRow row =
        server
            .bean(JudgementImport.class)
            .accept(project, new ByteArrayInputStream(file.getBytes(UTF_8)), name, wish, null)
            .row();
    return ended(row.id());
  }

  /// Waits for the run. The limit only ends a test that would hang.
  private static JudgementImportRow ended(long id) throws InterruptedException {
    Instant limit = Instant.now().plus(Duration.ofMinutes(2));
    while (Instant.now().isBefore(limit)) {
      JudgementImportRow now = server.bean(JudgementImports.class).find(id).orElseThrow();
      if (now.state() != State.WAITING) {
        return now;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("the import has not ended");
  }

  private static Path file(Project project, JudgementFormat format) {
    return server
        .bean(ArtifactStore.class)
        .open(
            server.bean(JudgementExport.class).make(project, format, false, null).artifactSha256());
  }

  private static byte[] bytes(Project project, JudgementFormat format) throws IOException {
    return Files.readAllBytes(file(project, format));
  }

  private static String pairs() {
    StringBuilder rows = new StringBuilder();
    for (String text : SCRIPTS) {
      rows.append(
          JsonMapper.shared()
              .writeValueAsString(
                  new TreeMap<>(
                      Map.of("prompt", text + "?", "chosen", text, "rejected", "not " + text))));
      rows.append('\n');
    }
    return rows.toString();
  }

  private static final String GRADES =
      "{\"instructionFollowing\": 2, \"concision\": 1, \"truthfulness\": 0, \"harmlessness\": 2}";

  /// What ann says of a pair, in terms of the sides: the shorter text is better by 3.
  private static int strength(ClaimedSlot slot) {
    return slot.left().length() < slot.right().length() ? -3 : 3;
  }

  private static String why(ClaimedSlot slot) {
    return "because of " + slot.prompt().codePointAt(0);
  }

  private static ClaimedSlot claim(Project project) {
    return ((Claim.Claimed)
            server.bean(Queue.class).claim(project.id(), ann.id(), Instant.now(), LEASE))
        .slot();
  }

  /// Everything but who, when, how long and on which side.
  private static Set<String> said(Project project) throws IOException {
    Set<String> said = new TreeSet<>();
    for (JudgedPair pair : read(bytes(project, JudgementFormat.CSV), "x.csv")) {
      said.add(
          String.join(
              "|",
              pair.pair(),
              pair.promptKey(),
              "" + pair.round(),
              "" + pair.status(),
              pair.prompt(),
              pair.responseA(),
              pair.responseB(),
              pair.responseAKey(),
              pair.responseBKey(),
              "" + pair.strength(),
              "" + new TreeMap<>(pair.grades()),
              pair.reason(),
              pair.annotator(),
              "" + pair.scripted()));
    }
    return said;
  }

  private static List<JudgedPair> read(byte[] content, String fileName) throws IOException {
    List<JudgedPair> read = new ArrayList<>();
    try (DatasetReader reader =
        DatasetReader.open(
            new ByteArrayInputStream(content), new DatasetReader.Settings(fileName))) {
      for (RowOutcome row = reader.next(); row != null; row = reader.next()) {
        read.add(((Example.Judged) ((RowOutcome.Accepted) row).example()).judgement());
      }
    }
    return read;
  }

  @Test
  void a_judgement_leaves_the_same_whether_it_was_given_at_the_desk_by_a_program_or_in_a_file()
      throws Exception {
    Wish toBeJudged = new Wish(Purpose.PAIRS, 1, 3, false);
    Project byPage = project();
    bring(byPage, pairs(), "x.jsonl", toBeJudged);
    Project byProgram = project();
    bring(byProgram, pairs(), "x.jsonl", toBeJudged);
    for (int i = 0; i < SCRIPTS.size(); i++) {
      ClaimedSlot slot = claim(byPage);
      Map<String, String> form = new LinkedHashMap<>();
      form.put("key", UUID.randomUUID().toString());
      form.put("strength", "" + strength(slot));
      JsonNode grades = JsonMapper.shared().readTree(GRADES);
      for (String side : List.of("left", "right")) {
        grades
            .propertyStream()
            .forEach(grade -> form.put(side + "." + grade.getKey(), "" + grade.getValue().asInt()));
      }
      form.put("reason", why(slot));
      form.put("activeMillis", "900");
      assertThat(atDesk.post("/label/" + slot.slotId(), form).statusCode()).isEqualTo(302);
    }
    try (var program = new DeskProgram(server, ann)) {
      for (int i = 0; i < SCRIPTS.size(); i++) {
        ClaimedSlot slot = claim(byProgram);
        program.judge(
            slot.slotId(),
            "{\"strength\": %d, \"left\": %s, \"right\": %s, \"reason\": \"%s\"}"
                .formatted(strength(slot), GRADES, GRADES, why(slot)));
      }
    }
    Project byFile = project();
    bring(
        byFile,
        Files.readString(file(byPage, JudgementFormat.TRL_PREFERENCE)),
        "x.jsonl",
        Wish.DEFAULT);
    assertThat(said(byPage)).hasSize(SCRIPTS.size());
    assertThat(said(byFile)).isEqualTo(said(byPage));
    assertThat(said(byProgram)).isEqualTo(said(byPage));
  }

  /// Two judgements and a skip, with and without words.
  private static Project judged() throws Exception {
    Project project = project();
    bring(project, pairs(), "x.jsonl", Wish.DEFAULT);
    Project own = project();
    bring(own, pairs(), "x.jsonl", new Wish(Purpose.PAIRS, 2, 3, false));
    for (int i = 0; i < SCRIPTS.size(); i++) {
      ClaimedSlot slot = claim(own);
      if (i == 1) {
        server.bean(Queue.class).skip(slot.slotId(), ann.id(), SCRIPTS.getLast(), Instant.now());
        continue;
      }
      var grades = new org.alignmentworkbench.db.task.Grades(2, 1, 0, 2);
      server
          .bean(Queue.class)
          .submit(
              new org.alignmentworkbench.db.task.Submission(
                  slot.slotId(),
                  ann.id(),
                  UUID.randomUUID(),
                  strength(slot),
                  grades,
                  grades,
                  i == 0 ? "" : SCRIPTS.get(i),
                  4200 + i,
                  1,
                  i == 2),
              Instant.now());
    }
    return own;
  }

  /// One judgement as a form of file tells it, under the same names whatever the form.
  private static Map<String, String> facts(JudgedPair pair) {
    Map<String, String> facts = new TreeMap<>();
    facts.put("pair", pair.pair());
    facts.put("prompt_key", pair.promptKey());
    facts.put("round", "" + pair.round());
    facts.put("status", pair.status() == JudgedPair.Status.JUDGED ? "judged" : "skipped");
    facts.put("prompt", pair.prompt());
    boolean aBetter = pair.strength() != null && pair.strength() < 0;
    facts.put("chosen", aBetter ? pair.responseA() : pair.responseB());
    facts.put("rejected", aBetter ? pair.responseB() : pair.responseA());
    facts.put("response_a_key", pair.responseAKey());
    facts.put("response_b_key", pair.responseBKey());
    facts.put("strength", "" + pair.strength());
    facts.put("a_left", "" + pair.aLeft());
    pair.grades().forEach((name, grade) -> facts.put("grade_" + name, "" + grade));
    facts.put("reason", pair.reason());
    facts.put("annotator", pair.annotator());
    facts.put("active_ms", "" + pair.activeMs());
    facts.put("guideline_version", "" + pair.guidelineVersion());
    facts.put("scripted", "" + pair.scripted());
    facts.put("created_at", pair.createdAt().isEmpty() ? "" : "" + Instant.parse(pair.createdAt()));
    return facts;
  }

  private static String text(JsonNode node) {
    return node.isNull() || node.isMissingNode() ? "null" : node.asString();
  }

  /// A line of JSON: texts are in messages, everything else is a member of its own.
  private static Map<String, String> line(JsonNode row, String chosen, String rejected) {
    Map<String, String> facts = new TreeMap<>();
    for (String name :
        List.of(
            "pair",
            "prompt_key",
            "round",
            "status",
            "response_a_key",
            "response_b_key",
            "strength",
            "a_left",
            "reason",
            "annotator",
            "active_ms",
            "guideline_version",
            "scripted")) {
      facts.put(name, text(row.path(name)));
    }
    row.propertyStream()
        .filter(member -> member.getKey().startsWith("grade_") && !member.getValue().isNull())
        .forEach(member -> facts.put(member.getKey(), text(member.getValue())));
    facts.put("created_at", "" + Instant.parse(row.path("created_at").asString()));
    facts.put("prompt", row.at("/prompt/0/content").asString());
    facts.put("chosen", chosen);
    facts.put("rejected", rejected);
    return facts;
  }

  private static List<JsonNode> lines(Path file) throws IOException {
    return Files.readAllLines(file).stream().map(JsonMapper.shared()::readTree).toList();
  }

  private static Set<Map<String, String>> facts(Project project, JudgementFormat format)
      throws IOException {
    Set<Map<String, String>> facts = new java.util.HashSet<>();
    Path file = file(project, format);
    switch (format) {
      case TRL_PREFERENCE, SOFT_LABEL ->
          lines(file)
              .forEach(row ->
                  facts.add(
                      line(
                          row,
                          row.at("/chosen/0/content").asString(),
                          row.at("/rejected/0/content").asString())));
      case KTO -> {
        List<JsonNode> rows = lines(file);
        for (int i = 0; i < rows.size(); i += 2) {
          assertThat(rows.get(i).path("label").asBoolean()).isTrue();
          assertThat(rows.get(i + 1).path("label").asBoolean()).isFalse();
          facts.add(
              line(
                  rows.get(i),
                  rows.get(i).at("/completion/0/content").asString(),
                  rows.get(i + 1).at("/completion/0/content").asString()));
        }
      }
      case CSV, SPREADSHEET ->
          read(Files.readAllBytes(file), "x.csv").forEach(pair -> facts.add(facts(pair)));
      case LABEL_STUDIO -> {
        for (JsonNode task : JsonMapper.shared().readTree(Files.readString(file))) {
          task.path("annotations").forEach(annotation -> facts.add(labelStudio(task, annotation)));
        }
      }
      case PARQUET -> {
        for (JudgementParquet.Row row :
            new CarpetReader<>(file.toFile(), JudgementParquet.Row.class).toList()) {
          facts.add(parquet(row));
        }
      }
    }
    return facts;
  }

  private static Map<String, String> labelStudio(JsonNode task, JsonNode annotation) {
    Map<String, String> facts = new TreeMap<>();
    JsonNode data = task.path("data");
    for (String name : List.of("pair", "prompt_key", "round", "response_a_key", "response_b_key")) {
      facts.put(name, text(data.path(name)));
    }
    JsonNode meta = annotation.path("meta");
    for (String name : List.of("status", "a_left", "active_ms", "guideline_version", "scripted")) {
      facts.put(name, text(meta.path(name)));
    }
    facts.put("prompt", text(data.path("prompt")));
    facts.put("annotator", text(annotation.path("completed_by")));
    facts.put("created_at", "" + Instant.parse(annotation.path("created_at").asString()));
    facts.put("strength", "null");
    facts.put("reason", "");
    boolean aBetter = false;
    for (JsonNode result : annotation.path("result")) {
      String name = result.path("from_name").asString();
      JsonNode value = result.path("value");
      if (name.equals("pref")) {
        aBetter = value.path("selected").asString().equals("left");
      } else if (name.equals("reason")) {
        facts.put(name, value.at("/text/0").asString());
      } else {
        facts.put(name, text(value.path("number")));
      }
    }
    facts.put("chosen", text(data.path(aBetter ? "answer1" : "answer2")));
    facts.put("rejected", text(data.path(aBetter ? "answer2" : "answer1")));
    return facts;
  }

  private static Map<String, String> parquet(JudgementParquet.Row row) {
    Map<String, String> facts = new TreeMap<>();
    facts.put("pair", row.pair());
    facts.put("prompt_key", row.prompt_key());
    facts.put("round", "" + row.round());
    facts.put("status", row.status());
    facts.put("prompt", row.prompt());
    boolean aBetter = row.strength() != null && row.strength() < 0;
    facts.put("chosen", aBetter ? row.response_a() : row.response_b());
    facts.put("rejected", aBetter ? row.response_b() : row.response_a());
    facts.put("response_a_key", row.response_a_key());
    facts.put("response_b_key", row.response_b_key());
    facts.put("strength", "" + row.strength());
    facts.put("a_left", "" + row.a_left());
    row.grades().forEach((name, grade) -> facts.put("grade_" + name, "" + grade));
    facts.put("reason", row.reason());
    facts.put("annotator", row.annotator());
    facts.put("active_ms", "" + row.active_ms());
    facts.put("guideline_version", "" + row.guideline_version());
    facts.put("scripted", "" + row.scripted());
    facts.put("created_at", "" + row.created_at());
    return facts;
  }

  @Test
  void every_format_says_the_same_of_every_judgement() throws Exception {
    Project project = judged();
    Set<Map<String, String>> said = facts(project, JudgementFormat.CSV);
    assertThat(said).hasSize(SCRIPTS.size());
    for (JudgementFormat format : JudgementFormat.values()) {
      assertThat(facts(project, format))
          .as(format.title())
          .isEqualTo(
              format.withSkipped()
                  ? said
                  : said.stream()
                      .filter(facts -> facts.get("status").equals("judged"))
                      .collect(java.util.stream.Collectors.toSet()));
    }
  }

  /// Excel takes a file without the mark for one in the system's old charset.
  @Test
  void a_spreadsheet_reads_every_script() throws Exception {
    Project project = judged();
    byte[] sheet = bytes(project, JudgementFormat.SPREADSHEET);
    byte[] mark = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    assertThat(sheet).startsWith(mark);
    assertThat(new String(sheet, UTF_8).getBytes(UTF_8)).isEqualTo(sheet);
    for (String text : SCRIPTS) {
      assertThat(new String(sheet, UTF_8)).contains(text.replace("\"", "\"\""));
    }
    byte[] programs = bytes(project, JudgementFormat.CSV);
    assertThat(programs[0]).isNotEqualTo(mark[0]);
    JudgementImportRow refused =
        bring(project(), "{\"prompt\": \"" + SCRIPTS.getFirst() + "\"}\n", "x.jsonl", Wish.DEFAULT);
    assertThat(Files.readAllBytes(server.bean(ArtifactStore.class).open(refused.refusalsSha256())))
        .startsWith(mark);
    server.person("ada", Role.ADMIN);
    assertThat(server.signedIn("ada").get("/admin/hours.csv").body()).startsWith("\uFEFF");
  }

  private static final String HEADER =
      "السؤال,\"更好的 “回答”\",\"other \"\"answer\"\", הערה\",prompt\r\n";

  private static String table() {
    StringBuilder rows = new StringBuilder(HEADER);
    for (String text : SCRIPTS) {
      String cell = text.replace("\"", "\"\"");
      rows.append("\"%s?\",\"%s\",\"not %s\",left aside\r\n".formatted(cell, cell, cell));
    }
    return rows.toString();
  }

  private static final Map<String, String> NAMES =
      Map.of(
          "promptColumn", "السؤال",
          "chosenColumn", "更好的 “回答”",
          "rejectedColumn", " other \"answer\", הערה ");

  @ParameterizedTest
  @ValueSource(strings = {"page", "program"})
  void columns_may_have_names_in_any_script(String way) throws Exception {
    Project usual = project();
    bring(usual, pairs(), "x.jsonl", Wish.DEFAULT);
    Project project = project();
    Map<String, String> form = new LinkedHashMap<>(NAMES);
    form.put("purpose", "JUDGEMENTS");
    if (way.equals("page")) {
      assertThat(
              engineer
                  .upload(
                      "/projects/" + project.id() + "/judgements/imports",
                      form,
                      "جدول.csv",
                      table().getBytes(UTF_8),
                      engineer.csrf("/account/password"))
                  .statusCode())
          .isEqualTo(302);
    } else {
      DeskProgram.bring(server, project.id(), form, table());
    }
    JudgementImportRow row =
        ended(
            server
                .bean(JudgementImports.class)
                .latest(project.id(), Long.MAX_VALUE, 1)
                .getFirst()
                .id());
    assertThat(row.state()).as(row.fault()).isEqualTo(State.TAKEN);
    assertThat(row.counts().judgements()).isEqualTo(SCRIPTS.size());
    assertThat(row.counts().refused()).isZero();
    Set<String> expected = said(usual);
    assertThat(said(project)).isEqualTo(expected).hasSize(SCRIPTS.size());
  }

  @Test
  void a_column_that_is_not_there_is_named_and_another_reading_of_a_file_is_another_file()
      throws Exception {
    Project project = project();
    Wish wrong =
        new Wish(
            Purpose.JUDGEMENTS,
            1,
            3,
            false,
            new org.alignmentworkbench.model.dataset.FieldNames("سؤال", null, null));
    JudgementImportRow row = bring(project, table(), "x.csv", wrong);
    assertThat(row.state()).isEqualTo(State.REFUSED);
    assertThat(Files.readString(server.bean(ArtifactStore.class).open(row.refusalsSha256())))
        .contains("MISSING_FIELD", "there is no field 'سؤال'", "السؤال");
    Wish right =
        new Wish(
            Purpose.JUDGEMENTS,
            1,
            3,
            false,
            new org.alignmentworkbench.model.dataset.FieldNames(
                NAMES.get("promptColumn"), NAMES.get("chosenColumn"), NAMES.get("rejectedColumn")));
    assertThat(bring(project, table(), "x.csv", right).state()).isEqualTo(State.TAKEN);
    assertThat(
            server
                .bean(JudgementImport.class)
                .accept(
                    project,
                    new ByteArrayInputStream(table().getBytes(UTF_8)),
                    "x.csv",
                    right,
                    null)
                .again())
        .isTrue();
  }
}
