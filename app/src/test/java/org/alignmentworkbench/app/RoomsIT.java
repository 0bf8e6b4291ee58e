package org.alignmentworkbench.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.annotation.page.HeadlessChromium;
import org.alignmentworkbench.app.security.Accounts;
import org.alignmentworkbench.app.security.Invitations;
import org.alignmentworkbench.app.token.ReadableProject;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.run.Heartbeat;
import org.alignmentworkbench.db.run.RunRepository;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;

/// Every room in a real browser over a seeded project: both widths, both themes, axe, the console.
/// Pictures lie in `target/screenshots`, or where `-Dscreenshots=` says.
class RoomsIT {
  private static RunningServer server;
  private static SeededProject project;
  private static ReadableProject readable;
  private static AnsweredKinds kinds;
  private static HeadlessChromium browser;

  @BeforeAll
  static void start() throws Exception {
    Assumptions.assumeTrue(HeadlessChromium.available(), "needs chromium and chromedriver");
    server = new RunningServer("--workbench.worker=false");
    project = new SeededProject(server);
    readable = new ReadableProject(server);
    server.person("olive", Role.ADMIN);
    server.bean(Accounts.class).create(null, "invited", "Ines Invited", Role.LEAD, false);
    kinds = new AnsweredKinds(server);
    browser = new HeadlessChromium();
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
      server.close();
    }
  }

  private static Map<String, String> rooms() {
    Map<String, String> rooms = new LinkedHashMap<>();
    String root = "/projects/" + project.projectId;
    rooms.put("projects", "/projects");
    rooms.put("overview", root);
    rooms.put("runs", "/runs");
    rooms.put("project-runs", root + "/runs");
    rooms.put("project-new", "/projects/new");
    rooms.put("launch-jobs", root + "/runs/new");
    rooms.put("launch-form", root + "/runs/new?job=itecRound");
    rooms.put("launch-again", root + "/runs/new?from=" + project.finishedRun);
    rooms.put(
        "run-compare",
        root + "/runs/compare?run=" + project.finishedRun + "&run=" + project.roundRun);
    rooms.put("run-live", "/runs/" + project.roundRun);
    rooms.put("run-failed", "/runs/" + project.failedRun);
    rooms.put("models", root + "/models");
    rooms.put("lineage-model", "/lineage/" + project.policySha);
    rooms.put("lineage-dataset", "/lineage/" + project.datasetSha);
    rooms.put("evaluations", root + "/evaluations");
    rooms.put("evaluation-items", root + "/evaluations/" + project.evaluationId);
    rooms.put("prompts", root + "/prompts");
    rooms.put("prompt", root + "/prompts/" + project.promptId);
    String texts = "/projects/" + readable.projectId;
    rooms.put("tokens", texts + "/models/" + readable.modelId + "/tokens");
    rooms.put("row", texts + "/datasets/" + readable.datasetId + "/rows/1");
    rooms.put("labelling", root + "/labelling");
    rooms.put("guideline", root + "/guideline");
    rooms.put("setup", root + "/labelling/setup");
    rooms.put("setup-span", root + "/labelling/setup?kind=SPAN");
    rooms.put("checks", root + "/checks");
    rooms.put("adjudication", root + "/adjudication?distance=3");
    rooms.put("decision", root + "/adjudication/" + project.taskId + "?named=true");
    rooms.put("notes", root + "/notes?state=ALL");
    rooms.put("note", root + "/notes/" + project.noteId);
    rooms.put("labelling-close", root + "/labelling/close?round=2&onlyByNobody=true");
    rooms.put("judgements", root + "/judgements");
    rooms.put("quality", root + "/quality");
    rooms.put("quality-comparison", root + "/quality/comparisons/" + project.taskId);
    kinds.setups.forEach((kind, setup) ->
        rooms.put(
            "quality-kind-" + kind,
            "/projects/" + kinds.projectId + "/quality/kinds?setup=" + setup));
    kinds.setups.forEach((kind, setup) -> {
      String disputes = "/projects/" + kinds.projectId + "/adjudication/kinds";
      rooms.put("adjudication-kind-" + kind, disputes + "?setup=" + setup);
      rooms.put("decision-kind-" + kind, disputes + "/" + kinds.task(kind));
    });
    rooms.put(
        "quality-kind-task",
        "/projects/" + kinds.projectId + "/quality/kinds/tasks/" + kinds.taskId);
    rooms.put(
        "quality-kind-task-span",
        "/projects/" + kinds.projectId + "/quality/kinds/tasks/" + kinds.task("SPAN"));
    rooms.put("quality-kind-none", root + "/quality/kinds");
    rooms.put("quality-grades", root + "/quality?judges=people&on=truthfulness");
    rooms.put("quality-scripts", root + "/quality?judges=scripts&on=choice&round=2");
    rooms.put("playground", "/playground");
    rooms.put("invitations", "/invitations");
    rooms.put("cohorts", "/cohorts");
    rooms.put("members", root + "/people");
    rooms.put("admin", "/admin");
    rooms.put("people", "/admin/people");
    rooms.put("audit", "/admin/audit");
    rooms.put("hours", "/admin/hours");
    rooms.put("pseudonym", "/admin/people/1/pseudonym");
    rooms.put("password", "/account/password");
    rooms.put("api-tokens", "/account/tokens");
    rooms.put("api", "/api");
    rooms.put("webhooks", root + "/webhooks");
    rooms.put("sessions", "/account/sessions");
    rooms.put("languages", "/account/languages");
    rooms.put("identity", "/account/identity");
    rooms.put("nothing-here", "/projects/424242");
    return rooms;
  }

  private static void signIn() {
    browser.forgetCookies();
    browser.driver().get(server.url() + "/sign-in");
    browser.driver().findElement(By.id("username")).sendKeys("olive");
    browser.driver().findElement(By.id("password")).sendKeys(RunningServer.PASSWORD);
    browser.driver().findElement(By.cssSelector("main button")).click();
    browser.until("signed in", () -> browser.driver().getCurrentUrl().endsWith("/projects"));
  }

  private static long drawn(String of) {
    return ((Number)
            browser
                .driver()
                .executeScript("return document.querySelectorAll(arguments[0]).length", of))
        .longValue();
  }

  @Test
  void of_forty_long_curves_those_in_sight_are_drawn_and_each_comes_thinned() {
    var jdbc = server.database().jdbc();
    long run =
        jdbc.sql(
                """
                insert into run (project_id, name, job_name, configuration, seed, code_version, state)
                values (:p, 'forty curves', 'itecRound', '{}', 1, 'test', 'COMPLETED')
                returning id
                """)
            .param("p", project.projectId)
            .query(Long.class)
            .single();
    jdbc.sql(
            """
            insert into run_metric (run_id, series, step, value)
            select :r, 'sft/measure' || c, s, sin(c + s / 50.0)
            from generate_series(1, 40) c, generate_series(1, 4000) s
            """)
        .param("r", run)
        .update();
    signIn();
    browser.width(1280);
    browser.driver().get(server.url() + "/runs/" + run);
    browser
        .driver()
        .executeScript(
            "document.querySelectorAll('#plots details').forEach((d) => (d.open = true))");
    browser.until("some are drawn", () -> drawn("#plots canvas") > 0);
    assertThat(drawn("#plots figure")).isEqualTo(40);
    assertThat(drawn("#plots canvas")).isLessThan(30);
    browser
        .driver()
        .executeScript("document.querySelector('#plots figure:last-of-type').scrollIntoView()");
    browser.until("the last one", () -> drawn("#plots figure:last-of-type canvas") == 1);
    var curves =
        tools.jackson.databind.json.JsonMapper.shared()
            .readTree(
                server
                    .signedIn("olive")
                    .send("GET", "/runs/" + run + "/curves.json", "Accept", "application/json")
                    .body())
            .path("series");
    assertThat(curves.size()).isEqualTo(40);
    // 2,000 in all of a curve: the least and the most of each of 1,000 stretches, and its last.
    curves.forEach(curve -> assertThat(curve.path("steps").size()).isLessThanOrEqualTo(2001));
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void every_room_fits_both_widths_and_themes_without_a_complaint() throws Exception {
    List<String> faults = new ArrayList<>();
    String token =
        server
            .bean(Accounts.class)
            .link(
                null,
                server.bean(PersonRepository.class).findByUsername("invited").orElseThrow(),
                Duration.ofMinutes(5))
            .value();
    browser.width(1280);
    look("sign-in", "/sign-in?error", faults);
    look("link", "/link?token=" + token, faults);
    look("invited", "/invitation?token=" + invitation(), faults);
    signIn();
    String only = System.getProperty("rooms", "");
    for (var room : rooms().entrySet()) {
      if (only.isEmpty() || List.of(only.split(",")).contains(room.getKey())) {
        look(room.getKey(), room.getValue(), faults);
      }
    }
    assertThat(faults).isEmpty();
  }

  private static String invitation() {
    long olive = server.bean(PersonRepository.class).findByUsername("olive").orElseThrow().id();
    Invitations.Order order =
        new Invitations.Order(
            "the evening shift", Role.ANNOTATOR, project.projectId, "evening", Duration.ofDays(7));
    return server.bean(Invitations.class).invite(olive, Role.ADMIN, order).value();
  }

  private static void look(String name, String path, List<String> faults) throws Exception {
    browser.complaints();
    for (int width : new int[] {1280, 390}) {
      browser.width(width);
      browser.driver().get(server.url() + path);
      if (name.startsWith("run-")) {
        browser.until(
            "curves, or that there are none",
            () ->
                !browser
                    .driver()
                    .findElements(By.cssSelector(".plot canvas, #no-curves"))
                    .isEmpty());
        Thread.sleep(600);
      }
      List<String> complaints =
          browser.complaints().stream()
              // The page that is not there is asked for on purpose.
              .filter(line -> !(name.equals("nothing-here") && line.contains("404")))
              .toList();
      if (!complaints.isEmpty()) {
        faults.add(name + " " + width + ": " + complaints);
      }
      if (browser.scrollsSideways()) {
        faults.add(name + " " + width + " scrolls sideways");
      }
      for (String theme : new String[] {"light", "dark"}) {
        browser.theme(theme);
        Thread.sleep(150);
        browser.screenshot(name + "-" + width + "-" + theme);
        // Each theme once: what axe looks at beside colours does not change with it.
        if (theme.equals("light") != (width == 1280)) {
          continue;
        }
        for (String violation : browser.axeViolations()) {
          faults.add(name + " " + width + " " + theme + ": " + violation);
        }
        browser.complaints();
      }
    }
    // The narrowest screen that is promised. The page is there already and only has to give way.
    browser.width(320);
    if (browser.scrollsSideways()) {
      faults.add(name + " 320 scrolls sideways: " + browser.widerThanThePage());
    }
  }

  @Test
  void an_open_overview_follows_the_run() throws Exception {
    browser.forgetCookies();
    browser.driver().get(server.url() + "/sign-in");
    browser.driver().findElement(By.id("username")).sendKeys("olive");
    browser.driver().findElement(By.id("password")).sendKeys(RunningServer.PASSWORD);
    browser.driver().findElement(By.cssSelector("main button")).click();
    browser.until("signed in", () -> browser.driver().getCurrentUrl().endsWith("/projects"));
    browser.driver().get(server.url() + "/projects/" + project.projectId);
    assertThat(browser.driver().findElement(By.cssSelector("#loop .loop-now h3")).getText())
        .isEqualTo("Reward model");
    server
        .bean(RunRepository.class)
        .heartbeat(
            project.roundRun,
            new Heartbeat(Instant.now(), 1, "student", 7, 90L, 1.5, "steps", 55.0));
    browser.until("the next stage", () -> browser.text("#loop .loop-now h3").equals("Student"));
  }
}
