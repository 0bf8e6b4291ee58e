package org.alignmentworkbench.db.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.db.server.DataFolderException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What was accepted is there after the process, or the database under it, was killed.
class DurabilityIT {
  private static final Path BINARIES =
      Path.of(System.getProperty("java.io.tmpdir"), "workbench-test-binaries");

  @TempDir Path home;

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            KilledProcess.class.getName(),
            home.toString(),
            BINARIES.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /// SIGKILL, in the middle of its work. By its handle: the process object would close the stream
  /// that still has lines in it.
  private static void kill(Process process) throws InterruptedException {
    process.toHandle().destroyForcibly();
    process.waitFor();
  }

  private static Long accepted(String line) {
    return Long.valueOf(line.substring("accepted ".length()));
  }

  private ProcessHandle postmaster() throws IOException {
    String pid = Files.readAllLines(home.resolve("postgres/postmaster.pid")).getFirst();
    return ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
  }

  @Test
  void a_judgement_that_was_accepted_survives_the_death_of_the_process() throws Exception {
    List<Long> accepted = new ArrayList<>();
    Process process = start();
    try (BufferedReader out = process.inputReader()) {
      while (accepted.size() < 20) {
        String line = out.readLine();
        if (line.startsWith("accepted ")) {
          accepted.add(accepted(line));
        }
      }
      assertThatThrownBy(() -> DataFolder.open(home))
          .isInstanceOfSatisfying(
              DataFolderException.class, e -> assertThat(e.reason()).isEqualTo(Reason.IN_USE))
          .hasMessageContaining("(process " + process.pid() + ")");
      kill(process);
      out.lines().filter(l -> l.startsWith("accepted ")).forEach(l -> accepted.add(accepted(l)));
    }
    assertThat(process.exitValue()).isEqualTo(128 + 9);
    ProcessHandle orphan = postmaster();
    assertThat(orphan.isAlive()).as("the database server outlives the process").isTrue();

    checkAfterRestart(accepted);
    assertThat(orphan.isAlive() && orphan.info().command().isPresent()).isFalse();
  }

  @Test
  void a_judgement_that_was_accepted_survives_the_death_of_the_database() throws Exception {
    List<Long> accepted = new ArrayList<>();
    Process process = start();
    try (BufferedReader out = process.inputReader()) {
      while (accepted.size() < 20) {
        String line = out.readLine();
        if (line.startsWith("accepted ")) {
          accepted.add(accepted(line));
        }
      }
      postmaster().destroyForcibly();
      kill(process);
      out.lines().filter(l -> l.startsWith("accepted ")).forEach(l -> accepted.add(accepted(l)));
    }
    checkAfterRestart(accepted);
  }

  private void checkAfterRestart(List<Long> accepted) {
    try (DataFolder folder = DataFolder.open(home);
        PostgresServer server = PostgresServer.start(folder, BINARIES);
        HikariDataSource pool = server.pool(1)) {
      JdbcClient jdbc = JdbcClient.create(pool);
      assertThat(jdbc.sql("select id from judgement").query(Long.class).list())
          .containsAll(accepted);
      assertThat(
              jdbc.sql(
                      "select count(*) from slot where done and id not in (select slot_id from judgement)")
                  .query(Long.class)
                  .single())
          .as("a slot is done if and only if its judgement is there")
          .isZero();
    }
  }
}
