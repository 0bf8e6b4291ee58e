package org.alignmentworkbench.db.once;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.alignmentworkbench.db.row.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Keys that programs send with a request, each with what was made.
public final class OnceRepository {
  // A row that another transaction is about to commit is waited for.
  private static final String BEGIN =
      """
      insert into once_request (person_id, key, request_hash, at)
      values (:personId, :key, :hash, :now)
      on conflict (person_id, key) do nothing
      """;
  private static final String END =
      """
      update once_request
      set made = :made
      where person_id = :personId
        and key = :key
      """;
  private static final String FIND =
      """
      select request_hash, made
      from once_request
      where person_id = :personId
        and key = :key
      """;
  private static final String FORGET =
      """
      delete from once_request
      where at < :before
      """;

  /// How long a key is remembered.
  public static final Duration MEMORY = Duration.ofDays(7);

  private final JdbcClient jdbc;

  public OnceRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// An earlier request with a key.
  ///
  /// @param requestHash of what it asked for
  /// @param made the number of what was made
  public record Earlier(String requestHash, long made) {}

  /// Takes a key, within the transaction of the work. False when an earlier request has it.
  public boolean begin(long personId, String key, String requestHash, Instant now) {
    jdbc.sql(FORGET).param("before", Columns.time(now.minus(MEMORY))).update();
    return jdbc.sql(BEGIN)
            .param("personId", personId)
            .param("key", key)
            .param("hash", requestHash)
            .param("now", Columns.time(now))
            .update()
        == 1;
  }

  /// Says what was made.
  public void end(long personId, String key, long made) {
    jdbc.sql(END).param("personId", personId).param("key", key).param("made", made).update();
  }

  public Optional<Earlier> find(long personId, String key) {
    return jdbc.sql(FIND)
        .param("personId", personId)
        .param("key", key)
        .query((row, _) -> new Earlier(row.getString("request_hash"), row.getLong("made")))
        .optional();
  }
}
