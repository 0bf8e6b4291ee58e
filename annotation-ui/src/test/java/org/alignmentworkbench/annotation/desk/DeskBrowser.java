package org.alignmentworkbench.annotation.desk;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.alignmentworkbench.annotation.page.HeadlessChromium;
import org.alignmentworkbench.db.person.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What tests of the desk in a real browser share: one browser for a class, a person at the desk,
/// and after each test a desk at which nothing waits.
@SpringBootTest(
    classes = DeskApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "workbench.label.lease=15m")
abstract class DeskBrowser {
  static HeadlessChromium browser;

  @LocalServerPort int port;
  @Autowired JdbcClient jdbc;
  @Autowired TurnedClock clock;

  @BeforeAll
  static void open() throws Exception {
    browser = new HeadlessChromium();
  }

  @AfterAll
  static void close() {
    browser.close();
  }

  @AfterEach
  void finish() {
    clock.reset();
    browser.driver().executeScript("window.onbeforeunload = null");
    browser.driver().get("about:blank");
    jdbc.sql("update project set state = 'FINISHED'").update();
  }

  String url(String path) {
    return "http://localhost:" + port + path;
  }

  /// Somebody new, whose name it tells.
  String signIn() {
    String name = LabellingProject.person(jdbc, Role.ANNOTATOR);
    signIn(name);
    return name;
  }

  void signIn(String name) {
    browser.forgetCookies();
    browser.driver().get(url("/login"));
    browser.driver().findElement(By.name("username")).sendKeys(name);
    browser.driver().findElement(By.name("password")).sendKeys(name, Keys.ENTER);
    until("signed in", () -> browser.driver().getCurrentUrl().endsWith("/label"));
    browser.complaints();
  }

  static void until(String what, BooleanSupplier condition) {
    browser.until(what, condition);
  }

  static WebElement part(String role) {
    return browser.driver().findElement(By.cssSelector("[data-role=" + role + "]"));
  }

  static List<WebElement> parts(String role) {
    return browser.driver().findElements(By.cssSelector("[data-role=" + role + "]"));
  }

  static void press(CharSequence... keys) {
    browser.driver().switchTo().activeElement().sendKeys(keys);
  }
}
