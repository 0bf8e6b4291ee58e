package org.alignmentworkbench.annotation.desk;

import static org.assertj.core.api.Assertions.assertThat;

import org.alignmentworkbench.annotation.page.HeadlessChromium;
import org.alignmentworkbench.db.person.Role;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A lease of nine seconds: the page warns in its last three.
@SpringBootTest(
    classes = DeskApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "workbench.label.lease=9s")
class LeaseBrowserIT {
  @LocalServerPort private int port;
  @Autowired private JdbcClient jdbc;

  @Test
  void a_lease_follows_work_and_without_it_warns_and_can_be_kept() throws Exception {
    LabellingProject project = LabellingProject.create(jdbc, 1, 1);
    String name = LabellingProject.person(jdbc, Role.ANNOTATOR);
    try (HeadlessChromium browser = new HeadlessChromium()) {
      browser.width(1280);
      browser.driver().get("http://localhost:" + port + "/login");
      browser.driver().findElement(By.name("username")).sendKeys(name);
      browser.driver().findElement(By.name("password")).sendKeys(name, Keys.ENTER);
      browser.until("signed in", () -> browser.driver().getCurrentUrl().endsWith("/label"));
      browser.driver().get("http://localhost:" + port + "/label/next?project=" + project.id());
      By lease = By.cssSelector("[data-role=lease]");
      By warning = By.cssSelector("[data-role=lease-warning]");
      String first = browser.driver().findElement(lease).getText();
      // Somebody is at the page: the lease moves on without a warning.
      browser.until("moved on", () -> !browser.driver().findElement(lease).getText().equals(first));
      assertThat(browser.driver().findElement(warning).isDisplayed()).isFalse();
      // The tab is put away: no sign of life any more, so the end comes near and is announced.
      browser
          .driver()
          .executeScript(
              "Object.defineProperty(document, 'visibilityState', {get: () => 'hidden'});");
      browser.until("warned", () -> browser.driver().findElement(warning).isDisplayed());
      assertThat(browser.driver().findElement(warning).getText()).contains("ends in");
      browser.driver().findElement(By.cssSelector("[data-role=keep]")).click();
      browser.until("kept", () -> !browser.driver().findElement(warning).isDisplayed());
      assertThat(browser.complaints()).isEmpty();
    }
  }
}
