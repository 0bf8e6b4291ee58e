package org.alignmentworkbench.db.task;

import java.time.Instant;
import java.util.Optional;
import org.alignmentworkbench.db.kind.KnownAnswer;
import org.alignmentworkbench.db.row.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Tasks whose better response is known. A desk never reads them.
public final class GoldRepository {
  private static final String SET =
      """
      insert into gold (task_id, b_wins, attention, set_by, set_at)
      values (:taskId, :bWins, :attention, :personId, :now)
      on conflict (task_id) do update
      set b_wins = excluded.b_wins,
          known = null,
          attention = excluded.attention,
          set_by = excluded.set_by,
          set_at = excluded.set_at
      """;
  private static final String SET_KNOWN =
      """
      insert into gold (task_id, known, attention, set_by, set_at)
      values (:taskId, :known::jsonb, :attention, :personId, :now)
      on conflict (task_id) do update
      set b_wins = null,
          known = excluded.known,
          attention = excluded.attention,
          set_by = excluded.set_by,
          set_at = excluded.set_at
      """;
  private static final String CLEAR = "delete from gold where task_id = :taskId";
  private static final String FIND =
      "select b_wins, attention from gold where task_id = :taskId and b_wins is not null";

  private final JdbcClient jdbc;

  public GoldRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// A known answer.
  ///
  /// @param attention whether it asks if somebody reads at all
  public record Known(boolean bWins, boolean attention) {}

  /// Says which response of a task is the better one; the last word counts.
  public void set(long taskId, Known known, long personId, Instant now) {
    jdbc.sql(SET)
        .param("taskId", taskId)
        .param("bWins", known.bWins())
        .param("attention", known.attention())
        .param("personId", personId)
        .param("now", Columns.time(now))
        .update();
  }

  /// Says what is known of a task that is no comparison; the last word counts.
  public void set(long taskId, KnownAnswer known, boolean attention, long personId, Instant now) {
    jdbc.sql(SET_KNOWN)
        .param("taskId", taskId)
        .param("known", known.json())
        .param("attention", attention)
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

  /// What is known of a task, if anything.
  public Optional<Known> of(long taskId) {
    return jdbc.sql(FIND)
        .param("taskId", taskId)
        .query((row, number) -> new Known(row.getBoolean("b_wins"), row.getBoolean("attention")))
        .optional();
  }
}
