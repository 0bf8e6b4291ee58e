package org.alignmentworkbench.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.annotation.page.HeadlessChromium;
import org.alignmentworkbench.app.boot.WorkbenchApplication;
import org.alignmentworkbench.app.security.Accounts;
import org.alignmentworkbench.db.artifact.Artifact;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.db.model.NewModel;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunState;
import org.alignmentworkbench.db.task.GuidelineRepository;
import org.alignmentworkbench.rlhf.job.RunQueue;
import org.alignmentworkbench.rlhf.job.Stores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/// A first day with the product: the set-up link makes an administrator, who invites an annotator,
/// who labels by keyboard until the desk is empty; the round that waited for the labels goes on to
/// its end, and its run page draws curves. The shipped base model, real PostgreSQL, a real browser.
class RoundInTheBrowserIT {
  private static final String PASSWORD = "a long enough password";

  @TempDir static Path home;

  @Test
  void a_round_waits_for_a_person_at_the_desk_and_goes_on() throws Exception {
    try (ConfigurableApplicationContext server = WorkbenchApplication.start(home, 0);
        HeadlessChromium browser = new HeadlessChromium()) {
      String url = WorkbenchApplication.url(server);
      browser.width(1280);
      String invitation = setUpAndInvite(server, browser, url);

      Project project = server.getBean(Stores.class).projects().create("First round", 11, "{}");
      Run round = enqueueRound(server, project);
      await(server, round, RunState.WAITING, Duration.ofMinutes(3));

      signInByLink(browser, invitation);
      int labelled = labelByKeyboard(server, browser, url, project);
      assertThat(labelled).isGreaterThanOrEqualTo(10);

      await(server, round, RunState.COMPLETED, Duration.ofMinutes(8));
      signIn(browser, url, "olive", PASSWORD);
      browser.driver().get(url + "/runs/" + round.id());
      until(
          browser, () -> !browser.driver().findElements(By.cssSelector(".uplot canvas")).isEmpty());
      assertThat(browser.complaints()).isEmpty();
      browser.viewport("run-1280");
    }
  }

  private String setUpAndInvite(
      ConfigurableApplicationContext server, HeadlessChromium browser, String url) {
    String token = server.getBean(Accounts.class).offerSetUp().orElseThrow().value();
    browser.driver().get(url + "/setup?token=" + token);
    type(browser, "username", "olive");
    type(browser, "displayName", "Olive");
    type(browser, "password", PASSWORD);
    type(browser, "repeat", PASSWORD);
    submit(browser);
    until(browser, () -> !browser.driver().getCurrentUrl().contains("/setup"));
    browser.driver().get(url + "/admin/people");
    type(browser, "username", "ann");
    type(browser, "displayName", "Ann");
    browser.driver().findElement(By.cssSelector("form.invite button[type=submit]")).click();
    until(
        browser,
        () -> !browser.driver().findElements(By.cssSelector(".fresh-link input")).isEmpty());
    String link =
        browser.driver().findElement(By.cssSelector(".fresh-link input")).getAttribute("value");
    signOut(browser);
    return link;
  }

  /// A round small enough for a test, on the shipped base model.
  private static Run enqueueRound(ConfigurableApplicationContext server, Project project) {
    Stores stores = server.getBean(Stores.class);
    Artifact base =
        stores
            .artifacts()
            .put(
                Artifact.Kind.MODEL,
                Path.of(System.getProperty("workbench.root")).resolve("models/nano"));
    stores
        .models()
        .register(
            new NewModel(project.id(), "base", Model.Kind.POLICY, base.sha256(), null, null, "{}"));
    server.getBean(GuidelineRepository.class).publish(project.id(), "Prefer what was asked for.");
    Map<String, Object> settings =
        Map.ofEntries(
            Map.entry("model", "base"),
            Map.entry("reference", "base"),
            Map.entry("pairs", Map.of("prompts", 14, "samplesPerMember", 3)),
            Map.entry("rewardModel", Map.of("epochs", 2, "pairsPerStep", 4)),
            Map.entry("preference", Map.of("pairsPerStep", 4)),
            Map.entry(
                "mirrorDescent",
                Map.of(
                    "prompts",
                    16,
                    "training",
                    Map.of("iterations", 2, "promptsPerIteration", 8, "samplesPerPrompt", 2))),
            Map.entry("members", Map.of("prompts", 24, "samplesPerMember", 4)),
            Map.entry("electionPrompts", 8),
            Map.entry("student", Map.of("epochs", 1, "rowsPerStep", 8)),
            Map.entry("studentHeldOutShare", 0.2),
            Map.entry("evaluationPrompts", 40));
    return server
        .getBean(RunQueue.class)
        .enqueue(
            project.id(),
            "round-1",
            "itecRound",
            JsonMapper.shared().writeValueAsString(settings),
            11);
  }

  private static void signInByLink(HeadlessChromium browser, String link) {
    browser.driver().get(link);
    submit(browser);
    until(browser, () -> !browser.driver().getCurrentUrl().contains("/link"));
  }

  private static void signIn(
      HeadlessChromium browser, String url, String username, String password) {
    signOut(browser);
    browser.driver().get(url + "/sign-in");
    type(browser, "username", username);
    type(browser, "password", password);
    submit(browser);
    until(browser, () -> !browser.driver().getCurrentUrl().contains("/sign-in"));
  }

  private static void signOut(HeadlessChromium browser) {
    browser.driver().findElement(By.cssSelector("form[action$='/sign-out'] button")).click();
    until(
        browser,
        () -> browser.driver().findElements(By.cssSelector("form[action$='/sign-out']")).isEmpty());
  }

  private static int labelByKeyboard(
      ConfigurableApplicationContext server, HeadlessChromium browser, String url, Project project)
      throws Exception {
    browser.driver().get(url + "/label/next?project=" + project.id());
    int labelled = 0;
    while (!browser.driver().findElements(By.cssSelector("[data-role=task]")).isEmpty()) {
      WebElement task = browser.driver().findElement(By.cssSelector("[data-role=task]"));
      String slot = task.getAttribute("data-slot");
      press(browser, labelled % 2 == 0 ? "2" : "6");
      for (int row = 0; row < 4; row++) {
        press(browser, "e");
        press(browser, "o");
      }
      if (labelled == 0) {
        browser.screenshot("desk-1280");
      }
      press(browser, Keys.ENTER);
      labelled++;
      until(
          browser,
          () -> {
            String here = browser.driver().getCurrentUrl();
            return !here.endsWith("/label/" + slot) && !here.contains("/label/" + slot + "?");
          });
    }
    long kept =
        server
            .getBean(org.springframework.jdbc.core.simple.JdbcClient.class)
            .sql("select count(*) from judgement where not scripted")
            .query(Long.class)
            .single();
    assertThat(kept).isEqualTo(labelled);
    return labelled;
  }

  private static void await(
      ConfigurableApplicationContext server, Run run, RunState wanted, Duration patience)
      throws InterruptedException {
    Stores stores = server.getBean(Stores.class);
    long end = System.nanoTime() + patience.toNanos();
    RunState state = run.state();
    while (state != wanted && System.nanoTime() < end) {
      Thread.sleep(200);
      state = stores.runs().find(run.id()).orElseThrow().state();
      assertThat(state)
          .as(stores.runs().find(run.id()).orElseThrow().detail())
          .isNotIn(List.of(RunState.FAILED, RunState.STOPPED));
    }
    assertThat(state).isEqualTo(wanted);
  }

  private static void type(HeadlessChromium browser, String name, String text) {
    WebElement field = browser.driver().findElement(By.name(name));
    field.clear();
    field.sendKeys(text);
  }

  private static void submit(HeadlessChromium browser) {
    browser.driver().findElement(By.cssSelector("main form button[type=submit]")).click();
  }

  private static void press(HeadlessChromium browser, CharSequence keys) {
    browser.driver().switchTo().activeElement().sendKeys(keys);
  }

  private static void until(HeadlessChromium browser, java.util.function.BooleanSupplier holds) {
    browser.until("the page says so", holds);
  }
}
