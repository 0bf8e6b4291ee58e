package org.alignmentworkbench.app.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.alignmentworkbench.annotation.page.HeadlessChromium;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/// A lead brings a file with mistakes in a real browser, reads why rows were left out, tries before
/// taking, and takes the judgements out again.
class JudgementsInTheBrowserIT {
  private static RunningServer server;
  private static HeadlessChromium browser;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    Assumptions.assumeTrue(HeadlessChromium.available(), "needs chromium and chromedriver");
    server = new RunningServer();
    server.person("lena", Role.LEAD);
    browser = new HeadlessChromium();
    browser.width(390);
    browser.driver().get(server.url() + "/sign-in");
    browser.driver().findElement(By.id("username")).sendKeys("lena");
    browser.driver().findElement(By.id("password")).sendKeys(RunningServer.PASSWORD);
    browser.driver().findElement(By.cssSelector("main button")).click();
    await("signed in", () -> browser.driver().getCurrentUrl().endsWith("/projects"));
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
      server.close();
    }
  }

  private static void await(String what, BooleanSupplier condition) {
    browser.until(what, condition);
  }

  private static String text(String selector) {
    return browser.text(selector);
  }

  /// Where a link leads; asked in one go, since the page keeps itself fresh.
  private static String address(String link) {
    return String.valueOf(
        browser.driver().executeScript("return document.querySelector(arguments[0]).href", link));
  }

  private static void bring(Path file, boolean dryRun) {
    browser.driver().findElement(By.id("file")).sendKeys(file.toString());
    if (dryRun) {
      browser.driver().findElement(By.id("dryRun")).click();
    }
    browser.driver().findElement(By.cssSelector("#import button")).click();
  }

  @Test
  void a_file_with_mistakes_is_tried_taken_told_and_taken_out_again() throws Exception {
    Project project = server.bean(ProjectRepository.class).create("brought", 1, "{}");
    Path file =
        Files.writeString(
            folder.resolve("pairs.jsonl"),
            """
            {"prompt": "Why is the sky blue?", "chosen": "Light is scattered.", "rejected": "No."}
            {"prompt": "Same?", "chosen": "Yes.", "rejected": "Yes."}
            {"prompt": "Cut off
            """);
    String page = server.url() + "/projects/" + project.id() + "/judgements";
    browser.driver().get(page);
    bring(file, true);
    // The page keeps itself fresh until the run has ended.
    await("tried", () -> text("#imports").contains("tried only"));
    assertThat(text("#imports")).contains("New judgements: 1", "2, list");
    assertThat(text("#export")).contains("judgements: 0");

    browser.driver().get(page);
    bring(file, false);
    await("taken", () -> text("#imports tbody tr:first-child").contains("taken"));
    browser.driver().get(page);
    assertThat(text("#export")).contains("judgements: 1");
    String list = address("#imports tbody tr:first-child a[href$=refused]");
    assertThat(server.signedIn("lena").get(list.substring(server.url().length())).body())
        .contains("2,CHOSEN_EQUALS_REJECTED,", "3,INVALID_JSON,");

    browser.driver().get(page);
    bring(file, false);
    await("told that nothing changes", () -> text("main").contains("nothing is changed"));

    browser.driver().findElement(By.cssSelector("#export tbody tr:first-child button")).click();
    await("exported", () -> text("#exports").contains("judgements: 1"));
    String out = address("#exports a[href$=file]");
    assertThat(server.signedIn("lena").get(out.substring(server.url().length())).body())
        .contains("Light is scattered.", "\"strength\"");
  }
}
