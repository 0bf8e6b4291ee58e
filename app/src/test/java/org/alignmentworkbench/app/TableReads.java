package org.alignmentworkbench.app;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What PostgreSQL read while something was done on a server: a measure that does not depend on how
/// fast or busy a machine is.
///
/// A connection tells what it read at the latest when it ends, so the pools are emptied first.
public final class TableReads {
  private static final String READ =
      """
      select t.relname, coalesce(t.seq_tup_read, 0) + coalesce(t.idx_tup_fetch, 0) as rows,
        coalesce(i.toast_blks_read, 0) + coalesce(i.toast_blks_hit, 0) as texts
      from pg_stat_user_tables t
      join pg_statio_user_tables i on i.relid = t.relid
      """;
  private static final String OTHERS =
      """
      select pid, state, state_change, query
      from pg_stat_activity
      where datname = current_database()
        and pid <> pg_backend_pid()
        and backend_type = 'client backend'
      """;

  /// One that rests tells after ten seconds.
  private static final String BUSY =
      """
        and (state <> 'idle' or state_change > now() - interval '11 seconds')
      """;

  private final Map<String, Read> reads;

  private TableReads(Map<String, Read> reads) {
    this.reads = reads;
  }

  /// @param rows that were read of the table itself
  /// @param texts blocks of long values, which are kept apart from their rows
  private record Read(long rows, long texts) {}

  /// Cleaning in the background reads as well: it stays away from a database that is measured.
  public static void prepare(RunningServer server, String... tables) {
    for (String table : tables) {
      server
          .database()
          .jdbc()
          .sql(
              "alter table %s set (autovacuum_enabled = false, toast.autovacuum_enabled = false)"
                  .formatted(table))
          .update();
    }
  }

  public static TableReads during(RunningServer server, Runnable work) {
    Map<String, Read> before = told(server);
    work.run();
    Map<String, Read> reads = new HashMap<>();
    told(server)
        .forEach((table, after) -> {
          Read earlier = before.getOrDefault(table, new Read(0, 0));
          reads.put(
              table, new Read(after.rows() - earlier.rows(), after.texts() - earlier.texts()));
        });
    return new TableReads(reads);
  }

  public long rows(String table) {
    return of(table).rows();
  }

  /// Blocks of long values that were read of these tables.
  public long texts(String... tables) {
    return List.of(tables).stream().mapToLong(table -> of(table).texts()).sum();
  }

  private Read of(String table) {
    Read read = reads.get(table);
    if (read == null) {
      throw new IllegalArgumentException("there is no table " + table);
    }
    return read;
  }

  private static Map<String, Read> told(RunningServer server) {
    var database = server.database();
    try (Connection connection =
            DriverManager.getConnection(database.url(), database.username(), database.password());
        Statement statement = connection.createStatement()) {
      String open = pids(statement);
      evict(server);
      // The limit only ends a test that would hang.
      Instant limit = Instant.now().plus(Duration.ofMinutes(5));
      while (!open.isEmpty() && !stillThere(statement, open).isEmpty()) {
        if (Instant.now().isAfter(limit)) {
          throw new AssertionError("connections did not end: " + stillThere(statement, open));
        }
        Thread.sleep(200);
        // One that was just given back as it was to be ended is among those that rest.
        evict(server);
      }
      Map<String, Read> reads = new HashMap<>();
      try (ResultSet rows = statement.executeQuery(READ)) {
        while (rows.next()) {
          reads.put(
              rows.getString("relname"), new Read(rows.getLong("rows"), rows.getLong("texts")));
        }
      }
      return reads;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String pids(Statement statement) throws SQLException {
    StringBuilder pids = new StringBuilder();
    try (ResultSet rows = statement.executeQuery(OTHERS)) {
      while (rows.next()) {
        pids.append(pids.isEmpty() ? "" : ",").append(rows.getInt(1));
      }
    }
    return pids.toString();
  }

  /// What those of the connections do that are neither at their end nor at rest.
  private static String stillThere(Statement statement, String pids) throws SQLException {
    StringBuilder busy = new StringBuilder();
    try (ResultSet rows = statement.executeQuery(OTHERS + "  and pid in (" + pids + ")\n" + BUSY)) {
      while (rows.next()) {
        busy.append(
            "%d, %s since %s: %s; "
                .formatted(
                    rows.getInt("pid"),
                    rows.getString("state"),
                    rows.getString("state_change"),
                    rows.getString("query")));
      }
    }
    return busy.toString();
  }

  private static void evict(RunningServer server) {
    server.bean(HikariDataSource.class).getHikariPoolMXBean().softEvictConnections();
    server.database().dataSource().getHikariPoolMXBean().softEvictConnections();
  }
}
