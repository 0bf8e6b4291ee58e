package org.alignmentworkbench.db.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.db.server.DataFolderException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class PostgresServerIT {
  private static final Path BINARIES =
      Path.of(System.getProperty("java.io.tmpdir"), "workbench-test-binaries");

  @TempDir Path home;

  @Test
  void it_keeps_its_data_and_commits_durably_behind_a_password() throws Exception {
    try (DataFolder folder = DataFolder.open(home);
        PostgresServer server = PostgresServer.start(folder, BINARIES);
        HikariDataSource pool = server.pool(2)) {
      JdbcClient jdbc = JdbcClient.create(pool);
      jdbc.sql("create table kept (n int)").update();
      jdbc.sql("insert into kept values (42)").update();
      for (Map.Entry<String, String> setting :
          Map.of(
                  "fsync", "on",
                  "synchronous_commit", "on",
                  "full_page_writes", "on",
                  "listen_addresses", "localhost",
                  "unix_socket_directories", "",
                  "max_connections", "40",
                  "shared_buffers", "64MB")
              .entrySet()) {
        assertThat(jdbc.sql("show " + setting.getKey()).query(String.class).single())
            .as(setting.getKey())
            .isEqualTo(setting.getValue());
      }
      assertThat(
              jdbc.sql("select distinct auth_method from pg_hba_file_rules")
                  .query(String.class)
                  .list())
          .containsExactly("scram-sha-256");
      assertThatThrownBy(() ->
              new DriverManagerDataSource(server.url(), server.username(), "wrong").getConnection())
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("password authentication failed");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.password())))
          .isEqualTo("rw-------");
    }
    assertThat(home.resolve("postgres/postmaster.pid")).doesNotExist();
    try (DataFolder folder = DataFolder.open(home);
        PostgresServer server = PostgresServer.start(folder, BINARIES);
        HikariDataSource pool = server.pool(1)) {
      assertThat(JdbcClient.create(pool).sql("select n from kept").query(Integer.class).list())
          .isEqualTo(List.of(42));
    }
  }

  @Test
  void a_second_instance_on_the_same_folder_is_refused() {
    try (DataFolder _ = DataFolder.open(home)) {
      assertThatThrownBy(() -> DataFolder.open(home.resolve("../" + home.getFileName())))
          .isInstanceOfSatisfying(
              DataFolderException.class, e -> assertThat(e.reason()).isEqualTo(Reason.IN_USE))
          .hasMessage(
              "The data folder %s is already in use by another instance of the workbench (process %d).",
              home, ProcessHandle.current().pid());
    }
    DataFolder.open(home).close();
  }

  @Test
  void a_folder_that_cannot_be_written_is_refused_in_one_sentence() throws Exception {
    // A file in the way refuses even the superuser, whom permissions do not stop.
    Path file = Files.createFile(home.resolve("file"));
    assertThatThrownBy(() -> DataFolder.open(file))
        .isInstanceOfSatisfying(
            DataFolderException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_WRITABLE))
        .hasMessage("The data folder %s cannot be written.", file);
  }

  @Test
  void data_whose_password_is_gone_are_left_alone() throws Exception {
    Files.createDirectories(home.resolve("postgres"));
    try (DataFolder folder = DataFolder.open(home)) {
      assertThatThrownBy(() -> PostgresServer.start(folder, BINARIES))
          .isInstanceOfSatisfying(
              DataFolderException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DAMAGED))
          .hasMessageContaining("has lost its password file");
    }
    assertThat(home.resolve("postgres")).isEmptyDirectory();
  }

  @Test
  void a_first_start_that_was_killed_half_way_begins_again() throws Exception {
    Files.createDirectories(home.resolve("postgres/base"));
    Files.writeString(home.resolve("postgres/postgresql.conf"), "half");
    Files.writeString(home.resolve("postgres.unfinished"), "");
    try (DataFolder folder = DataFolder.open(home);
        PostgresServer server = PostgresServer.start(folder, BINARIES);
        HikariDataSource pool = server.pool(1)) {
      assertThat(JdbcClient.create(pool).sql("select 1").query(Integer.class).single())
          .isEqualTo(1);
      assertThat(home.resolve("postgres.unfinished")).doesNotExist();
    }
  }

  @Test
  void a_process_number_that_now_belongs_to_another_program_does_not_stop_the_start()
      throws Exception {
    try (DataFolder folder = DataFolder.open(home)) {
      PostgresServer.start(folder, BINARIES).close();
      Path data = home.resolve("postgres");
      long mine = ProcessHandle.current().pid();
      Files.writeString(data.resolve("postmaster.pid"), mine + "\n" + data + "\n0\n1\n\n\n\n");
      try (PostgresServer server = PostgresServer.start(folder, BINARIES)) {
        assertThat(server.port()).isPositive();
      }
    }
  }
}
