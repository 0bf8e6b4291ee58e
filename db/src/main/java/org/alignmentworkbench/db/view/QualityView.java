package org.alignmentworkbench.db.view;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.alignmentworkbench.db.row.Columns;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.task.Judges;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// A project's judgements, for figures about people and sides rather than about responses.
public final class QualityView {
  // Texts stay where they are: 300,000 judgements are read without one.
  private static final String READINGS =
      """
      select t.id as task_id, t.response_a, t.response_b, p.kind, p.task ->> 'language' as language,
        j.person_id, j.strength,
        (j.grades -> 'a' ->> 'instructionFollowing')::int as a_instruction_following,
        (j.grades -> 'a' ->> 'concision')::int as a_concision,
        (j.grades -> 'a' ->> 'truthfulness')::int as a_truthfulness,
        (j.grades -> 'a' ->> 'harmlessness')::int as a_harmlessness,
        (j.grades -> 'b' ->> 'instructionFollowing')::int as b_instruction_following,
        (j.grades -> 'b' ->> 'concision')::int as b_concision,
        (j.grades -> 'b' ->> 'truthfulness')::int as b_truthfulness,
        (j.grades -> 'b' ->> 'harmlessness')::int as b_harmlessness,
        j.a_left, g.b_wins, j.active_ms, j.created_at
      from judgement j
      join task t on t.id = j.task_id
      join prompt p on p.id = t.prompt_id
      left join gold g on g.task_id = t.id
      where t.project_id = :projectId
        and j.scripted = :scripted
        and (:round::int is null or t.round = :round)
      order by t.id, j.id
      """;
  private static final String COUNTS =
      """
      select t.round, count(*) filter (where not j.scripted) as people,
        count(*) filter (where j.scripted) as scripts
      from judgement j
      join task t on t.id = j.task_id
      where t.project_id = :projectId
      group by t.round
      order by t.round
      """;
  private static final String NAMES =
      """
      select id, display_name
      from person
      where id in (
        select j.person_id
        from judgement j
        join task t on t.id = j.task_id
        where t.project_id = :projectId)
      """;
  private static final String TASKS =
      """
      select t.id, t.key, t.prompt_id, left(p.text, 400) as prompt
      from task t
      join prompt p on p.id = t.prompt_id
      where t.project_id = :projectId
        and t.id = any(:taskIds)
      """;
  private static final int ROWS_AT_A_TIME = 2_000;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;

  public QualityView(JdbcClient jdbc, TransactionTemplate transaction) {
    this.jdbc = jdbc;
    this.transaction = transaction;
  }

  /// One judgement.
  ///
  /// @param language of the prompt, null where its maker did not say
  /// @param strength -4 (A is much better) to -1, 1 to 4 (B is much better)
  /// @param gradesA null where A was not graded in full
  /// @param gradesB null where B was not graded in full
  /// @param aLeft whether A was shown on the left
  /// @param goldBWins whether B is known to be the better one, null where nobody said
  /// @param activeMs time spent on it while the page was in use
  public record Reading(
      long taskId,
      long responseA,
      long responseB,
      String kind,
      @Nullable String language,
      long personId,
      int strength,
      @Nullable Grades gradesA,
      @Nullable Grades gradesB,
      boolean aLeft,
      @Nullable Boolean goldBWins,
      long activeMs,
      Instant at) {

    /// Whether B was preferred.
    public boolean bWins() {
      return strength > 0;
    }

    /// Whether the response on the left was preferred.
    public boolean leftWins() {
      return aLeft != bWins();
    }
  }

  /// How many judgements a round has.
  public record RoundCount(int round, long people, long scripts) {}

  /// A task with the beginning of its prompt.
  public record TaskLine(long id, String key, long promptId, String prompt) {}

  /// Reads judgements in order of tasks, some at a time, so that their number does not matter.
  ///
  /// @param judges whose
  /// @param round null for all rounds
  public void read(long projectId, Judges judges, @Nullable Integer round, Consumer<Reading> to) {
    Map<String, String> seen = new HashMap<>();
    // The driver reads with a cursor in a transaction alone.
    transaction.executeWithoutResult(_ -> {
      try (Stream<Reading> rows =
          jdbc
              .sql(READINGS)
              .withFetchSize(ROWS_AT_A_TIME)
              .param("projectId", projectId)
              .param("scripted", judges.scripted())
              .param("round", round)
              .query((row, number) -> reading(row, seen))
              .stream()) {
        rows.forEach(to);
      }
    });
  }

  /// The rounds that have judgements, in order.
  public List<RoundCount> rounds(long projectId) {
    return jdbc.sql(COUNTS)
        .param("projectId", projectId)
        .query((row, number) ->
            new RoundCount(row.getInt("round"), row.getLong("people"), row.getLong("scripts")))
        .list();
  }

  /// The shown names of everybody who judged.
  public Map<Long, String> names(long projectId) {
    Map<Long, String> names = new HashMap<>();
    jdbc.sql(NAMES)
        .param("projectId", projectId)
        .query(row -> {
          names.put(row.getLong("id"), row.getString("display_name"));
        });
    return names;
  }

  /// Some tasks of a project by their numbers.
  public Map<Long, TaskLine> tasks(long projectId, List<Long> taskIds) {
    Map<Long, TaskLine> tasks = new HashMap<>();
    jdbc.sql(TASKS)
        .param("projectId", projectId)
        .param("taskIds", taskIds.toArray(Long[]::new))
        .query(row -> {
          tasks.put(
              row.getLong("id"),
              new TaskLine(
                  row.getLong("id"),
                  row.getString("key"),
                  row.getLong("prompt_id"),
                  row.getString("prompt")));
        });
    return tasks;
  }

  /// @param seen kinds and languages, each kept once
  private static Reading reading(ResultSet row, Map<String, String> seen) throws SQLException {
    @Nullable String language = row.getString("language");
    return new Reading(
        row.getLong("task_id"),
        row.getLong("response_a"),
        row.getLong("response_b"),
        once(row.getString("kind"), seen),
        language == null ? null : once(language, seen),
        row.getLong("person_id"),
        row.getInt("strength"),
        grades(row, "a_"),
        grades(row, "b_"),
        row.getBoolean("a_left"),
        row.getObject("b_wins", Boolean.class),
        row.getLong("active_ms"),
        Columns.instant(row, "created_at"));
  }

  private static String once(String text, Map<String, String> seen) {
    return Objects.requireNonNull(seen.computeIfAbsent(text, _ -> text));
  }

  private static @Nullable Grades grades(ResultSet row, String side) throws SQLException {
    @Nullable Integer instructionFollowing = Columns.intOrNull(row, side + "instruction_following");
    @Nullable Integer concision = Columns.intOrNull(row, side + "concision");
    @Nullable Integer truthfulness = Columns.intOrNull(row, side + "truthfulness");
    @Nullable Integer harmlessness = Columns.intOrNull(row, side + "harmlessness");
    return instructionFollowing == null
            || concision == null
            || truthfulness == null
            || harmlessness == null
        ? null
        : new Grades(instructionFollowing, concision, truthfulness, harmlessness);
  }
}
