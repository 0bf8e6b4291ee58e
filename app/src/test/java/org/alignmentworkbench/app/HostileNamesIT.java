package org.alignmentworkbench.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.app.token.ReadableProject;
import org.alignmentworkbench.db.person.Role;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Names and settings that would be markup if a page took them for it.
class HostileNamesIT {
  /// Closes whatever it may stand in, then is an element.
  private static final String PLANTED =
      "\"'></title></script></textarea></select></svg>--><planted onclick=\"x\">";

  private static final String NAMES =
      """
      select table_name || '.' || column_name
      from information_schema.columns
      where table_schema = 'public'
        and data_type = 'text'
        and column_name in ('name', 'display_name', 'note', 'label', 'detail', 'member', 'template',
          'file_name', 'device', 'code_version', 'subject', 'message', 'reason', 'key')
        and table_name !~ '^(batch_|spring_session|flyway)'
        and is_generated = 'NEVER'
      order by 1
      """;

  @Test
  void no_name_and_no_setting_becomes_a_part_of_any_page() throws IOException {
    try (RunningServer server = new RunningServer("--workbench.worker=false")) {
      SeededProject seeded = new SeededProject(server);
      AnsweredKinds kinds = new AnsweredKinds(server);
      List<String> rooms = new ArrayList<>();
      new Routes(server, seeded, new ReadableProject(server))
          .all(0).stream()
              .filter(Routes.Call::get)
              .map(Routes.Call::path)
              .filter(path -> !path.startsWith("/local/"))
              .forEach(rooms::add);
      rooms.add("/projects/" + kinds.projectId + "/quality/kinds/tasks/" + kinds.taskId);
      kinds
          .setups
          .values()
          .forEach(
              setup -> rooms.add("/projects/" + kinds.projectId + "/quality/kinds?setup=" + setup));
      rooms.add("/runs/" + seeded.failedRun);
      List<Browser> people = new ArrayList<>();
      for (Role role : List.of(Role.ADMIN, Role.LEAD, Role.ANNOTATOR)) {
        String name = "some-" + role.ordinal();
        server.person(name, role);
        people.add(server.signedIn(name));
      }
      List<String> planted = plant(server.database().jdbc());
      assertThat(planted)
          .contains(
              "project.name",
              "person.display_name",
              "run.name",
              "run.detail",
              "model.name",
              "dataset.name",
              "prompt.key",
              "response.member",
              "skip.reason",
              "run_log.message",
              "run.configuration");
      int shown = 0;
      for (Browser browser : people) {
        for (String room : rooms) {
          var answer = browser.get(room);
          if (!answer.headers().firstValue("Content-Type").orElse("").startsWith("text/html")) {
            continue;
          }
          Document page = Jsoup.parse(answer.body());
          assertThat(page.select("planted")).as(room).isEmpty();
          assertThat(answer.body()).as(room).doesNotContain("<planted");
          shown += page.text().contains("<planted") ? 1 : 0;
        }
      }
      assertThat(shown).as("pages that show one as text").isGreaterThan(30);
    }
  }

  /// Appends it to every name that the database lets have it; the columns that have.
  private static List<String> plant(JdbcClient jdbc) {
    List<String> planted = new ArrayList<>();
    for (String column : jdbc.sql(NAMES).query(String.class).list()) {
      String table = column.substring(0, column.indexOf('.'));
      String name = column.substring(column.indexOf('.') + 1);
      try {
        jdbc.sql("update %1$s set %2$s = %2$s || :planted".formatted(table, name))
            .param("planted", PLANTED)
            .update();
        planted.add(column);
      } catch (DataAccessException e) {
        // A rule of the database keeps such a name out altogether, or the trail as it is.
        assertThat(e).hasRootCauseInstanceOf(SQLException.class);
      }
    }
    jdbc.sql(
            "update run set configuration = jsonb_set(configuration, '{model}', to_jsonb(:p::text))")
        .param("p", PLANTED)
        .update();
    planted.add("run.configuration");
    return planted;
  }
}
