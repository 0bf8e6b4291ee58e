package org.alignmentworkbench.db.view;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
      select t.id as task_id, t.response_a, t.response_b, p.kind, coalesce(p.language, p.task ->> 'language') as language,
        j.person_id, j.strength,
        (j.grades -> 'a' ->> 'instructionFollowing')::int as a_instruction_following,
        (j.grades -> 'a' ->> 'concision')::int as a_concision,
        (j.grades -> 'a' ->> 'truthfulness')::int as a_truthfulness,
        (j.grades -> 'a' ->> 'harmlessness')::int as a_harmlessness,
        (j.grades -> 'b' ->> 'instructionFollowing')::int as b_instruction_following,
        (j.grades -> 'b' ->> 'concision')::int as b_concision,
        (j.grades -> 'b' ->> 'truthfulness')::int as b_truthfulness,
        (j.grades -> 'b' ->> 'harmlessness')::int as b_harmlessness,
        j.a_left, g.b_wins, j.active_ms, j.created_at, j.purpose = 'REPEAT' as repeated
      from judgement j
      join task t on t.id = j.task_id
      join prompt p on p.id = t.prompt_id
      left join gold g on g.task_id = t.id
      where t.project_id = :projectId
        and t.kind = 'PAIR'
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
        and t.kind = 'PAIR'
      group by t.round
      order by t.round
      """;
  // A row that is written anew has another xmin; one that is gone changes the number.
  private static final String STAMP =
      """
      select count(*) as judgements, coalesce(max(j.id), 0) as newest,
        coalesce(max(j.xmin::text::bigint), 0) as written,
        (
          select count(*)
          from gold g
          join task of on of.id = g.task_id
          where of.project_id = :projectId
        ) as known,
        (
          select coalesce(max(g.xmin::text::bigint), 0)
          from gold g
          join task of on of.id = g.task_id
          where of.project_id = :projectId
        ) as known_written
      from judgement j
      join task t on t.id = j.task_id
      where t.project_id = :projectId
        and j.scripted = :scripted
        and (:round::int is null or t.round = :round)
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
  private static final String COMPARISON =
      """
      select t.id, t.key, t.round, t.prompt_id, p.text as prompt, a.text as a, b.text as b, g.b_wins
      from task t
      join prompt p on p.id = t.prompt_id
      join response a on a.id = t.response_a
      join response b on b.id = t.response_b
      left join gold g on g.task_id = t.id
      where t.project_id = :projectId
        and t.id = :taskId
      """;
  private static final String SAID =
      """
      select person.display_name, j.scripted, j.strength, j.a_left, j.reason, j.active_ms,
        j.guideline_version, j.created_at
      from judgement j
      join person on person.id = j.person_id
      where j.task_id = :taskId
      order by j.id
      """;
  private static final String KNOWN =
      """
      select t.id, t.key, g.b_wins, count(j.id) as judged,
        count(j.id) filter (where (j.strength > 0) = g.b_wins) as right_ones
      from gold g
      join task t on t.id = g.task_id
      left join judgement j on j.task_id = t.id
        and j.scripted = :scripted
        and j.purpose <> 'REPEAT'
      where t.project_id = :projectId
        and g.b_wins is not null
        and (:round::int is null or t.round = :round)
      group by t.id, t.key, g.b_wins
      order by t.key
      limit :limit
      """;
  private static final String OF_PROMPT =
      """
      select t.id, t.key, (select count(*) from judgement j where j.task_id = t.id and j.purpose = 'WORK') as judged
      from task t
      where t.prompt_id = :promptId
        and t.kind = 'PAIR'
      order by t.key
      limit :limit
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
  /// @param aLeft whether A was shown on the left; null where a file did not say
  /// @param goldBWins whether B is known to be the better one, null where nobody said
  /// @param activeMs time spent on it while the page was in use
  /// @param repeated whether the person had judged it before, with the sides the other way round
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
      @Nullable Boolean aLeft,
      @Nullable Boolean goldBWins,
      long activeMs,
      Instant at,
      boolean repeated) {

    /// Whether B was preferred.
    public boolean bWins() {
      return strength > 0;
    }

    /// Whether the response on the left was preferred; null where the sides are not known.
    public @Nullable Boolean leftWins() {
      return aLeft == null ? null : (Boolean) (aLeft != bWins());
    }
  }

  /// How many judgements a round has.
  public record RoundCount(int round, long people, long scripts) {}

  /// What tells whether judgements are still those that were read: their number, the newest, and
  /// the last transaction that wrote one of them; the same of the tasks whose better response is
  /// known.
  public record Stamp(long judgements, long newest, long written, long known, long knownWritten) {}

  /// A task with the beginning of its prompt.
  public record TaskLine(long id, String key, long promptId, String prompt) {}

  /// A task in full.
  ///
  /// @param goldBWins whether B is known to be the better one, null where nobody said
  public record Comparison(
      long id,
      String key,
      int round,
      long promptId,
      String prompt,
      String a,
      String b,
      @Nullable Boolean goldBWins) {}

  /// What somebody said of a task.
  ///
  /// @param name shown name of whoever judged
  /// @param aLeft null where it came with a file that does not say
  /// @param activeMs 0 where it is not known
  /// @param guidelineVersion null where it came with a file that does not say
  public record Said(
      String name,
      boolean scripted,
      int strength,
      @Nullable Boolean aLeft,
      String reason,
      long activeMs,
      @Nullable Integer guidelineVersion,
      Instant at) {}

  /// A task whose better response is known.
  ///
  /// @param judged judgements of it
  /// @param right those that choose the better response
  public record Known(long taskId, String key, boolean bWins, long judged, long right) {}

  /// A task of a prompt.
  public record OfPrompt(long taskId, String key, long judged) {}

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

  /// The stamp of what [#read] would read, without reading it. Whoever keeps what came of
  /// judgements takes the stamp first: what is written in between only makes it anew.
  public Stamp stamp(long projectId, Judges judges, @Nullable Integer round) {
    return jdbc.sql(STAMP)
        .param("projectId", projectId)
        .param("scripted", judges.scripted())
        .param("round", round)
        .query((row, number) ->
            new Stamp(
                row.getLong("judgements"),
                row.getLong("newest"),
                row.getLong("written"),
                row.getLong("known"),
                row.getLong("known_written")))
        .single();
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

  /// A task of a project.
  public Optional<Comparison> comparison(long projectId, long taskId) {
    return jdbc.sql(COMPARISON)
        .param("projectId", projectId)
        .param("taskId", taskId)
        .query((row, number) ->
            new Comparison(
                row.getLong("id"),
                row.getString("key"),
                row.getInt("round"),
                row.getLong("prompt_id"),
                row.getString("prompt"),
                row.getString("a"),
                row.getString("b"),
                row.getObject("b_wins", Boolean.class)))
        .optional();
  }

  /// What people and scripts said of a task, in the order in which they did.
  public List<Said> said(long taskId) {
    return jdbc.sql(SAID)
        .param("taskId", taskId)
        .query((row, number) ->
            new Said(
                row.getString("display_name"),
                row.getBoolean("scripted"),
                row.getInt("strength"),
                Columns.booleanOrNull(row, "a_left"),
                row.getString("reason"),
                row.getLong("active_ms"),
                Columns.intOrNull(row, "guideline_version"),
                Columns.instant(row, "created_at")))
        .list();
  }

  /// The first tasks whose better response is known, judged or not, in order of keys.
  ///
  /// @param judges whose judgements are counted
  /// @param round null for all rounds
  public List<Known> known(long projectId, Judges judges, @Nullable Integer round, int limit) {
    return jdbc.sql(KNOWN)
        .param("projectId", projectId)
        .param("scripted", judges.scripted())
        .param("round", round)
        .param("limit", limit)
        .query((row, number) ->
            new Known(
                row.getLong("id"),
                row.getString("key"),
                row.getBoolean("b_wins"),
                row.getLong("judged"),
                row.getLong("right_ones")))
        .list();
  }

  /// The first tasks of a prompt, in order of keys.
  public List<OfPrompt> ofPrompt(long promptId, int limit) {
    return jdbc.sql(OF_PROMPT)
        .param("promptId", promptId)
        .param("limit", limit)
        .query((row, number) ->
            new OfPrompt(row.getLong("id"), row.getString("key"), row.getLong("judged")))
        .list();
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
        Columns.booleanOrNull(row, "a_left"),
        row.getObject("b_wins", Boolean.class),
        row.getLong("active_ms"),
        Columns.instant(row, "created_at"),
        row.getBoolean("repeated"));
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
