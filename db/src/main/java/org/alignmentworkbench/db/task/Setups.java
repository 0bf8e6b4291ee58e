package org.alignmentworkbench.db.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.alignmentworkbench.db.kind.KindJson;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.row.Columns;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What leads asked for: set-ups, and the tasks that each made of what the project has.
///
/// A task is named by its question, its prompt and its responses. The same set-up again makes
/// nothing, and one that reaches further makes what is new.
public final class Setups {
  private static final String INSERT =
      """
      insert into labelling_setup (project_id, kind, question, overlap, source, tasks, person_id,
        made_at, model_id, repeat_percent, mixed)
      values (:projectId, :kind, :question::jsonb, :overlap, :source::jsonb, 0, :personId, :now,
        :modelId, :repeatPercent, :mixed)
      returning id
      """;
  private static final String COUNT =
      """
      update labelling_setup
      set tasks = :tasks
      where id = :id
      """;
  private static final String FORGET = "delete from labelling_setup where id = :id";
  // Who keeps away from this kind of harm is not asked.
  private static final String SPARE =
      """
      insert into skip (task_id, person_id, reason)
      select t.id, o.person_id, :reason
      from task t
      join labelling_setup u on u.id = t.setup_id
      join harm_opt_out o on o.harm = u.question ->> 'harm'
      where t.setup_id = :setupId
      on conflict (task_id, person_id) do nothing
      """;
  private static final String KEYS =
      """
      select n.ordinality, p.key as prompt_key,
        array(
          select r.key
          from unnest(n.response_ids::bigint[]) with ordinality as x(id, ordinality)
          join response r on r.id = x.id and r.prompt_id = p.id
          order by x.ordinality) as response_keys
      from unnest(:promptIds::bigint[], :responseIds::text[])
        with ordinality as n(prompt_id, response_ids, ordinality)
      join prompt p on p.id = n.prompt_id and p.project_id = :projectId
      order by n.ordinality
      """;
  private static final String INSERT_TASKS =
      """
      with made as (
        insert into task (project_id, key, round, prompt_id, response_a, response_b, shuffle_key,
          overlap, kind, setup_id)
        select :projectId, n.key, 0, n.prompt_id,
          case when :kind = 'PAIR' then n.response_ids[1] end,
          case when :kind = 'PAIR' then n.response_ids[2] end,
          n.shuffle_key, :overlap, :kind, :setupId
        from (
          select key, prompt_id, response_ids::bigint[] as response_ids, shuffle_key
          from unnest(:keys::text[], :promptIds::bigint[], :responseIds::text[],
            :shuffleKeys::bigint[]) as n(key, prompt_id, response_ids, shuffle_key)
        ) n
        on conflict (project_id, key) do nothing
        returning id, key, project_id, prompt_id, shuffle_key
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
  // Each new task is looked up by its key: the database does not know how many there are, and would
  // compare each key with each.
  private static final String INSERT_ANSWERS =
      """
      insert into task_answer (task_id, ordinal, response_id)
      select t.id, x.ordinality - 1, x.id
      from unnest(:keys::text[], :responseIds::text[]) as n(key, response_ids)
      cross join lateral (
        select id
        from task
        where project_id = :projectId
          and key = n.key
          and setup_id = :setupId
        offset 0) t
      cross join unnest(n.response_ids::bigint[]) with ordinality as x(id, ordinality)
      """;
  private static final String OF_PROJECT =
      """
      select u.id, u.project_id, u.question, u.overlap, u.source, u.tasks, u.repeat_percent, u.mixed,
        w.display_name, u.made_at,
        (
          select count(*)
          from judgement j
          join task t on t.id = j.task_id
          where t.setup_id = u.id and j.purpose = 'WORK'
        ) as judged,
        (
          select count(*)
          from slot s
          join task t on t.id = s.task_id
          where t.setup_id = u.id and s.purpose = 'WORK'
        ) as wanted,
        (
          select count(*)
          from judgement j
          join task t on t.id = j.task_id
          where t.setup_id = u.id and j.purpose = 'WORK' and j.answer ->> 'choice' = 'TIE'
        ) as ties,
        (
          select count(*)
          from judgement j
          join task t on t.id = j.task_id
          where t.setup_id = u.id and j.purpose = 'WORK' and j.answer ->> 'choice' = 'BOTH_BAD'
        ) as both_bad
      from labelling_setup u
      join person w on w.id = u.person_id
      where u.project_id = :projectId
      order by u.id desc
      """;
  // Of equal answers to a prompt one is enough: nobody can say which of them is better. Prompts and
  // answers come in an order that their keys alone decide.
  private static final String CANDIDATES =
      """
      select p.id, array(
          select c.id
          from (
            select distinct on (r.text) r.id, r.key
            from response r
            where r.prompt_id = p.id
              and (:modelId::bigint is null or r.model_id = :modelId)
            order by r.text, r.key
          ) c
          order by md5(c.key)
          limit :answers) as response_ids
      from prompt p
      where p.project_id = :projectId
        and (:split::text is null or p.split = :split)
      order by md5(p.key), p.key
      """;

  private static final int HASH_DIGITS = 12;
  private static final int MOST_ANSWERS = 50;

  // A drawn key is below it: comparisons of rounds and mixed set-ups come first.
  private static final long LATER = 1L << 62;
  private static final int DRAWN = 36;
  private static final int SETUPS = 26;

  private final JdbcClient jdbc;

  public Setups(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// What tasks are to be made of.
  ///
  /// @param split prompts of that split, or null for all
  /// @param modelId responses of that model, or null for all
  /// @param answers of a task, as its kind has them
  /// @param most tasks at most
  public record Source(@Nullable String split, @Nullable Long modelId, int answers, int most) {}

  /// What was made.
  ///
  /// @param setupId null where nothing was new
  /// @param made new tasks
  /// @param there tasks that an earlier set-up had made
  public record Made(@Nullable Long setupId, int made, int there) {}

  /// Newest first.
  public List<Setup> ofProject(long projectId) {
    return jdbc.sql(OF_PROJECT).param("projectId", projectId).query(Setups::setup).list();
  }

  /// The prompts of a source with as many of their responses as a task takes: one task of each
  /// response where a task takes one, otherwise one of each prompt that has enough.
  public List<NewWork> candidates(long projectId, TaskKind kind, Source source) {
    boolean several = kind.fewestAnswers() > 1;
    List<NewWork> work = new ArrayList<>();
    List<NewWork> prompts =
        jdbc.sql(CANDIDATES)
            .param("projectId", projectId)
            .param("split", source.split())
            .param("modelId", source.modelId())
            .param("answers", several ? source.answers() : MOST_ANSWERS)
            .query((row, number) ->
                new NewWork(
                    row.getLong("id"), List.of((Long[]) row.getArray("response_ids").getArray())))
            .list();
    for (NewWork prompt : prompts) {
      if (kind.mostAnswers() == 0) {
        work.add(new NewWork(prompt.promptId(), List.of()));
      } else if (!several) {
        prompt.responseIds().forEach(id -> work.add(new NewWork(prompt.promptId(), List.of(id))));
      } else if (prompt.responseIds().size() == source.answers()) {
        work.add(prompt);
      }
    }
    return work.subList(0, Math.min(source.most(), work.size()));
  }

  /// Makes tasks; to be called within a transaction.
  ///
  /// @param source what they are made of, a JSON object, for people who look at it afterwards
  /// @throws IllegalArgumentException when a task has too few or too many responses for its kind,
  ///   or names a prompt of another project or a response to another prompt
  public Made make(
      long projectId,
      Question question,
      int overlap,
      String source,
      List<NewWork> work,
      long personId,
      Instant now) {
    return make(projectId, question, null, overlap, source, work, personId, now);
  }

  /// The same about a model, which a red-team task has and no other.
  public Made make(
      long projectId,
      Question question,
      @Nullable Long modelId,
      int overlap,
      String source,
      List<NewWork> work,
      long personId,
      Instant now) {
    return make(projectId, question, modelId, overlap, 0, false, source, work, personId, now);
  }

  /// The same with repeats, which choices alone have, and in another order.
  ///
  /// @param repeatPercent of the choices somebody is dealt, those they made before, sides swapped
  /// @param mixed whether they are mixed with what waits already; else they come after it
  public Made make(
      long projectId,
      Question question,
      @Nullable Long modelId,
      int overlap,
      int repeatPercent,
      boolean mixed,
      String source,
      List<NewWork> work,
      long personId,
      Instant now) {
    TaskKind kind = question.kind();
    if ((kind == TaskKind.RED_TEAM) != (modelId != null)) {
      throw new IllegalArgumentException(
          "a task of kind %s has %s model".formatted(kind, modelId == null ? "a" : "no"));
    }
    if (repeatPercent < 0
        || repeatPercent > CheckRule.MOST_PERCENT
        || (repeatPercent > 0 && kind != TaskKind.CHOICE)) {
      throw new IllegalArgumentException(
          "repeats must be 0..%d percent of a CHOICE and 0 of other kinds, was %d of a %s"
              .formatted(CheckRule.MOST_PERCENT, repeatPercent, kind));
    }
    for (NewWork one : work) {
      int answers = one.responseIds().size();
      if (answers < kind.fewestAnswers() || answers > kind.mostAnswers()) {
        throw new IllegalArgumentException(
            "prompt %d: a task of kind %s has %d to %d answers, was %d"
                .formatted(
                    one.promptId(), kind, kind.fewestAnswers(), kind.mostAnswers(), answers));
      }
    }
    String written = KindJson.write(question);
    long setupId =
        jdbc.sql(INSERT)
            .param("projectId", projectId)
            .param("kind", kind.name())
            .param("question", written)
            .param("overlap", overlap)
            .param("source", source)
            .param("personId", personId)
            .param("now", Columns.time(now))
            .param("modelId", modelId)
            .param("repeatPercent", repeatPercent)
            .param("mixed", mixed)
            .query(Long.class)
            .single();
    int made =
        insert(
            projectId,
            setupId,
            kind,
            hash(modelId == null ? written : written + modelId),
            overlap,
            mixed,
            work);
    if (made == 0) {
      jdbc.sql(FORGET).param("id", setupId).update();
      return new Made(null, 0, work.size());
    }
    jdbc.sql(COUNT).param("id", setupId).param("tasks", made).update();
    if (kind == TaskKind.RED_TEAM) {
      jdbc.sql(SPARE).param("setupId", setupId).param("reason", RedTeam.OPTED_OUT).update();
    }
    return new Made(setupId, made, work.size() - made);
  }

  private int insert(
      long projectId,
      long setupId,
      TaskKind kind,
      String question,
      int overlap,
      boolean mixed,
      List<NewWork> work) {
    Long[] promptIds = work.stream().map(NewWork::promptId).toArray(Long[]::new);
    String[] responseIds = work.stream().map(Setups::braces).toArray(String[]::new);
    List<String> keys =
        jdbc.sql(KEYS)
            .param("projectId", projectId)
            .param("promptIds", promptIds)
            .param("responseIds", responseIds)
            .query((row, number) -> {
              String[] responses = (String[]) row.getArray("response_keys").getArray();
              if (responses.length != work.get(row.getInt("ordinality") - 1).responseIds().size()) {
                throw new IllegalArgumentException(
                    "prompt %s: not all of %s answer it"
                        .formatted(
                            row.getString("prompt_key"),
                            work.get(row.getInt("ordinality") - 1).responseIds()));
              }
              return "%s/%s:%s:%s"
                  .formatted(
                      kind.name().toLowerCase(Locale.ROOT),
                      question,
                      row.getString("prompt_key"),
                      String.join("~", responses));
            })
            .list();
    if (keys.size() != work.size()) {
      throw new IllegalArgumentException(
          "project %d: %d of %d tasks name a prompt of another project"
              .formatted(projectId, work.size() - keys.size(), work.size()));
    }
    int made =
        jdbc.sql(INSERT_TASKS)
            .param("projectId", projectId)
            .param("kind", kind.name())
            .param("setupId", setupId)
            .param("overlap", overlap)
            .param("keys", keys.toArray(String[]::new))
            .param("promptIds", promptIds)
            .param("responseIds", responseIds)
            .param(
                "shuffleKeys",
                keys.stream()
                    .map(key -> TaskRepository.shuffleKey(projectId, key))
                    .map(drawn -> mixed ? drawn : later(setupId, drawn))
                    .toArray(Long[]::new))
            .query((row, number) -> row.getInt("made"))
            .single();
    if (kind != TaskKind.PAIR) {
      jdbc.sql(INSERT_ANSWERS)
          .param("projectId", projectId)
          .param("setupId", setupId)
          .param("keys", keys.toArray(String[]::new))
          .param("responseIds", responseIds)
          .update();
    }
    return made;
  }

  /// A key by which the tasks of one set-up are shuffled among themselves and come after those of
  /// all before it. The last bits stay, from which it follows what stands left.
  private static long later(long setupId, long drawn) {
    long number = Math.min(setupId, (1L << SETUPS) - 1);
    return LATER | (number << DRAWN) | (drawn & ((1L << DRAWN) - 1));
  }

  private static String braces(NewWork work) {
    return work.responseIds().toString().replace('[', '{').replace(']', '}');
  }

  private static String hash(String question) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(question.getBytes(UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, HASH_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static Setup setup(ResultSet row, int number) throws SQLException {
    return new Setup(
        row.getLong("id"),
        row.getLong("project_id"),
        KindJson.question(row.getString("question")),
        row.getInt("overlap"),
        row.getString("source"),
        row.getInt("tasks"),
        row.getLong("judged"),
        row.getLong("wanted"),
        row.getInt("repeat_percent"),
        row.getBoolean("mixed"),
        new Setup.Undecided(row.getLong("ties"), row.getLong("both_bad")),
        row.getString("display_name"),
        Columns.instant(row, "made_at"));
  }
}
