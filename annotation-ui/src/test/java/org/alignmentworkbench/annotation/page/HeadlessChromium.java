package org.alignmentworkbench.annotation.page;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/// A real browser for the tests: Debian's Chromium without a screen.
public final class HeadlessChromium implements AutoCloseable {
  private final ChromeDriver driver;
  private final Path screenshots;

  public HeadlessChromium() throws IOException {
    var options = new ChromeOptions();
    options.setBinary("/usr/bin/chromium");
    options.addArguments(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--lang=en",
        "--user-data-dir=" + Files.createTempDirectory("chromium"));
    var logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(new File("/usr/bin/chromedriver"))
                .usingAnyFreePort()
                .build(),
            options);
    screenshots =
        Files.createDirectories(Path.of(System.getProperty("screenshots", "target/screenshots")));
  }

  /// The browser itself.
  public ChromeDriver driver() {
    return driver;
  }

  /// Whether this machine has a browser at all.
  public static boolean available() {
    return Files.isExecutable(Path.of("/usr/bin/chromium"))
        && Files.isExecutable(Path.of("/usr/bin/chromedriver"));
  }

  /// Waits until a page says so, for a minute at most. Pages put new parts in the place of old ones
  /// while a condition reads them: a part that is gone in the middle of it means "not yet".
  public void until(String what, BooleanSupplier condition) {
    new WebDriverWait(driver, Duration.ofMinutes(1), Duration.ofMillis(50))
        .ignoring(StaleElementReferenceException.class)
        .withMessage(() -> what + ", at " + driver.getCurrentUrl())
        .until(_ -> condition.getAsBoolean());
  }

  /// Makes it the browser of nobody, on an empty page. A page of the server may still be asking for
  /// something while its cookies are deleted, and the answer brings a session along that takes the
  /// place of the next one.
  public void forgetCookies() {
    driver.get("about:blank");
    driver.executeCdpCommand("Network.clearBrowserCookies", java.util.Map.of());
  }

  /// What a reader sees of all parts that a selector names, a line for each; read in one go, so
  /// that nothing can be replaced in between.
  public String text(String selector) {
    return String.valueOf(
        driver.executeScript(
            "return Array.from(document.querySelectorAll(arguments[0]), part => part.innerText)"
                + ".join('\\n');",
            selector));
  }

  /// Makes the page itself this wide, whatever the smallest window of the browser is.
  public void width(int pixels) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        java.util.Map.of(
            "width", pixels, "height", 900, "deviceScaleFactor", 1, "mobile", pixels < 600));
    driver.executeCdpCommand(
        "Emulation.setTouchEmulationEnabled", java.util.Map.of("enabled", pixels < 600));
    driver.manage().window().setSize(new Dimension(Math.max(pixels, 500), 900));
  }

  /// Switches the page to `light` or `dark`.
  public void theme(String theme) {
    driver.executeScript(
        "localStorage.setItem('workbench.theme', arguments[0]); document.documentElement.dataset.theme ="
            + " arguments[0];",
        theme);
  }

  /// Keeps a picture of the whole page.
  public void screenshot(String name) throws IOException {
    Object height =
        ((JavascriptExecutor) driver).executeScript("return document.documentElement.scrollHeight");
    var picture =
        driver.executeCdpCommand(
            "Page.captureScreenshot",
            java.util.Map.of(
                "captureBeyondViewport",
                true,
                "clip",
                java.util.Map.of(
                    "x",
                    0,
                    "y",
                    0,
                    "width",
                    driver.executeScript("return window.innerWidth"),
                    "height",
                    height,
                    "scale",
                    1)));
    Files.write(
        screenshots.resolve(name + ".png"),
        OutputType.BYTES.convertFromBase64Png((String) picture.get("data")));
  }

  /// Keeps a picture of what is on the screen.
  public void viewport(String name) throws IOException {
    Files.write(screenshots.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
  }

  /// What axe finds wrong, one line for each kind.
  public List<String> axeViolations() {
    return new AxeBuilder()
            .withTags(
                List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"))
            .analyze(driver)
            .getViolations()
            .stream()
            .map((Rule rule) ->
                rule.getId()
                    + ": "
                    + rule.getHelp()
                    + " "
                    + rule.getNodes().stream()
                        .map(node -> node.getHtml() + " " + node.getFailureSummary())
                        .toList())
            .toList();
  }

  /// Whether the page can be scrolled sideways.
  public boolean scrollsSideways() {
    return Boolean.TRUE.equals(
        driver.executeScript(
            "return document.documentElement.scrollWidth > document.documentElement.clientWidth"));
  }

  /// The innermost parts that reach beyond the page's edge and are not cut off or scrolled by a
  /// part around them: who pushes the page wide.
  public String widerThanThePage() {
    return String.valueOf(
        driver.executeScript(
            """
            const wide = document.documentElement.clientWidth + 1;
            const scrolls = (part) => part && part !== document.documentElement && part !== document.body
                && (getComputedStyle(part).overflowX !== "visible" || scrolls(part.parentElement));
            const out = Array.from(document.body.querySelectorAll("*"))
                .filter((part) => part.getBoundingClientRect().right > wide && !scrolls(part));
            return out.filter((part) => !out.some((other) => part !== other && part.contains(other)))
                .map((part) => part.outerHTML.slice(0, 120)).slice(0, 3).join(" | ");
            """));
  }

  /// Warnings and errors of the console since the last call: blocked by policy, not found, failed.
  public List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  @Override
  public void close() {
    driver.quit();
  }
}
