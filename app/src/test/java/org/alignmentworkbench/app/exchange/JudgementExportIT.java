package org.alignmentworkbench.app.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.audit.AuditEvent;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.dataset.DatasetRepository;
import org.alignmentworkbench.db.dataset.JudgementSnapshot;
import org.alignmentworkbench.db.lineage.LineageRepository;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.task.Claim;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.db.task.Submission;
import org.alignmentworkbench.db.task.Undo;
import org.alignmentworkbench.db.task.UndoOutcome;
import org.alignmentworkbench.db.task.Withdrawals;
import org.alignmentworkbench.model.dataset.DatasetReader;
import org.alignmentworkbench.model.dataset.Example;
import org.alignmentworkbench.model.dataset.JudgedPair;
import org.alignmentworkbench.model.dataset.JudgementFormat;
import org.alignmentworkbench.model.dataset.RowOutcome;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionTemplate;

/// Three comparisons, of which two people judged two and one skipped the third: out over HTTP in
/// every format.
class JudgementExportIT {
  private static final Duration LEASE = Duration.ofMinutes(10);
  private static final String FORMULA = "=HYPERLINK(\"http://example.com\")";

  private static RunningServer server;
  private static Person ann;
  private static Person ben;
  private static Browser engineer;

  private TestProject project;

  @BeforeAll
  static void start() {
    server = new RunningServer("--workbench.worker=false");
    ann = server.person("ann", Role.ANNOTATOR);
    ben = server.person("ben", Role.ANNOTATOR);
    server.person("eve", Role.ENGINEER);
    engineer = server.signedIn("eve");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void someJudgements() {
    project = TestProject.create(server.database().jdbc(), 3);
    project.makeTasks(server.database().jdbc(), 2);
    judge(ann, 4, FORMULA);
    judge(ann, -1, "");
    skip(ann, "cannotJudge");
    judge(ben, 2, "shorter");
  }

  private Queue queue() {
    return new Queue(server.database().jdbc());
  }

  private long claim(Person person) {
    return ((Claim.Claimed) queue().claim(project.id(), person.id(), Instant.now(), LEASE))
        .slot()
        .slotId();
  }

  private void judge(Person person, int strength, String reason) {
    queue()
        .submit(
            new Submission(
                claim(person),
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

  private void skip(Person person, String reason) {
    assertThat(queue().skip(claim(person), person.id(), reason, Instant.now())).isTrue();
  }

  private String path() {
    return "/projects/" + project.id() + "/judgements";
  }

  private Document page() {
    return Jsoup.parse(engineer.get(path()).body());
  }

  /// Exports, and follows the link of the newest file.
  private HttpResponse<String> exported(JudgementFormat format) {
    var answer = engineer.post(path() + "/exports", Map.of("format", format.title()));
    assertThat(answer.statusCode()).isEqualTo(302);
    return engineer.get(page().select("#exports a[href$=/file]").first().attr("href"));
  }

  private static String sha256(String content) throws NoSuchAlgorithmException {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(content.getBytes(UTF_8)));
  }

  private static List<JudgedPair> read(String content, String fileName) throws IOException {
    List<JudgedPair> read = new ArrayList<>();
    try (DatasetReader reader =
        DatasetReader.open(
            new ByteArrayInputStream(content.getBytes(UTF_8)),
            new DatasetReader.Settings(fileName))) {
      for (RowOutcome row = reader.next(); row != null; row = reader.next()) {
        read.add(((Example.Judged) ((RowOutcome.Accepted) row).example()).judgement());
      }
    }
    return read;
  }

  @Test
  void every_format_is_made_offered_and_never_shown_in_the_browser() {
    for (JudgementFormat format : JudgementFormat.values()) {
      var file = exported(format);
      assertThat(file.statusCode()).as(format.title()).isEqualTo(200);
      assertThat(file.headers().firstValue("Content-Disposition").orElse(""))
          .startsWith("attachment")
          .contains("-judgements-" + format.title() + "-")
          .contains("." + format.extension() + "\"");
      assertThat(file.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
      // A character set belongs to text alone.
      assertThat(file.headers().firstValue("Content-Type").orElse(""))
          .as(format.title())
          .startsWith(format.mediaType())
          .satisfies(type -> assertThat(type.contains("charset")).isEqualTo(format.isText()));
    }
    assertThat(page().select("#exports tbody tr")).hasSize(JudgementFormat.values().length);
  }

  @Test
  void the_page_says_what_a_file_will_hold_and_the_file_holds_it() throws IOException {
    var said = page().select("#export tbody tr").eachText();
    assertThat(said.getFirst()).contains("judgements: 3").doesNotContain("skips");
    assertThat(said.get(JudgementFormat.CSV.ordinal())).contains("judgements: 3, skips: 1");
    assertThat(exported(JudgementFormat.TRL_PREFERENCE).body().lines()).hasSize(3);
    assertThat(exported(JudgementFormat.KTO).body().lines()).hasSize(6);
    assertThat(read(exported(JudgementFormat.CSV).body(), "x.csv"))
        .extracting(JudgedPair::status)
        .containsOnlyOnce(JudgedPair.Status.SKIPPED)
        .hasSize(4);
  }

  @Test
  void a_judgement_comes_out_as_it_was_given() throws IOException {
    JudgedPair byBen =
        read(exported(JudgementFormat.CSV).body(), "x.csv").stream()
            .filter(pair -> pair.annotator().equals("ben"))
            .findFirst()
            .orElseThrow();
    // Submitted as 2 in favour of the right side; the task's own order depends on the slot.
    assertThat(byBen.strength()).isEqualTo(Boolean.TRUE.equals(byBen.aLeft()) ? 2 : -2);
    assertThat(byBen.grades())
        .containsEntry(Boolean.TRUE.equals(byBen.aLeft()) ? "a_truthfulness" : "b_truthfulness", 0)
        .containsEntry(Boolean.TRUE.equals(byBen.aLeft()) ? "b_truthfulness" : "a_truthfulness", 2);
    assertThat(byBen.reason()).isEqualTo("shorter");
    assertThat(byBen.activeMs()).isEqualTo(4200);
    assertThat(byBen.guidelineVersion()).isEqualTo(1);
    assertThat(byBen.scripted()).isFalse();
    assertThat(byBen.round()).isEqualTo(1);
  }

  @Test
  void the_spreadsheet_gets_no_formula_and_programs_get_the_text() {
    assertThat(exported(JudgementFormat.SPREADSHEET).body()).contains("\"'=HYPERLINK");
    assertThat(exported(JudgementFormat.CSV).body()).contains("\"=HYPERLINK");
  }

  @Test
  void the_file_s_own_hash_leads_to_the_snapshot_and_to_the_model_behind_it() throws Exception {
    var file = exported(JudgementFormat.TRL_PREFERENCE);
    String sha256 = file.headers().firstValue("X-Artifact-SHA256").orElseThrow();
    assertThat(sha256(file.body())).isEqualTo(sha256);
    Dataset snapshot =
        new DatasetRepository(server.database().jdbc()).ofProject(project.id()).getFirst();
    var lineage = server.bean(LineageRepository.class).ancestors(sha256);
    assertThat(lineage.edges())
        .anyMatch(
            edge -> edge.parent().equals(snapshot.artifactSha256()) && edge.child().equals(sha256));
    assertThat(lineage.nodes()).anyMatch(node -> node.sha256().equals(project.modelSha256()));
    assertThat(engineer.get("/lineage/" + sha256).statusCode()).isEqualTo(200);
    // The same content as what a reward model would be trained on.
    Dataset taken =
        server
            .bean(JudgementSnapshot.class)
            .take(project.id(), "reward/judgements", 1, 1, false, null);
    assertThat(taken.artifactSha256()).isEqualTo(snapshot.artifactSha256());
    assertThat(new DatasetRepository(server.database().jdbc()).rows(snapshot.id(), 0, 10))
        .isEqualTo(new DatasetRepository(server.database().jdbc()).rows(taken.id(), 0, 10))
        .hasSize(3);
  }

  @Test
  void an_earlier_file_stays_what_it_was() {
    String first = exported(JudgementFormat.SOFT_LABEL).body();
    String link = page().select("#exports a[href$=/file]").first().attr("href");
    judge(ben, -3, "later");
    assertThat(exported(JudgementFormat.SOFT_LABEL).body()).isNotEqualTo(first);
    assertThat(engineer.get(link).body()).isEqualTo(first);
  }

  @Test
  void the_audit_trail_says_who_took_what() {
    exported(JudgementFormat.LABEL_STUDIO);
    // That the file was taken away is written down as well, maybe after its last byte has come.
    AuditEvent event =
        server.bean(AuditRepository.class).latest(2).stream()
            .filter(latest -> latest.action().equals("judgements.export"))
            .findFirst()
            .orElseThrow();
    assertThat(event.username()).isEqualTo("eve");
    assertThat(event.subject()).isEqualTo("project " + project.id());
    assertThat(event.detail()).contains("label-studio", "\"judgements\": 3", "\"skips\": 1");
  }

  /// A lead withdrew one, and somebody took theirs back: neither counts, and both can be taken out.
  @Test
  void withdrawn_judgements_leave_where_they_are_asked_for_and_never_to_be_learnt()
      throws IOException {
    long lead = server.person("lea-" + project.id(), Role.LEAD).id();
    long slot = claim(ben);
    queue()
        .submit(
            new Submission(
                slot,
                ben.id(),
                UUID.randomUUID(),
                -2,
                new Grades(1, 1, 1, 1),
                new Grades(1, 1, 1, 1),
                "oops",
                10,
                1,
                false),
            Instant.now());
    assertThat(
            server
                .bean(Undo.class)
                .takeBack(ben.id(), slot, Instant.now(), Duration.ofMinutes(2), LEASE, _ -> "{}"))
        .isInstanceOf(UndoOutcome.TakenBack.class);
    long byAnn =
        server
            .database()
            .jdbc()
            .sql(
                "select j.id from judgement j join task t on t.id = j.task_id where t.project_id = ?"
                    + " and j.reason = ?")
            .params(project.id(), FORMULA)
            .query(Long.class)
            .single();
    assertThat(
            new Withdrawals(server.database().jdbc(), server.bean(TransactionTemplate.class))
                .withdraw(project.id(), byAnn, "=1+1 clicked", lead, Instant.now()))
        .isTrue();

    assertThat(exported(JudgementFormat.CSV).body()).doesNotContain(",withdrawn,", "oops");
    var answer = engineer.post(path() + "/exports", Map.of("format", "csv", "withdrawn", "true"));
    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(page().select("#exports tbody tr").first().text())
        .contains("judgements: 2, skips: 1, withdrawn: 2");
    String body =
        engineer.get(page().select("#exports a[href$=/file]").first().attr("href")).body();
    List<JudgedPair> withdrawn =
        read(body, "x.csv").stream()
            .filter(pair -> pair.status() == JudgedPair.Status.WITHDRAWN)
            .toList();
    assertThat(withdrawn)
        .extracting(
            JudgedPair::annotator,
            pair -> pair.withdrawal().by(),
            pair -> pair.withdrawal().why(),
            pair -> pair.withdrawal().note())
        .containsExactlyInAnyOrder(
            tuple("ann", "lea-" + project.id(), "lead", "=1+1 clicked"),
            tuple("ben", "ben", "undo", ""));
    engineer.post(path() + "/exports", Map.of("format", "spreadsheet", "withdrawn", "true"));
    assertThat(engineer.get(page().select("#exports a[href$=/file]").first().attr("href")).body())
        .contains("'=1+1 clicked");
    int files = page().select("#exports tbody tr").size();
    for (JudgementFormat format : JudgementFormat.values()) {
      if (!format.withWithdrawn()) {
        assertThat(
                engineer
                    .post(
                        path() + "/exports", Map.of("format", format.title(), "withdrawn", "true"))
                    .statusCode())
            .as(format.title())
            .isEqualTo(400);
      }
    }
    assertThat(page().select("#exports tbody tr")).hasSize(files);
    assertThat(exported(JudgementFormat.TRL_PREFERENCE).body().lines()).hasSize(2);
  }

  @Test
  void a_file_belongs_to_its_project_alone_and_unknown_formats_are_refused() {
    exported(JudgementFormat.CSV);
    String link = page().select("#exports a[href$=/file]").first().attr("href");
    TestProject other = TestProject.create(server.database().jdbc(), 1);
    assertThat(
            engineer
                .get(link.replace("/projects/" + project.id(), "/projects/" + other.id()))
                .statusCode())
        .isEqualTo(404);
    assertThat(engineer.post(path() + "/exports", Map.of("format", "../../etc")).statusCode())
        .isEqualTo(400);
  }

  @Test
  void a_project_without_judgements_gives_an_empty_file_with_its_header() {
    TestProject empty = TestProject.create(server.database().jdbc(), 1);
    String of = "/projects/" + empty.id() + "/judgements";
    engineer.post(of + "/exports", Map.of("format", "csv"));
    Document page = Jsoup.parse(engineer.get(of).body());
    String body = engineer.get(page.select("#exports a[href$=/file]").first().attr("href")).body();
    assertThat(body.lines()).singleElement().asString().startsWith("id,prompt,response_a");
  }
}
