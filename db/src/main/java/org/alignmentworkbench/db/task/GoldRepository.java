package org.alignmentworkbench.db.task;

import java.time.Instant;
import java.util.Optional;
import org.alignmentworkbench.db.row.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Tasks whose better response is known. A desk never reads them.
public final class GoldRepository {
  private static final String SET =
      """
      insert into gold (task_id, b_wins, set_by, set_at)
      values (:taskId, :bWins, :personId, :now)
      on conflict (task_id) do update
      set b_wins = excluded.b_wins, set_by = excluded.set_by, set_at = excluded.set_at
      """;
  private static final String CLEAR = "delete from gold where task_id = :taskId";
  private static final String FIND = "select b_wins from gold where task_id = :taskId";

  private final JdbcClient jdbc;

  public GoldRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Says which response of a task is the better one; the last word counts.
  public void set(long taskId, boolean bWins, long personId, Instant now) {
    jdbc.sql(SET)
        .param("taskId", taskId)
        .param("bWins", bWins)
        .param("personId", personId)
        .param("now", Columns.time(now))
        .update();
  }

  /// Forgets it.
  ///
  /// @return whether there was something to forget
  public boolean clear(long taskId) {
    return jdbc.sql(CLEAR).param("taskId", taskId).update() > 0;
  }

  /// Whether B is the better response, if either is known to be.
  public Optional<Boolean> bWins(long taskId) {
    return jdbc.sql(FIND)
        .param("taskId", taskId)
        .query((row, number) -> row.getBoolean("b_wins"))
        .optional();
  }
}
