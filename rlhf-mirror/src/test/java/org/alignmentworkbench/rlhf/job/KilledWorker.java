package org.alignmentworkbench.rlhf.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.alignmentworkbench.db.TestDatabase;

/// A worker that is killed with SIGKILL at moments which a test names, and started again in a new
/// process each time. No shutdown hook runs in it and no transaction of it ends.
///
/// @param database where its queue is; its own triggers come and go there
/// @param artifacts the folder of artefacts
/// @param device whose queue it works on
/// @param jobs what it can do
/// @param log where its processes write
public record KilledWorker(
    TestDatabase database,
    Path artifacts,
    String device,
    Class<? extends WorkerProcess.Jobs> jobs,
    Path log) {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /// SIGKILL's exit status, as the Java runtime tells it.
  private static final int KILLED = 128 + 9;

  // The worker's transaction waits here for a lock that the test holds, until it is no more.
  private static final String GATE =
      """
      create or replace function wait_to_be_killed() returns trigger language plpgsql as $$
      begin
        perform pg_advisory_xact_lock(9);
        return new;
      end $$
      """;
  private static final String WAITING =
      """
      select pid
      from pg_locks
      where locktype = 'advisory'
        and not granted
        and database = (select oid from pg_database where datname = current_database())
      """;

  /// Starts it, waits for the moment and a little longer, and kills it.
  public void killAfter(BooleanSupplier moment, Duration later) throws Exception {
    Process process = start();
    try {
      await(moment, process);
      process.waitFor(later.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(process.exitValue()).isEqualTo(KILLED);
  }

  /// Starts it and kills it while it writes a row: the statement has begun, its transaction is
  /// open, and whatever came before the transaction is there.
  ///
  /// @param condition which row, an SQL condition on `new`
  public void killWriting(String table, String condition) throws Exception {
    killAt("insert or update on " + table, table, condition);
  }

  /// The same while it changes a row that was there.
  public void killUpdating(String table, String condition) throws Exception {
    killAt("update on " + table, table, condition);
  }

  private void killAt(String event, String table, String condition) throws Exception {
    try (Connection gate = database.dataSource().getConnection();
        Statement sql = gate.createStatement()) {
      sql.execute("select pg_advisory_lock(9)");
      try {
        sql.execute(GATE);
        sql.execute(
            "create trigger killed_here before %s for each row when (%s) execute function wait_to_be_killed()"
                .formatted(event, condition));
        killAfter(() -> waiting(sql) != 0, Duration.ZERO);
        // The server notices only when it wants to answer; its transaction must not outlive this.
        for (int pid = waiting(sql); pid != 0; pid = waiting(sql)) {
          sql.execute("select pg_terminate_backend(" + pid + ", 5000)");
        }
        sql.execute("drop trigger killed_here on " + table);
      } finally {
        sql.execute("select pg_advisory_unlock(9)");
      }
    }
  }

  private static int waiting(Statement sql) {
    try (ResultSet rows = sql.executeQuery(WAITING)) {
      return rows.next() ? rows.getInt(1) : 0;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Starts it and leaves it alone until something holds.
  public void runUntil(BooleanSupplier moment) throws Exception {
    killAfter(moment, Duration.ZERO);
  }

  private Process start() throws IOException {
    return WorkerProcess.start(database, artifacts, device, jobs, log);
  }

  private void await(BooleanSupplier moment, Process process) throws InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!moment.getAsBoolean()) {
      assertThat(process.isAlive()).as(this::told).isTrue();
      assertThat(failures()).as(this::told).isEmpty();
      assertThat(System.nanoTime()).as(this::told).isLessThan(until);
      Thread.sleep(2);
    }
  }

  /// What its runs say that have failed: such a one comes to no further moment.
  private List<String> failures() {
    return database
        .jdbc()
        .sql("select name || ': ' || detail from run where device = :device and state = 'FAILED'")
        .param("device", device)
        .query(String.class)
        .list();
  }

  private String told() {
    try {
      return Files.exists(log) ? Files.readString(log) : "no log";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
