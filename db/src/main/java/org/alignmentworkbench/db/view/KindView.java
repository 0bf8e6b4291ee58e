package org.alignmentworkbench.db.view;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.KindJson;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.row.Columns;
import org.alignmentworkbench.db.task.Judges;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// Answers of set-ups whose tasks are no comparisons, for figures about the people who gave them.
public final class KindView {
  private static final String READINGS =
      """
      select t.id as task_id, j.person_id, j.answer,
        coalesce(p.language, p.task ->> 'language') as language, j.created_at,
        j.purpose = 'REPEAT' as repeated
      from judgement j
      join task t on t.id = j.task_id
      join prompt p on p.id = t.prompt_id
      where t.setup_id = :setupId
        and j.answer is not null
        and j.scripted = :scripted
      order by t.id, j.id
      """;
  // As of comparisons: a row that is written anew has another xmin, one that is gone changes the
  // number.
  private static final String STAMP =
      """
      select count(*) as answers, coalesce(max(j.id), 0) as newest,
        coalesce(max(j.xmin::text::bigint), 0) as written
      from judgement j
      join task t on t.id = j.task_id
      where t.setup_id = :setupId
        and j.answer is not null
        and j.scripted = :scripted
      """;
  private static final String COUNTS =
      """
      select u.id, u.kind, count(j.id) filter (where not j.scripted) as people,
        count(j.id) filter (where j.scripted) as scripts
      from labelling_setup u
      left join task t on t.setup_id = u.id
      left join judgement j on j.task_id = t.id and j.purpose <> 'REPEAT'
      where u.project_id = :projectId
        and u.kind <> 'PAIR'
      group by u.id
      order by u.id desc
      """;

  private static final String TASK =
      """
      select t.id, t.setup_id, t.key, u.question, p.text as prompt, g.known, g.attention,
        (
          select count(*)
          from judgement j
          where j.task_id = t.id and j.answer is not null and j.purpose <> 'REPEAT'
        ) as answered,
        array(
          select r.text
          from task_answer a
          join response r on r.id = a.response_id
          where a.task_id = t.id
          order by a.ordinal) as answers
      from task t
      join labelling_setup u on u.id = t.setup_id
      join prompt p on p.id = t.prompt_id
      left join gold g on g.task_id = t.id
      where t.kind <> 'PAIR'
      """;
  private static final String ONE = TASK + "  and t.project_id = :projectId and t.id = :taskId\n";
  private static final String TASKS =
      TASK
          + """
            and t.setup_id = :setupId
            and t.key > :after
          order by t.key
          limit :limit
          """;
  private static final String SAID =
      """
      select w.display_name, j.answer, j.reason, j.created_at, gold_right(g, j) as found
      from judgement j
      join person w on w.id = j.person_id
      left join gold g on g.task_id = j.task_id
      where j.task_id = :taskId
        and j.answer is not null
      order by j.id
      """;

  private static final int ROWS_AT_A_TIME = 2_000;

  /// Most answers that are numbers are few different ones: each is read once.
  private static final int ANSWERS_KEPT = 10_000;

  private static final int LONGEST_KEPT = 200;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;

  public KindView(JdbcClient jdbc, TransactionTemplate transaction) {
    this.jdbc = jdbc;
    this.transaction = transaction;
  }

  /// What tells whether a set-up's answers are still those that were read: their number, the
  /// newest, and the last transaction that wrote one of them.
  public record Stamp(long answers, long newest, long written) {}

  /// An answer.
  ///
  /// @param language of the prompt, if it is known
  /// @param repeated whether the person had answered it before, with the sides the other way round
  public record KindReading(
      long taskId,
      long personId,
      Answer answer,
      @Nullable String language,
      Instant at,
      boolean repeated) {}

  /// How many answers a set-up has.
  public record SetupCount(long setupId, String kind, long people, long scripts) {}

  /// Reads answers in order of tasks and judgements, some at a time, so that the driver's memory
  /// does not grow with them.
  public void read(long setupId, Judges judges, Consumer<KindReading> each) {
    Map<String, Answer> answers = new HashMap<>();
    Map<String, String> languages = new HashMap<>();
    transaction.executeWithoutResult(_ -> {
      try (Stream<KindReading> readings =
          jdbc
              .sql(READINGS)
              .withFetchSize(ROWS_AT_A_TIME)
              .param("setupId", setupId)
              .param("scripted", judges.scripted())
              .query((row, number) -> reading(row, answers, languages))
              .stream()) {
        readings.forEach(each);
      }
    });
  }

  public Stamp stamp(long setupId, Judges judges) {
    return jdbc.sql(STAMP)
        .param("setupId", setupId)
        .param("scripted", judges.scripted())
        .query((row, number) ->
            new Stamp(row.getLong("answers"), row.getLong("newest"), row.getLong("written")))
        .single();
  }

  /// A project's set-ups of other kinds, newest first.
  public List<SetupCount> setups(long projectId) {
    return jdbc.sql(COUNTS)
        .param("projectId", projectId)
        .query((row, number) ->
            new SetupCount(
                row.getLong("id"),
                row.getString("kind"),
                row.getLong("people"),
                row.getLong("scripts")))
        .list();
  }

  /// A task.
  ///
  /// @param answers in the task's own order
  /// @param known what a lead knows of it, as JSON
  public record KindTask(
      long id,
      long setupId,
      String key,
      Question question,
      String prompt,
      List<String> answers,
      long answered,
      @Nullable String known,
      boolean attention) {}

  /// What somebody answered.
  ///
  /// @param right whether it says what is known; null where nothing is
  public record KindSaid(
      String name, Answer answer, String reason, Instant at, @Nullable Boolean right) {}

  /// A task of a project that is no comparison.
  public Optional<KindTask> task(long projectId, long taskId) {
    return jdbc.sql(ONE)
        .param("projectId", projectId)
        .param("taskId", taskId)
        .query(KindView::task)
        .optional();
  }

  /// A set-up's tasks in order of keys.
  ///
  /// @param after the key they come after; empty for the first
  public List<KindTask> tasks(long setupId, String after, int limit) {
    return jdbc.sql(TASKS)
        .param("setupId", setupId)
        .param("after", after)
        .param("limit", limit)
        .query(KindView::task)
        .list();
  }

  public List<KindSaid> said(long taskId) {
    return jdbc.sql(SAID)
        .param("taskId", taskId)
        .query((row, number) ->
            new KindSaid(
                row.getString("display_name"),
                KindJson.answer(row.getString("answer")),
                row.getString("reason"),
                Columns.instant(row, "created_at"),
                Columns.booleanOrNull(row, "found")))
        .list();
  }

  private static KindTask task(ResultSet row, int number) throws SQLException {
    return new KindTask(
        row.getLong("id"),
        row.getLong("setup_id"),
        row.getString("key"),
        KindJson.question(row.getString("question")),
        row.getString("prompt"),
        List.of((String[]) row.getArray("answers").getArray()),
        row.getLong("answered"),
        row.getString("known"),
        row.getBoolean("attention"));
  }

  /// @param answers and languages that were read before, each kept once
  private static KindReading reading(
      ResultSet row, Map<String, Answer> answers, Map<String, String> languages)
      throws SQLException {
    @Nullable String language = row.getString("language");
    return new KindReading(
        row.getLong("task_id"),
        row.getLong("person_id"),
        answer(row.getString("answer"), answers),
        language == null ? null : languages.computeIfAbsent(language, _ -> language),
        Columns.instant(row, "created_at"),
        row.getBoolean("repeated"));
  }

  private static Answer answer(String json, Map<String, Answer> answers) {
    @Nullable Answer known = answers.get(json);
    if (known != null) {
      return known;
    }
    Answer answer = KindJson.answer(json);
    if (json.length() <= LONGEST_KEPT && answers.size() < ANSWERS_KEPT) {
      answers.put(json, answer);
    }
    return answer;
  }
}
