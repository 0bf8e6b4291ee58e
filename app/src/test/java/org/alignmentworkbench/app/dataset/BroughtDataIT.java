package org.alignmentworkbench.app.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Map;
import java.util.UUID;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.dataset.BroughtFile;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.rlhf.job.RunQueue;
import org.alignmentworkbench.rlhf.job.Stores;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Training data brought from the browser: from the file to the form of the run that learns it.
class BroughtDataIT {
  private static final String GOOD =
      "{\"messages\": [{\"role\": \"user\", \"content\": \"%s\"},"
          + " {\"role\": \"assistant\", \"content\": \"yes\"}]}\n";

  private static RunningServer server;
  private static Browser engineer;

  @BeforeAll
  static void start() {
    server = new RunningServer("--workbench.worker=false");
    server.person("eve", Role.ENGINEER);
    server.person("vic", Role.VIEWER);
    engineer = server.signedIn("eve");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Project project() {
    return server.bean(ProjectRepository.class).create("d-" + UUID.randomUUID(), 1, "{}");
  }

  private static HttpResponse<String> bring(
      Browser browser, Project project, String name, String content) {
    return browser.upload(
        "/projects/" + project.id() + "/datasets",
        Map.of(),
        name,
        content.getBytes(UTF_8),
        browser.csrf("/account/password"));
  }

  private static Document models(Project project) {
    return Jsoup.parse(engineer.get("/projects/" + project.id() + "/models").body());
  }

  @Test
  void a_file_becomes_a_dataset_and_what_was_left_out_can_be_fetched_there_and_on_the_runs_page() {
    Project project = project();
    String file = GOOD.formatted("a") + "=nonsense\n" + GOOD.formatted("b");
    HttpResponse<String> answer = bring(engineer, project, "../mine.jsonl", file);
    assertThat(answer.statusCode()).isEqualTo(302);
    Document page = models(project);
    assertThat(page.select(".notice").text())
        .contains("mine.jsonl is dataset mine. Rows: 2. Left out: 1.");
    Dataset dataset =
        server.bean(Stores.class).datasets().findByName(project.id(), "mine").orElseThrow();
    assertThat(dataset.rowCount()).isEqualTo(2);
    BroughtFile kept = server.bean(Stores.class).datasets().brought(dataset.id()).getFirst();
    assertThat(kept.name()).isEqualTo("mine.jsonl");
    String list =
        "/projects/%d/datasets/%d/files/%s/refused"
            .formatted(project.id(), dataset.id(), kept.artifactSha256());
    assertThat(page.select("a[href='" + list + "']").text()).isEqualTo("1, list");
    HttpResponse<String> refused = engineer.get(list);
    assertThat(refused.body()).contains("row,rule,reason").contains("2,INVALID_JSON,");
    assertThat(refused.headers().firstValue("Content-Disposition").orElse(""))
        .startsWith("attachment");
    assertThat(
            engineer
                .get(list.replace("/projects/" + project.id(), "/projects/" + project().id()))
                .statusCode())
        .isEqualTo(404);
    assertThat(server.bean(AuditRepository.class).latest(1).getFirst().action())
        .isEqualTo("dataset.bring");

    // The link beside it leads to a form that has the name in it.
    String learn = page.select("a:containsOwn(Learn it)").attr("href");
    Document form = Jsoup.parse(engineer.get(learn).body());
    assertThat(form.getElementById("s.data").val()).isEqualTo("mine");
    Run run =
        server
            .bean(RunQueue.class)
            .enqueue(project.id(), "learn", "supervisedFineTuning", "{\"data\": \"mine\"}", 1);
    assertThat(
            Jsoup.parse(engineer.get("/runs/" + run.id()).body())
                .select("a[href='" + list + "']")
                .text())
        .isEqualTo("mine.jsonl: 1 left out, list");
  }

  @Test
  void the_same_content_is_the_same_dataset_and_other_content_of_that_name_another() {
    Project project = project();
    for (String content : new String[] {GOOD.formatted("a"), GOOD.formatted("a")}) {
      assertThat(bring(engineer, project, "mine.jsonl", content).statusCode()).isEqualTo(302);
    }
    bring(engineer, project, "mine.jsonl", GOOD.formatted("c"));
    assertThat(server.bean(Stores.class).datasets().ofProject(project.id()))
        .extracting(Dataset::name)
        .containsExactly("mine", "mine-2");
  }

  @Test
  void a_file_that_cannot_be_used_says_why_and_leaves_nothing() {
    Project project = project();
    bring(engineer, project, "none.jsonl", "{\"prompt\": \"only a question\"}\n");
    assertThat(models(project).select(".notice").text())
        .contains("The file was not accepted: none.jsonl holds no conversation to learn: row 1:");
    bring(engineer, project, "empty.jsonl", "");
    assertThat(models(project).select(".notice").text()).contains("Choose a file first.");
    assertThat(server.bean(Stores.class).datasets().ofProject(project.id())).isEmpty();
  }

  @Test
  void who_only_looks_brings_nothing() {
    Project project = project();
    Browser viewer = server.signedIn("vic");
    assertThat(bring(viewer, project, "mine.jsonl", GOOD.formatted("a")).statusCode())
        .isEqualTo(404);
    assertThat(viewer.get("/projects/" + project.id() + "/models").body())
        .doesNotContain("Bring training data");
    assertThat(server.bean(Stores.class).datasets().ofProject(project.id())).isEmpty();
  }
}
