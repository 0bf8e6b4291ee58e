package org.alignmentworkbench.annotation.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

@SpringBootTest(
    classes = KitApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "spring.messages.basename=messages,gallery")
class WebKitIT {
  @LocalServerPort private int port;
  private static HeadlessChromium browser;

  @BeforeAll
  static void open() throws Exception {
    browser = new HeadlessChromium();
  }

  @AfterAll
  static void close() {
    browser.close();
  }

  @ParameterizedTest
  @CsvSource({"1280,light", "1280,dark", "390,light", "390,dark"})
  void the_gallery_is_accessible_and_keeps_to_the_policy(int width, String theme) throws Exception {
    browser.width(width);
    browser.driver().get("http://ada:ada@localhost:" + port + "/gallery");
    browser.theme(theme);
    browser.screenshot("gallery-" + width + "-" + theme);
    // Before axe, which adds a style of its own that the policy blocks.
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.scrollsSideways()).isFalse();
    assertThat(browser.axeViolations()).isEmpty();
    browser.complaints();
  }

  @Test
  void error_pages_wear_the_same_shell() throws Exception {
    for (var page : new String[] {"nowhere:404:Nothing here", "broken:500:Something broke"}) {
      String[] parts = page.split(":");
      var answer = get("/" + parts[0], "text/html");
      assertThat(answer.statusCode()).isEqualTo(Integer.parseInt(parts[1]));
      assertThat(answer.body()).contains(parts[2], "Alignment workbench", "Ada Lovelace");
      assertThat(answer.body()).doesNotContain("IllegalState", "fault of the test");
    }
  }

  @Test
  void the_session_tells_a_script_its_token() throws Exception {
    var answer = get("/session.json", "application/json");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"username\":\"ada\"", "\"csrfHeader\":\"X-CSRF-TOKEN\"");
  }

  private HttpResponse<String> get(String path, String accept) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
              .header("Accept", accept)
              .header(
                  "Authorization",
                  "Basic "
                      + Base64.getEncoder()
                          .encodeToString(
                              "ada:ada".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
