package org.alignmentworkbench.app.people;

import static org.assertj.core.api.Assertions.assertThat;

import org.alignmentworkbench.annotation.page.HeadlessChromium;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.app.SeededProject;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/// From the pages alone, in a real browser: a lead closes a project to others and invites two
/// annotators into it; each comes by their link and has a pair in hand; somebody else has none.
class InvitationBrowserIT {
  private static RunningServer server;
  private static SeededProject project;
  private static HeadlessChromium browser;

  @BeforeAll
  static void start() throws Exception {
    Assumptions.assumeTrue(HeadlessChromium.available(), "needs chromium and chromedriver");
    server = new RunningServer("--workbench.worker=false");
    project = new SeededProject(server);
    server.person("lena", Role.LEAD);
    server.person("otto", Role.ANNOTATOR);
    browser = new HeadlessChromium();
    browser.width(1280);
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
      server.close();
    }
  }

  private static void go(String path) {
    browser.driver().get(path.startsWith("http") ? path : server.url() + path);
  }

  private static WebElement find(String selector) {
    return browser.driver().findElement(By.cssSelector(selector));
  }

  private static void click(String selector) {
    find(selector).click();
  }

  private static void type(String id, String text) {
    WebElement field = browser.driver().findElement(By.id(id));
    field.clear();
    field.sendKeys(text);
  }

  private static void await(String what, java.util.function.BooleanSupplier condition) {
    browser.until(what, condition);
  }

  private static String url() {
    return String.valueOf(browser.driver().getCurrentUrl());
  }

  private static void signIn(String name) {
    browser.forgetCookies();
    go("/sign-in");
    type("username", name);
    type("password", RunningServer.PASSWORD);
    click("main button");
    await(name + " is in", () -> !url().contains("/sign-in"));
  }

  /// The link that the page shows once.
  private static String invite(String note) {
    go("/projects/" + project.projectId + "/people");
    click("a[href*='/invitations?project=']");
    await("the form", () -> url().contains("/invitations"));
    assertThat(new Select(find("#project")).getFirstSelectedOption().getText())
        .isEqualTo("message-assistant");
    type("forWhom", note);
    click("#invite button");
    await("the link", () -> !browser.driver().findElements(By.id("fresh-link")).isEmpty());
    return String.valueOf(find("#fresh-link").getDomProperty("value"));
  }

  private static void come(String link, String name) {
    browser.forgetCookies();
    go(link);
    assertThat(find("main").getText()).contains("message-assistant");
    type("username", name);
    type("displayName", "Shown " + name);
    type("password", "nine brave otters");
    type("repeat", "nine brave otters");
    click("main form button");
    await(name + " is at the desk", () -> url().endsWith("/label"));
    click("a[data-role=next]");
    await(name + " has a pair", () -> url().matches(".*/label/[0-9]+.*"));
  }

  @Test
  void two_annotators_are_invited_into_a_closed_project_and_label_it() {
    signIn("lena");
    go("/projects/" + project.projectId + "/labelling");
    click("a[href$='/people']");
    click("#restricted");
    click("#rules button");
    await("closed", () -> find("main").getText().contains("Only the people and cohorts below"));
    String first = invite("first");
    String second = invite("second");
    come(first, "nadia");
    come(second, "pavel");
    for (String name : new String[] {"nadia", "pavel"}) {
      assertThat(
              server
                  .database()
                  .jdbc()
                  .sql(
                      "select count(*) from slot s join person p on p.id = s.leased_by where"
                          + " p.username = :name")
                  .param("name", name)
                  .query(Long.class)
                  .single())
          .isEqualTo(1);
    }
    assertThat(server.bean(PersonRepository.class).findByUsername("nadia").orElseThrow().role())
        .isEqualTo(Role.ANNOTATOR);
    go(first);
    assertThat(find("main").getText()).as("a link is good once").doesNotContain("Choose a name");
    signIn("otto");
    go("/label");
    assertThat(find("main").getText()).doesNotContain("message-assistant");
    signIn("lena");
    go("/projects/" + project.projectId + "/people");
    assertThat(find("main").getText()).contains("nadia", "pavel", "lena");
    WebElement remove = find("button[aria-label='Remove Shown nadia']");
    remove.click();
    await("removed", () -> find("main").getText().contains("does not belong"));
    assertThat(
            server
                .database()
                .jdbc()
                .sql(
                    "select count(*) from slot s join person p on p.id = s.leased_by where"
                        + " p.username = 'nadia'")
                .query(Long.class)
                .single())
        .isZero();
  }
}
