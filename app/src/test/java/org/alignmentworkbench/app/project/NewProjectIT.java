package org.alignmentworkbench.app.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Map;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.task.GuidelineRepository;
import org.alignmentworkbench.rlhf.job.Stores;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class NewProjectIT {
  @AutoClose
  private static final RunningServer SERVER = new RunningServer("--workbench.worker=false");

  private static HttpResponse<String> make(Browser browser, String name, String seed) {
    return browser.post(
        "/projects/new", Map.of("name", name, "seed", seed), browser.csrf("/account/password"));
  }

  @Test
  void a_project_begins_with_the_base_model_and_a_guideline() {
    SERVER.person("enno", Role.ENGINEER);
    Browser engineer = SERVER.signedIn("enno");
    assertThat(engineer.get("/projects").body()).contains("/projects/new");
    HttpResponse<String> answer = make(engineer, " First steps ", "12");
    assertThat(answer.statusCode()).isEqualTo(302);
    Stores stores = SERVER.bean(Stores.class);
    Project project = stores.projects().findByName("First steps").orElseThrow();
    assertThat(Browser.location(answer)).endsWith("/projects/" + project.id());
    assertThat(project.seed()).isEqualTo(12);
    Model base = stores.models().findByName(project.id(), "base").orElseThrow();
    assertThat(base.kind()).isEqualTo(Model.Kind.POLICY);
    assertThat(stores.artifacts().open(base.artifactSha256()).resolve("config.json")).exists();
    assertThat(SERVER.bean(GuidelineRepository.class).latest(project.id())).isPresent();
    assertThat(SERVER.bean(AuditRepository.class).latest(1).getFirst().action())
        .isEqualTo("project.create");
    // From here an engineer can begin.
    assertThat(engineer.get("/projects/" + project.id()).body()).contains("/runs/new");

    HttpResponse<String> again = make(engineer, "First steps", "x");
    assertThat(again.statusCode()).isEqualTo(422);
    Document page = Jsoup.parse(again.body());
    assertThat(page.getElementById("seed-error").text()).isEqualTo("must be a whole number, was x");
    assertThat(page.getElementById("name").val()).isEqualTo("First steps");
    Document taken = Jsoup.parse(make(engineer, "First steps", "12").body());
    assertThat(taken.getElementById("name-error").text())
        .isEqualTo("Another project has this name.");
    assertThat(stores.projects().findByName("First steps")).hasValue(project);
  }

  @Test
  void a_lead_is_told_the_first_steps_until_somebody_has_judged() {
    SERVER.person("lena", Role.LEAD);
    Browser lead = SERVER.signedIn("lena");
    HttpResponse<String> answer = make(lead, "For annotators", "3");
    String path = Browser.location(answer).replace(SERVER.url(), "");
    Document page = Jsoup.parse(lead.get(path).body());
    assertThat(page.select("main > .notice").text()).contains("What usually comes first is below");
    assertThat(page.select("#first-steps li a").eachText())
        .containsExactly(
            "Write the guideline",
            "Set up tasks",
            "Invite annotators",
            "Adjudication",
            "Quality",
            "Judgements out and in");
    for (String step : page.select("#first-steps a").eachAttr("href")) {
      assertThat(lead.get(step).statusCode()).as(step).isEqualTo(200);
    }
    SERVER.person("edda", Role.ENGINEER);
    assertThat(SERVER.signedIn("edda").get(path).body()).doesNotContain("first-steps");
  }
}
