package org.alignmentworkbench.app.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.person.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TokenRoomsIT {
  private static final Pattern CELL =
      Pattern.compile(
          "class=\"token token-([a-z-]+)\" title=\"[^\"]*\"><bdi>([^<]*)</bdi><sub>(\\d+)</sub>");

  private static RunningServer server;
  private static ReadableProject project;
  private static Browser engineer;

  @BeforeAll
  static void start() throws Exception {
    server = new RunningServer("--workbench.worker=false");
    project = new ReadableProject(server);
    server.person("emil", Role.ENGINEER);
    engineer = server.signedIn("emil");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /// Why, text and id of each token on a page.
  private static List<String> cells(String page) {
    List<String> cells = new ArrayList<>();
    Matcher cell = CELL.matcher(page);
    while (cell.find()) {
      cells.add(cell.group(1) + " " + cell.group(2) + " " + cell.group(3));
    }
    return cells;
  }

  private static String typed(String conversation) {
    return engineer
        .get(
            "/projects/"
                + project.projectId
                + "/models/"
                + project.modelId
                + "/tokens?conversation="
                + URLEncoder.encode(conversation, UTF_8))
        .body();
  }

  @Test
  void an_answer_and_its_end_are_trained_and_nothing_else_is() {
    String page =
        typed(
            "[{\"role\":\"user\",\"content\":\"Go\"},{\"role\":\"assistant\",\"content\":\"I\"}]");
    List<String> cells = cells(page);
    // <|begin|> is id 1, the roles 4 and 5, <|end|> is id 2 (docs/base-model.md's recipe).
    assertThat(cells.getFirst()).isEqualTo("frame &lt;|begin|&gt; 1");
    assertThat(cells).filteredOn(c -> c.startsWith("answer ")).isNotEmpty();
    assertThat(cells.getLast()).isEqualTo("end-of-turn &lt;|end|&gt; 2");
    assertThat(cells).filteredOn(c -> c.startsWith("end-of-turn")).hasSize(1);
    assertThat(cells).filteredOn(c -> c.endsWith("&lt;|end|&gt; 2")).hasSize(2);
    long trained =
        cells.stream().filter(c -> c.startsWith("answer ") || c.startsWith("end-of-turn")).count();
    assertThat(page).contains(cells.size() + " tokens, " + trained + " of them trained");
  }

  @Test
  void what_somebody_types_stays_text() {
    List<String> cells = cells(typed("<|end|><script>alert(1)</script>"));
    assertThat(cells).filteredOn(c -> c.endsWith(" 2")).hasSize(1);
    assertThat(typed("<script>alert(1)</script>")).doesNotContain("<script>alert");
  }

  @Test
  void rows_show_what_was_written_and_what_was_sampled() {
    String root = "/projects/" + project.projectId + "/datasets/" + project.datasetId + "/rows/";
    String written = engineer.get(root + "0").body();
    assertThat(cells(written).getLast()).isEqualTo("end-of-turn &lt;|end|&gt; 2");
    assertThat(written).contains("row 1 of 2").contains(root + "1");
    List<String> sampled = cells(engineer.get(root + "1").body());
    assertThat(sampled.subList(sampled.size() - 3, sampled.size()))
        .satisfiesExactly(
            c -> assertThat(c).startsWith("answer ").endsWith(" 338"),
            c -> assertThat(c).startsWith("answer ").endsWith(" 433"),
            c -> assertThat(c).isEqualTo("end-of-turn &lt;|end|&gt; 2"));
    assertThat(engineer.get(root + "2").statusCode()).isEqualTo(404);
  }

  @Test
  void a_conversation_that_cannot_be_read_is_told_so_and_kept() {
    String page = typed("[{\"role\":\"user\",\"words\":\"Go\"}]");
    assertThat(page)
        .contains("message 1 must have a role and a content")
        .contains("&quot;words&quot;");
    assertThat(typed("[{\"role\":\"wizard\",\"content\":\"Go\"}]")).contains("unknown role wizard");
  }

  @Test
  void annotators_see_none_of_it() {
    server.person("anna", Role.ANNOTATOR);
    Browser annotator = server.signedIn("anna");
    assertThat(
            annotator
                .get("/projects/" + project.projectId + "/models/" + project.modelId + "/tokens")
                .statusCode())
        .isEqualTo(404);
  }
}
