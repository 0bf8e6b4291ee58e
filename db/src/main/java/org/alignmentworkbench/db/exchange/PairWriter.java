package org.alignmentworkbench.db.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.alignmentworkbench.db.exchange.BroughtPair.BroughtJudgement;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.prompt.PromptTurn;
import org.alignmentworkbench.db.prompt.PromptTurnRepository;
import org.alignmentworkbench.db.row.Columns;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.task.TaskRepository;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Writes the pairs and judgements of a file into a project, some hundred at a time.
///
/// Everything has a key, and what is there stays as it is: the same pair again is the same
/// comparison, the same judgement again is counted and not written. A key that stands for another
/// text, and a second judgement of one person on one comparison, are refused.
///
/// A file never speaks for an account: its judges become persons of their own who cannot sign in.
/// Only what a person of the same name has judged here already is taken for the same judgement, so
/// that a project's own export changes nothing in it.
public final class PairWriter {
  // Keys are looked up one by one, whatever the database believes of tables that grow meanwhile: to
  // read a whole project for a few hundred keys is never quicker.
  private static final String PROMPTS =
      """
      select p.id, p.key, p.text
      from unnest(:keys::text[]) as wanted
      cross join lateral (
        select id, key, text
        from prompt
        where project_id = :projectId
          and key = wanted
        offset 0) p
      """;
  private static final String INSERT_PROMPTS =
      """
      insert into prompt (project_id, key, split, kind, template, text, task, language, brought_by)
      select :projectId, n.key, 'PREFERENCE', 'IMPORTED', '', n.text, '{}', n.language,
        (select file_sha256 from judgement_import where id = :importId)
      from unnest(:keys::text[], :texts::text[], :languages::text[]) as n(key, text, language)
      returning id, key, text
      """;
  private static final String RESPONSES =
      """
      select r.id, r.key, r.text, p.key as prompt_key
      from unnest(:keys::text[]) as wanted
      cross join lateral (
        select id, key, text, prompt_id
        from response
        where project_id = :projectId
          and key = wanted
        offset 0) r
      cross join lateral (select key from prompt where id = r.prompt_id offset 0) p
      """;
  private static final String INSERT_RESPONSES =
      """
      insert into response (project_id, prompt_id, key, round, member, sample, text, finish,
        brought_by)
      select :projectId, n.prompt_id, n.key, 0, 'imported', 0, n.text, 'STOP',
        (select file_sha256 from judgement_import where id = :importId)
      from unnest(:keys::text[], :promptIds::bigint[], :texts::text[]) as n(key, prompt_id, text)
      returning id, key
      """;
  private static final String TASKS =
      """
      select t.id, t.key, t.response_a, t.response_b
      from unnest(:keys::text[]) as wanted
      cross join lateral (
        select id, key, response_a, response_b
        from task
        where project_id = :projectId
          and key = wanted
        offset 0) t
      """;
  private static final String INSERT_TASKS =
      """
      insert into task (project_id, key, round, prompt_id, response_a, response_b, shuffle_key,
        overlap)
      select :projectId, n.key, n.round, n.prompt_id, n.a, n.b, n.shuffle_key, n.overlap
      from unnest(:keys::text[], :rounds::int[], :promptIds::bigint[], :as::bigint[], :bs::bigint[],
        :shuffleKeys::bigint[], :overlaps::int[])
        as n(key, round, prompt_id, a, b, shuffle_key, overlap)
      returning id, key, response_a, response_b
      """;
  private static final String SLOTS =
      """
      select task_id, ordinal
      from slot
      where task_id = any(:tasks::bigint[])
        and purpose = 'WORK'
      union all
      select task_id, ordinal
      from closed_slot
      where task_id = any(:tasks::bigint[])
      """;
  private static final String SAID =
      """
      select e.task_id, e.strength, e.reason,
        case when p.imported then p.display_name else p.username end as annotator
      from (
        select task_id, person_id, strength, reason
        from judgement
        where purpose <> 'REPEAT'
        union all
        select task_id, person_id, null, reason
        from skip
      ) e
      join person p on p.id = e.person_id
      where e.task_id = any(:tasks::bigint[])
      """;
  // Whom a lead withdrew a judgement from is not asked again, and not heard again by a file either.
  private static final String WITHDRAWN =
      """
      select w.task_id,
        case when p.imported then p.display_name else p.username end as annotator
      from withdrawn_judgement w
      join person p on p.id = w.person_id
      where w.task_id = any(:tasks::bigint[])
        and w.why = 'LEAD'
        and w.body ->> 'purpose' <> 'REPEAT'
      """;
  private static final String INSERT_OPEN =
      """
      insert into slot (task_id, ordinal, project_id, shuffle_key, a_left, language)
      select t.id, n.ordinal, t.project_id, t.shuffle_key, (t.shuffle_key + n.ordinal) % 2 = 0,
        p.language
      from unnest(:tasks::bigint[], :ordinals::int[]) as n(task_id, ordinal)
      join task t on t.id = n.task_id
      join prompt p on p.id = t.prompt_id
      """;
  private static final String INSERT_JUDGEMENTS =
      """
      with n as (
        select *
        from unnest(:tasks::bigint[], :ordinals::int[], :persons::bigint[], :strengths::int[],
          :grades::text[], :reasons::text[], :aLefts::boolean[], :activeMs::bigint[],
          :guidelines::int[], :scripted::boolean[], :ats::timestamptz[])
          as n(task_id, ordinal, person_id, strength, grades, reason, a_left, active_ms,
            guideline_version, scripted, at)
      ), made as (
        insert into slot (task_id, ordinal, project_id, shuffle_key, a_left, done, language)
        select t.id, n.ordinal, t.project_id, t.shuffle_key,
          coalesce(n.a_left, (t.shuffle_key + n.ordinal) % 2 = 0), true, p.language
        from n
        join task t on t.id = n.task_id
        join prompt p on p.id = t.prompt_id
        returning id, task_id, ordinal
      )
      insert into judgement (slot_id, task_id, person_id, strength, grades, reason, a_left,
        active_ms, guideline_version, scripted, idempotency_key, created_at, import_id)
      select made.id, n.task_id, n.person_id, n.strength, n.grades::jsonb, n.reason, n.a_left,
        n.active_ms, n.guideline_version, n.scripted, gen_random_uuid(), coalesce(n.at, now()),
        :importId
      from n
      join made on made.task_id = n.task_id and made.ordinal = n.ordinal
      """;
  private static final String INSERT_SKIPS =
      """
      insert into skip (task_id, person_id, reason, at)
      select n.task_id, n.person_id, n.reason, coalesce(n.at, now())
      from unnest(:tasks::bigint[], :persons::bigint[], :reasons::text[], :ats::timestamptz[])
        as n(task_id, person_id, reason, at)
      """;
  private static final String SET_OVERLAP =
      """
      update task
      set overlap = least(20, greatest(overlap,
        (select count(*) from slot s where s.task_id = task.id and s.purpose = 'WORK')::int))
      where id = any(:tasks::bigint[])
      """;
  private static final String PERSON =
      """
      with made as (
        insert into person (username, display_name, role, scripted, active, imported)
        values (:username, :name, 'ANNOTATOR', :scripted, false, true)
        on conflict (username) do nothing
        returning id
      )
      select id
      from made
      union all
      select id
      from person
      where username = :username
      limit 1
      """;

  private static final String SURVEY = "analyze prompt, response, task, slot, judgement, skip";

  private static final String KEY_TAKEN = "KEY_TAKEN";
  private static final String WITHDRAWN_BEFORE = "WITHDRAWN";
  private static final String OTHER_JUDGEMENT = "OTHER_JUDGEMENT";
  private static final int NAME_DIGITS = 24;

  private final JdbcClient jdbc;
  private final long projectId;
  private final long seed;
  private final long importId;
  private final int overlap;
  private final Map<Judge, Long> persons = new HashMap<>();

  /// @param seed of the project: the order of new comparisons depends on it
  /// @param overlap judgements wanted of a pair that comes without one
  public PairWriter(JdbcClient jdbc, long projectId, long seed, long importId, int overlap) {
    this.jdbc = jdbc;
    this.projectId = projectId;
    this.seed = seed;
    this.importId = importId;
    this.overlap = overlap;
  }

  /// Lets the database look at what many rows have become of the tables, once they are committed:
  /// until it has, it plans the desk's questions for the tables as they were, which may take it
  /// through every row.
  public static void survey(JdbcClient jdbc) {
    jdbc.sql(SURVEY).update();
  }

  /// What became of some pairs.
  public record Result(ImportCounts counts, List<Refusal> refusals) {}

  private record Judge(String name, boolean scripted) {}

  private record Text(long id, String text) {}

  private record Response(long id, String text, String promptKey) {}

  private record Task(long id, long a, long b) {}

  private record Said(@Nullable Integer strength, String reason) {}

  /// A judgement or skip with its place.
  private record Placed(long taskId, int ordinal, long personId, BroughtJudgement judgement) {}

  /// Writes pairs in the order of the file, within the caller's transaction.
  public Result write(List<BroughtPair> pairs) {
    List<Refusal> refusals = new ArrayList<>();
    List<BroughtPair> fit = texts(pairs, refusals);
    Set<String> fresh = new HashSet<>();
    Map<String, Task> tasks = tasks(fit, fresh, refusals);
    ImportCounts counts = judgements(fit, tasks, fresh, refusals);
    return new Result(
        counts.plus(new ImportCounts(0, fresh.size(), 0, 0, 0, refusals.size())), refusals);
  }

  /// Makes the prompts and responses that are not there, and gives the pairs whose keys stand for
  /// their texts.
  private List<BroughtPair> texts(List<BroughtPair> pairs, List<Refusal> refusals) {
    Map<String, Text> prompts = prompts(keys(pairs, BroughtPair::promptKey));
    Map<String, Response> responses = new HashMap<>();
    jdbc.sql(RESPONSES)
        .param("projectId", projectId)
        .param("keys", keys(pairs, BroughtPair::keyA, BroughtPair::keyB))
        .query(row -> {
          responses.put(
              row.getString("key"),
              new Response(row.getLong("id"), row.getString("text"), row.getString("prompt_key")));
        });
    Map<String, String> newPrompts = new LinkedHashMap<>();
    Map<String, String> languages = new HashMap<>();
    Map<String, List<PromptTurn>> newTurns = new LinkedHashMap<>();
    Map<String, Response> newResponses = new LinkedHashMap<>();
    List<BroughtPair> fit = new ArrayList<>();
    for (BroughtPair pair : pairs) {
      @Nullable Text prompt = prompts.get(pair.promptKey());
      String promptText = prompt == null ? newPrompts.get(pair.promptKey()) : prompt.text();
      if (promptText != null && !promptText.equals(pair.prompt())) {
        refusals.add(taken(pair, "prompt", pair.promptKey()));
      } else if (other(pair, pair.keyA(), pair.textA(), responses, newResponses)) {
        refusals.add(taken(pair, "answer", pair.keyA()));
      } else if (other(pair, pair.keyB(), pair.textB(), responses, newResponses)) {
        refusals.add(taken(pair, "answer", pair.keyB()));
      } else {
        if (pair.language() != null && prompt == null) {
          languages.putIfAbsent(pair.promptKey(), pair.language());
        }
        if (promptText == null) {
          newPrompts.put(pair.promptKey(), pair.prompt());
          newTurns.put(pair.promptKey(), pair.turns());
        }
        plan(pair, pair.keyA(), pair.textA(), responses, newResponses);
        plan(pair, pair.keyB(), pair.textB(), responses, newResponses);
        fit.add(pair);
      }
    }
    jdbc.sql(INSERT_PROMPTS)
        .param("projectId", projectId)
        .param("importId", importId)
        .param("keys", newPrompts.keySet().toArray(String[]::new))
        .param("texts", newPrompts.values().toArray(String[]::new))
        .param("languages", newPrompts.keySet().stream().map(languages::get).toArray(String[]::new))
        .query(row -> {
          prompts.put(row.getString("key"), new Text(row.getLong("id"), row.getString("text")));
        });
    Map<Long, List<PromptTurn>> turns = new LinkedHashMap<>();
    newTurns.forEach((key, said) -> turns.put(found(prompts, key).id(), said));
    new PromptTurnRepository(jdbc).add(turns);
    jdbc.sql(INSERT_RESPONSES)
        .param("projectId", projectId)
        .param("importId", importId)
        .param("keys", newResponses.keySet().toArray(String[]::new))
        .param(
            "promptIds",
            newResponses.values().stream()
                .map(response -> found(prompts, response.promptKey()).id())
                .toArray(Long[]::new))
        .param("texts", newResponses.values().stream().map(Response::text).toArray(String[]::new))
        .query(row -> {});
    return fit;
  }

  private static Refusal taken(BroughtPair pair, String what, String key) {
    return new Refusal(
        pair.row(), KEY_TAKEN, "the " + what + " '" + key + "' has another text in this project");
  }

  private static boolean other(
      BroughtPair pair,
      String key,
      String text,
      Map<String, Response> there,
      Map<String, Response> planned) {
    @Nullable Response known = there.getOrDefault(key, planned.get(key));
    return known != null
        && (!known.text().equals(text) || !known.promptKey().equals(pair.promptKey()));
  }

  private static void plan(
      BroughtPair pair,
      String key,
      String text,
      Map<String, Response> there,
      Map<String, Response> planned) {
    if (!there.containsKey(key)) {
      planned.put(key, new Response(0, text, pair.promptKey()));
    }
  }

  private Map<String, Text> prompts(String[] keys) {
    Map<String, Text> prompts = new HashMap<>();
    jdbc.sql(PROMPTS)
        .param("projectId", projectId)
        .param("keys", keys)
        .query(row -> {
          prompts.put(row.getString("key"), new Text(row.getLong("id"), row.getString("text")));
        });
    return prompts;
  }

  /// The comparisons of pairs by key, made where they are not there; pairs whose key stands for
  /// other answers are taken out of `fit`.
  private Map<String, Task> tasks(
      List<BroughtPair> fit, Set<String> fresh, List<Refusal> refusals) {
    Map<String, Task> tasks = new HashMap<>();
    read(
        jdbc.sql(TASKS).param("projectId", projectId).param("keys", keys(fit, BroughtPair::pair)),
        tasks);
    Map<String, Text> prompts = prompts(keys(fit, BroughtPair::promptKey));
    Map<String, Long> responses = new HashMap<>();
    jdbc.sql(RESPONSES)
        .param("projectId", projectId)
        .param("keys", keys(fit, BroughtPair::keyA, BroughtPair::keyB))
        .query(row -> {
          responses.put(row.getString("key"), row.getLong("id"));
        });
    Map<String, BroughtPair> made = new LinkedHashMap<>();
    fit.removeIf(pair -> {
      @Nullable Task task = tasks.get(pair.pair());
      @Nullable BroughtPair planned = made.get(pair.pair());
      boolean same =
          task != null
              ? task.a() == found(responses, pair.keyA())
                  && task.b() == found(responses, pair.keyB())
              : planned == null
                  || (planned.keyA().equals(pair.keyA()) && planned.keyB().equals(pair.keyB()));
      if (!same) {
        refusals.add(
            new Refusal(
                pair.row(),
                KEY_TAKEN,
                "the pair '" + pair.pair() + "' has other answers in this project"));
      } else if (task == null) {
        made.putIfAbsent(pair.pair(), pair);
      }
      return !same;
    });
    List<BroughtPair> planned = List.copyOf(made.values());
    read(
        jdbc.sql(INSERT_TASKS)
            .param("projectId", projectId)
            .param("keys", planned.stream().map(BroughtPair::pair).toArray(String[]::new))
            .param("rounds", planned.stream().map(BroughtPair::round).toArray(Integer[]::new))
            .param(
                "promptIds",
                planned.stream()
                    .map(pair -> found(prompts, pair.promptKey()).id())
                    .toArray(Long[]::new))
            .param(
                "as",
                planned.stream().map(pair -> found(responses, pair.keyA())).toArray(Long[]::new))
            .param(
                "bs",
                planned.stream().map(pair -> found(responses, pair.keyB())).toArray(Long[]::new))
            .param(
                "shuffleKeys",
                planned.stream()
                    .map(pair -> TaskRepository.shuffleKey(seed, pair.pair()))
                    .toArray(Long[]::new))
            .param(
                "overlaps",
                planned.stream()
                    .map(pair -> pair.judgement() == null ? overlap : 1)
                    .toArray(Integer[]::new)),
        tasks);
    fresh.addAll(made.keySet());
    return tasks;
  }

  private static void read(JdbcClient.StatementSpec query, Map<String, Task> tasks) {
    query.query(row -> {
      tasks.put(
          row.getString("key"),
          new Task(row.getLong("id"), row.getLong("response_a"), row.getLong("response_b")));
    });
  }

  private ImportCounts judgements(
      List<BroughtPair> fit, Map<String, Task> tasks, Set<String> fresh, List<Refusal> refusals) {
    Long[] ids =
        fit.stream().map(pair -> found(tasks, pair.pair()).id()).distinct().toArray(Long[]::new);
    Map<Long, Set<Integer>> used = new HashMap<>();
    jdbc.sql(SLOTS)
        .param("tasks", ids)
        .query(row -> {
          used.computeIfAbsent(row.getLong("task_id"), _ -> new HashSet<>())
              .add(row.getInt("ordinal"));
        });
    Map<Long, Map<String, List<Said>>> said = new HashMap<>();
    jdbc.sql(SAID)
        .param("tasks", ids)
        .query(row -> {
          of(said, row.getLong("task_id"), row.getString("annotator"))
              .add(new Said(Columns.intOrNull(row, "strength"), row.getString("reason")));
        });
    Map<Long, Set<String>> withdrawn = new HashMap<>();
    jdbc.sql(WITHDRAWN)
        .param("tasks", ids)
        .query(row -> {
          withdrawn
              .computeIfAbsent(row.getLong("task_id"), _ -> new HashSet<>())
              .add(row.getString("annotator"));
        });
    List<Placed> judged = new ArrayList<>();
    List<Placed> skipped = new ArrayList<>();
    List<Long> openTasks = new ArrayList<>();
    List<Integer> openOrdinals = new ArrayList<>();
    Set<String> opened = new HashSet<>();
    long there = 0;
    for (BroughtPair pair : fit) {
      long task = found(tasks, pair.pair()).id();
      Set<Integer> ordinals = used.computeIfAbsent(task, _ -> new HashSet<>());
      @Nullable BroughtJudgement judgement = pair.judgement();
      if (judgement == null) {
        if (fresh.contains(pair.pair()) && opened.add(pair.pair())) {
          for (int i = 0; i < overlap; i++) {
            openTasks.add(task);
            openOrdinals.add(free(ordinals));
          }
        } else {
          there++;
        }
        continue;
      }
      opened.add(pair.pair());
      List<Said> earlier = of(said, task, judgement.annotator());
      Said now = new Said(judgement.strength(), judgement.reason());
      if (earlier.contains(now)) {
        there++;
      } else if (earlier.stream()
          .anyMatch(e -> (e.strength() == null) == (now.strength() == null))) {
        refusals.add(
            new Refusal(
                pair.row(),
                OTHER_JUDGEMENT,
                "'%s' has said something else of this pair: %s, not %s"
                    .formatted(
                        judgement.annotator(),
                        earlier.getFirst().strength() == null
                            ? "a skip"
                            : earlier.getFirst().strength(),
                        now.strength() == null ? "a skip" : now.strength())));
      } else if (now.strength() != null
          && withdrawn.getOrDefault(task, Set.of()).contains(judgement.annotator())) {
        refusals.add(
            new Refusal(
                pair.row(),
                WITHDRAWN_BEFORE,
                "a lead has withdrawn what '%s' said of this pair"
                    .formatted(judgement.annotator())));
      } else {
        earlier.add(now);
        long person = person(new Judge(judgement.annotator(), judgement.scripted()));
        if (judgement.strength() == null) {
          skipped.add(new Placed(task, 0, person, judgement));
        } else {
          @Nullable Integer wanted = judgement.ordinal();
          int ordinal = wanted != null && ordinals.add(wanted) ? wanted : free(ordinals);
          judged.add(new Placed(task, ordinal, person, judgement));
        }
      }
    }
    write(judged, skipped, openTasks, openOrdinals);
    return new ImportCounts(0, 0, judged.size(), skipped.size(), there, 0);
  }

  private static List<Said> of(
      Map<Long, Map<String, List<Said>>> said, long task, String annotator) {
    return said.computeIfAbsent(task, _ -> new HashMap<>())
        .computeIfAbsent(annotator, _ -> new ArrayList<>());
  }

  /// Takes the first free ordinal.
  private static int free(Set<Integer> used) {
    int ordinal = 0;
    while (!used.add(ordinal)) {
      ordinal++;
    }
    return ordinal;
  }

  private void write(
      List<Placed> judged, List<Placed> skipped, List<Long> openTasks, List<Integer> openOrdinals) {
    jdbc.sql(INSERT_OPEN)
        .param("tasks", openTasks.toArray(Long[]::new))
        .param("ordinals", openOrdinals.toArray(Integer[]::new))
        .update();
    jdbc.sql(INSERT_JUDGEMENTS)
        .param("tasks", judged.stream().map(Placed::taskId).toArray(Long[]::new))
        .param("ordinals", judged.stream().map(Placed::ordinal).toArray(Integer[]::new))
        .param("persons", judged.stream().map(Placed::personId).toArray(Long[]::new))
        .param("strengths", each(judged, BroughtJudgement::strength).toArray(Integer[]::new))
        .param("grades", each(judged, PairWriter::grades).toArray(String[]::new))
        .param("reasons", each(judged, BroughtJudgement::reason).toArray(String[]::new))
        .param("aLefts", each(judged, BroughtJudgement::aLeft).toArray(Boolean[]::new))
        .param("activeMs", each(judged, BroughtJudgement::activeMs).toArray(Long[]::new))
        .param(
            "guidelines", each(judged, BroughtJudgement::guidelineVersion).toArray(Integer[]::new))
        .param("scripted", each(judged, BroughtJudgement::scripted).toArray(Boolean[]::new))
        .param("ats", each(judged, PairWriter::at).toArray(String[]::new))
        .param("importId", importId)
        .update();
    jdbc.sql(INSERT_SKIPS)
        .param("tasks", skipped.stream().map(Placed::taskId).toArray(Long[]::new))
        .param("persons", skipped.stream().map(Placed::personId).toArray(Long[]::new))
        .param("reasons", each(skipped, BroughtJudgement::reason).toArray(String[]::new))
        .param("ats", each(skipped, PairWriter::at).toArray(String[]::new))
        .update();
    // A pair without a judgement was made with its overlap.
    jdbc.sql(SET_OVERLAP)
        .param("tasks", judged.stream().map(Placed::taskId).distinct().toArray(Long[]::new))
        .update();
  }

  private static <T> List<@Nullable T> each(
      List<Placed> placed, Function<BroughtJudgement, @Nullable T> part) {
    List<@Nullable T> parts = new ArrayList<>();
    for (Placed one : placed) {
      parts.add(part.apply(one.judgement()));
    }
    return parts;
  }

  private static String grades(BroughtJudgement judgement) {
    List<String> sides = new ArrayList<>();
    put(sides, "a", judgement.gradesA());
    put(sides, "b", judgement.gradesB());
    return "{" + String.join(",", sides) + "}";
  }

  private static void put(List<String> sides, String side, @Nullable Grades grades) {
    if (grades != null) {
      sides.add("\"" + side + "\":" + grades.toJson());
    }
  }

  private static @Nullable String at(BroughtJudgement judgement) {
    return judgement.at() == null ? null : judgement.at().toString();
  }

  private long person(Judge judge) {
    return persons.computeIfAbsent(
        judge,
        _ ->
            jdbc.sql(PERSON)
                .param("username", username(judge))
                .param("name", judge.name())
                .param("scripted", judge.scripted())
                .query(Long.class)
                .single());
  }

  /// A name that nobody could choose to pass for the account of that name, one for each project.
  private String username(Judge judge) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((projectId + "/" + judge.scripted() + "/" + judge.name()).getBytes(UTF_8));
      return PersonRepository.IMPORTED + HexFormat.of().formatHex(hash).substring(0, NAME_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static <T> T found(Map<String, T> byKey, String key) {
    @Nullable T value = byKey.get(key);
    if (value == null) {
      throw new IllegalStateException("'" + key + "' was neither there nor made");
    }
    return value;
  }

  /// Each key once, in no order.
  @SafeVarargs
  private static String[] keys(List<BroughtPair> pairs, Function<BroughtPair, String>... parts) {
    Set<String> keys = new HashSet<>();
    for (BroughtPair pair : pairs) {
      for (Function<BroughtPair, String> part : parts) {
        keys.add(part.apply(pair));
      }
    }
    return keys.toArray(String[]::new);
  }
}
