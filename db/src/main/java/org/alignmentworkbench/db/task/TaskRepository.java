package org.alignmentworkbench.db.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.alignmentworkbench.db.row.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The one class that makes tasks and their slots; desk and rounds both use it.
///
/// A slot is a judgement that is wanted. All of them are made in advance, so that the overlap of a
/// task is exact whatever annotators do, and in an order and with sides that depend on the seed and
/// the task's key only.
public final class TaskRepository {
  private static final String KEYS =
      """
      select c.ordinality, p.key as prompt_key, a.key as key_a, b.key as key_b
      from unnest(:promptIds::bigint[], :as::bigint[], :bs::bigint[])
        with ordinality as c(prompt_id, response_a, response_b, ordinality)
      join prompt p on p.id = c.prompt_id and p.project_id = :projectId
      join response a on a.id = c.response_a and a.prompt_id = p.id
      join response b on b.id = c.response_b and b.prompt_id = p.id
      order by c.ordinality
      """;
  private static final String INSERT =
      """
      with made as (
        insert into task (project_id, key, round, prompt_id, response_a, response_b, shuffle_key,
          overlap)
        select :projectId, n.key, :round, n.prompt_id, n.response_a, n.response_b, n.shuffle_key,
          :overlap
        from unnest(:keys::text[], :promptIds::bigint[], :as::bigint[], :bs::bigint[],
          :shuffleKeys::bigint[]) as n(key, prompt_id, response_a, response_b, shuffle_key)
        on conflict (project_id, key) do nothing
        returning id, project_id, prompt_id, shuffle_key
      ), slots as (
        insert into slot (task_id, ordinal, project_id, shuffle_key, a_left, language)
        select made.id, ordinal, made.project_id, made.shuffle_key,
          (made.shuffle_key + ordinal) % 2 = 0, p.language
        from made
        join prompt p on p.id = made.prompt_id
        cross join generate_series(0, :overlap - 1) as ordinal
      )
      select count(*) as made
      from made
      """;
  private static final String FIND =
      """
      select t.id, t.project_id, t.key, t.round, t.prompt_id, t.response_a, t.response_b, t.overlap,
        (select count(*) from judgement j where j.task_id = t.id and j.purpose = 'WORK') as judged,
        (select count(*) from skip k where k.task_id = t.id) as skipped
      from task t
      where t.id = :id
      """;
  private static final String PAGE =
      """
      select t.id, t.project_id, t.key, t.round, t.prompt_id, t.response_a, t.response_b, t.overlap,
        (select count(*) from judgement j where j.task_id = t.id and j.purpose = 'WORK') as judged,
        (select count(*) from skip k where k.task_id = t.id) as skipped
      from task t
      where t.project_id = :projectId
        and t.key > :after
      order by t.key
      limit :limit
      """;
  // Only what somebody holds is looked at row by row: that is a slot a person.
  private static final String PROGRESS =
      """
      select c.tasks, c.work - c.work_done - held.slots as waiting, held.slots as leased,
        c.work_done as done
      from (
        select coalesce(sum(tasks), 0) as tasks, coalesce(sum(work), 0) as work,
          coalesce(sum(work_done), 0) as work_done
        from work_count
        where project_id = :projectId
          and round between :fromRound and :toRound
      ) c
      cross join (
        select count(*) as slots
        from slot s
        join task t on t.id = s.task_id
        where s.project_id = :projectId
          and s.leased_by is not null
          and s.leased_until >= :now
          and s.purpose = 'WORK'
          and t.round between :fromRound and :toRound
      ) held
      """;

  private final JdbcClient jdbc;

  public TaskRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private record Keyed(String key, long shuffleKey) {}

  /// Makes tasks with `overlap` slots each and returns how many were new; one that is there already
  /// is left as it is, so a restarted job may make them again.
  ///
  /// A task's slots show the two responses on alternating sides, and which side comes first depends
  /// on the task.
  ///
  /// @throws IllegalArgumentException when a response does not answer the comparison's prompt
  public int make(long projectId, int round, long seed, int overlap, List<Comparison> comparisons) {
    Long[] promptIds = comparisons.stream().map(Comparison::promptId).toArray(Long[]::new);
    Long[] as = comparisons.stream().map(Comparison::responseA).toArray(Long[]::new);
    Long[] bs = comparisons.stream().map(Comparison::responseB).toArray(Long[]::new);
    List<Keyed> keyed =
        jdbc.sql(KEYS)
            .param("projectId", projectId)
            .param("promptIds", promptIds)
            .param("as", as)
            .param("bs", bs)
            .query((row, number) -> {
              String key =
                  "r%d:%s:%s~%s"
                      .formatted(
                          round,
                          row.getString("prompt_key"),
                          row.getString("key_a"),
                          row.getString("key_b"));
              return new Keyed(key, shuffleKey(seed, key));
            })
            .list();
    if (keyed.size() != comparisons.size()) {
      throw new IllegalArgumentException(
          "project "
              + projectId
              + ": "
              + (comparisons.size() - keyed.size())
              + " of "
              + comparisons.size()
              + " comparisons name a prompt of another project or a response to another prompt");
    }
    return jdbc.sql(INSERT)
        .param("projectId", projectId)
        .param("round", round)
        .param("overlap", overlap)
        .param("keys", keyed.stream().map(Keyed::key).toArray(String[]::new))
        .param("promptIds", promptIds)
        .param("as", as)
        .param("bs", bs)
        .param("shuffleKeys", keyed.stream().map(Keyed::shuffleKey).toArray(Long[]::new))
        .query((row, number) -> row.getInt("made"))
        .single();
  }

  /// A stored number to sort by, never `order by random()`: the first eight bytes of the SHA-256 of
  /// seed and key, without the sign.
  public static long shuffleKey(long seed, String key) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest((seed + "/" + key).getBytes(UTF_8));
      return ByteBuffer.wrap(hash).getLong() & Long.MAX_VALUE >> 1;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  public Optional<Task> find(long id) {
    return jdbc.sql(FIND).param("id", id).query(TaskRepository::task).optional();
  }

  /// The page that follows a key; an empty key asks for the first.
  public List<Task> page(long projectId, String after, int limit) {
    return jdbc.sql(PAGE)
        .param("projectId", projectId)
        .param("after", after)
        .param("limit", limit)
        .query(TaskRepository::task)
        .list();
  }

  public Progress progress(long projectId, Instant now) {
    return progress(projectId, Integer.MIN_VALUE, Integer.MAX_VALUE, now);
  }

  public Progress progressOfRound(long projectId, int round, Instant now) {
    return progress(projectId, round, round, now);
  }

  private Progress progress(long projectId, int fromRound, int toRound, Instant now) {
    return jdbc.sql(PROGRESS)
        .param("projectId", projectId)
        .param("fromRound", fromRound)
        .param("toRound", toRound)
        .param("now", Columns.time(now))
        .query((row, number) ->
            new Progress(
                row.getLong("tasks"),
                row.getLong("waiting"),
                row.getLong("leased"),
                row.getLong("done")))
        .single();
  }

  private static Task task(ResultSet row, int number) throws SQLException {
    return new Task(
        row.getLong("id"),
        row.getLong("project_id"),
        row.getString("key"),
        row.getInt("round"),
        row.getLong("prompt_id"),
        row.getLong("response_a"),
        row.getLong("response_b"),
        row.getInt("overlap"),
        row.getInt("judged"),
        row.getInt("skipped"));
  }
}
