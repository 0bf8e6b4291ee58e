package org.alignmentworkbench.app.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.app.remote.ServerFile;
import org.alignmentworkbench.db.person.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartIT {
  @Test
  void an_unknown_setting_is_named_before_anything_is_made(@TempDir Path folder) {
    Path home = folder.resolve("home");
    assertThatThrownBy(() -> WorkbenchApplication.start(home, 0, "--workbench.prot=9"))
        .isInstanceOf(StartRefused.class)
        .hasMessageStartingWith("Unknown setting workbench.prot; known are ")
        .hasMessageContaining("workbench.port");
    assertThat(home).doesNotExist();
  }

  @Test
  void a_setting_out_of_range_is_named(@TempDir Path folder) {
    assertThatThrownBy(() ->
            WorkbenchApplication.start(
                folder.resolve("home"), 0, "--workbench.database.url=mysql:x"))
        .isInstanceOf(StartRefused.class)
        .hasMessage("workbench.database.url must start with jdbc:postgresql:, was mysql:x.");
  }

  @Test
  void a_taken_port_is_one_sentence_and_makes_nothing(@TempDir Path folder) throws IOException {
    Path home = folder.resolve("home");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> WorkbenchApplication.start(home, taken.getLocalPort()))
          .isInstanceOf(StartRefused.class)
          .hasMessageStartingWith("Port " + taken.getLocalPort() + " on 127.0.0.1 is in use");
    }
    assertThat(home).doesNotExist();
  }

  @Test
  void a_second_server_on_the_same_folder_is_refused_and_the_first_goes_on() throws IOException {
    try (RunningServer server = new RunningServer()) {
      assertThatThrownBy(() -> WorkbenchApplication.start(server.home(), 0))
          .isInstanceOf(StartRefused.class)
          .hasMessageContaining("already in use by another instance");
      assertThat(new Browser(server.url()).get("/sign-in").statusCode()).isEqualTo(200);
      assertThat(ServerFile.read(server.home())).isPresent();
    }
  }

  @Test
  void a_session_lives_through_a_restart() {
    try (RunningServer server = new RunningServer()) {
      server.person("lasting", Role.VIEWER);
      Browser browser = server.signedIn("lasting");
      String csrf = browser.csrf("/account/password");
      server.restart();
      assertThat(browser.get("/account/password").statusCode()).isEqualTo(200);
      // The form that was open all the while still goes through.
      assertThat(Browser.location(browser.post("/sign-out", java.util.Map.of(), csrf)))
          .endsWith("/sign-in?out");
    }
  }

  @Test
  void its_own_database_starts_and_stops_with_the_server(@TempDir Path folder) throws IOException {
    var context = WorkbenchApplication.start(folder, 0);
    String url = WorkbenchApplication.url(context);
    assertThat(new Browser(url).get("/sign-in").statusCode()).isEqualTo(200);
    assertThat(folder.resolve("postgres/postmaster.pid")).exists();
    context.close();
    assertThat(folder.resolve("postgres/postmaster.pid")).doesNotExist();
    assertThat(ServerFile.read(folder)).isEmpty();
  }
}
