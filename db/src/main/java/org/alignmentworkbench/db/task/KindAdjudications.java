package org.alignmentworkbench.db.task;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.AnswerRules;
import org.alignmentworkbench.db.kind.KindJson;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.row.Columns;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Tasks that are no comparisons on which people disagree, and what leads decided of them, under
/// the rules of [Adjudications].
public final class KindAdjudications {
  private static final String DISPUTED =
      """
      from task_dispute a
      where a.setup_id = :setupId
        and a.judged > 1
        and (a.majority is false or a.apart {beyond} :bound)
        and not exists (select from adjudication d where d.task_id = a.task_id)
      """;
  private static final String DECIDED =
      """
      from task_dispute a
      where a.setup_id = :setupId
        and exists (select from adjudication d where d.task_id = a.task_id)
      """;
  private static final String COUNT = "select count(*)\n";
  private static final String LIST =
      """
      select n.task_id, n.key, left(p.text, 400) as prompt, n.judged, n.majority, n.apart
      from (
        select a.task_id, a.key, a.judged, a.majority, a.apart
        {which}
          and a.key > :after
        order by a.key
        limit :limit
      ) n
      join task t on t.id = n.task_id
      join prompt p on p.id = t.prompt_id
      order by n.key
      """;

  private static final String RULE = "select bound from dispute_rule where setup_id = :setupId";
  private static final String SET_RULE =
      """
      insert into dispute_rule (setup_id, bound, set_by, set_at)
      values (:setupId, :bound, :leadId, :now)
      on conflict (setup_id) do update
      set bound = excluded.bound,
          set_by = excluded.set_by,
          set_at = excluded.set_at
      """;

  private static final String SAID =
      """
      select j.id, person.display_name, j.answer, j.reason, j.guideline_version, j.created_at,
        j.purpose
      from judgement j
      join person on person.id = j.person_id
      where j.task_id = :taskId
        and not j.scripted
        and j.answer is not null
      order by j.id
      """;
  private static final String WITHDRAWN =
      """
      select w.id, person.display_name, w.body ->> 'answer' as answer, w.why, w.note,
        lead.display_name as withdrawn_by, w.withdrawn_at
      from withdrawn_judgement w
      join person on person.id = w.person_id
      join person lead on lead.id = w.withdrawn_by
      where w.task_id = :taskId
        and w.body ->> 'answer' is not null
      order by w.withdrawn_at, w.id
      """;
  private static final String DECISIONS =
      """
      select d.id, d.answer, d.chosen_judgement, d.reason, d.named, d.of_judgements,
        lead.display_name, d.decided_at
      from adjudication d
      join person lead on lead.id = d.decided_by
      where d.task_id = :taskId
      order by d.id desc
      """;
  // Held against an annotator who takes an answer back at this moment.
  private static final String LOCK =
      """
      select u.question,
        array(
          select r.text
          from task_answer a
          join response r on r.id = a.response_id
          where a.task_id = t.id
          order by a.ordinal) as answers
      from task t
      join labelling_setup u on u.id = t.setup_id
      where t.id = :taskId
        and t.project_id = :projectId
        and t.kind <> 'PAIR'
      for no key update of t
      """;
  // The answers that the lead had before them: one that came or went since then wants another look.
  private static final String DECIDE =
      """
      insert into adjudication (task_id, answer, chosen_judgement, reason, named, of_judgements,
        decided_by, decided_at)
      select t.id,
        coalesce(:answer::jsonb, (select j.answer from judgement j where j.id = :chosen::bigint)),
        :chosen::bigint, :reason, :named, :judgements, :leadId, :now
      from task t
      where t.id = :taskId
        and array(
          select j.id
          from judgement j
          where j.task_id = t.id and not j.scripted and j.answer is not null
          order by j.id) = :judgements::bigint[]
      returning id
      """;

  private static final String FIGURES =
      """
      select
        (
          select count(*)
          from last_decision d
          join task t on t.id = d.task_id
          where t.setup_id = :setupId
        ) as decided,
        (
          select count(*)
          from last_decision d
          join task t on t.id = d.task_id
          where t.setup_id = :setupId and d.answer is null
        ) as without_answer,
        count(w.id) filter (where w.why = 'LEAD') as withdrawn,
        count(w.id) filter (where w.why = 'UNDO') as undone
      from task t
      join withdrawn_judgement w on w.task_id = t.id
      where t.setup_id = :setupId
      """;
  private static final String COMPARED =
      """
      select t.id, d.answer as decided, j.answer as said
      from task t
      join last_decision d on d.task_id = t.id
      join people_answer j on j.task_id = t.id
      where t.setup_id = :setupId
        and d.answer is not null
      order by t.id, j.id
      """;

  private final JdbcClient jdbc;

  public KindAdjudications(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// A task of a list.
  ///
  /// @param judged people's answers
  /// @param majority whether more than half agree, of grades on each dimension; null where the kind
  ///   is not counted so
  /// @param apart what the rule's bound is held against; null where there is nothing to measure
  public record Disputed(
      long taskId,
      String key,
      String prompt,
      int judged,
      @Nullable Boolean majority,
      @Nullable Double apart) {}

  /// How many wait, and how many are decided.
  public record Counts(long open, long decided) {}

  /// An answer.
  ///
  /// @param repeated whether the person answered before
  public record Said(
      long id,
      String name,
      Answer answer,
      String reason,
      @Nullable Integer guidelineVersion,
      boolean repeated,
      Instant at) {}

  /// An answer that counts no more.
  ///
  /// @param undone whether its annotator took it back; else a lead withdrew it
  public record Withdrawn(
      long id, String name, Answer answer, boolean undone, String note, String by, Instant at) {}

  /// What a lead decided.
  ///
  /// @param answer null where none can be had
  /// @param chosen whose text it is: the number of the judgement; null for an answer of the lead's
  ///   own
  /// @param named whether the lead saw who answered
  /// @param judgements those it is of
  public record Decision(
      long id,
      @Nullable Answer answer,
      @Nullable Long chosen,
      String reason,
      boolean named,
      List<Long> judgements,
      String by,
      Instant at) {
    public Decision {
      judgements = List.copyOf(judgements);
    }
  }

  /// The rule of a set-up: as a lead set it, or the kind's usual one; empty where the kind has
  /// none.
  public Optional<DisputeRule> rule(Setup setup) {
    TaskKind kind = setup.question().kind();
    return DisputeRule.usual(kind)
        .map(usual ->
            jdbc.sql(RULE)
                .param("setupId", setup.id())
                .query(Integer.class)
                .optional()
                .map(bound -> new DisputeRule(kind, bound))
                .orElse(usual));
  }

  public void setRule(long setupId, DisputeRule rule, long leadId, Instant now) {
    jdbc.sql(SET_RULE)
        .param("setupId", setupId)
        .param("bound", rule.bound())
        .param("leadId", leadId)
        .param("now", Columns.time(now))
        .update();
  }

  /// A set-up's next disputed tasks that nobody has decided yet, by key.
  ///
  /// @param after a key; empty for the first page
  public List<Disputed> open(long setupId, DisputeRule rule, String after, int limit) {
    return page(disputed(rule), setupId, after, limit)
        .param("bound", rule.bound())
        .query(KindAdjudications::row)
        .list();
  }

  /// A set-up's next tasks that were decided, by key.
  ///
  /// @param after a key; empty for the first page
  public List<Disputed> decided(long setupId, String after, int limit) {
    return page(DECIDED, setupId, after, limit).query(KindAdjudications::row).list();
  }

  private JdbcClient.StatementSpec page(String which, long setupId, String after, int limit) {
    return jdbc.sql(LIST.replace("{which}", which.strip()))
        .param("setupId", setupId)
        .param("after", after)
        .param("limit", limit);
  }

  public Counts counts(long setupId, DisputeRule rule) {
    return new Counts(
        jdbc.sql(COUNT + disputed(rule))
            .param("setupId", setupId)
            .param("bound", rule.bound())
            .query(Long.class)
            .single(),
        jdbc.sql(COUNT + DECIDED).param("setupId", setupId).query(Long.class).single());
  }

  private static String disputed(DisputeRule rule) {
    return DISPUTED.replace("{beyond}", rule.kind() == TaskKind.SPAN ? "<" : ">=");
  }

  /// People's answers to a task, in the order in which they came.
  public List<Said> said(long taskId) {
    return jdbc.sql(SAID).param("taskId", taskId).query(KindAdjudications::said).list();
  }

  public List<Withdrawn> withdrawn(long taskId) {
    return jdbc.sql(WITHDRAWN)
        .param("taskId", taskId)
        .query((row, number) ->
            new Withdrawn(
                row.getLong("id"),
                row.getString("display_name"),
                KindJson.answer(row.getString("answer")),
                row.getString("why").equals("UNDO"),
                row.getString("note"),
                row.getString("withdrawn_by"),
                Columns.instant(row, "withdrawn_at")))
        .list();
  }

  /// The last word first.
  public List<Decision> decisions(long taskId) {
    return jdbc.sql(DECISIONS).param("taskId", taskId).query(KindAdjudications::decision).list();
  }

  /// What leads decided of a set-up's tasks.
  ///
  /// @param decided tasks
  /// @param withoutAnswer those of them of which no answer can be had
  /// @param withdrawn answers that a lead withdrew
  /// @param undone answers that their annotators took back
  public record Figures(long decided, long withoutAnswer, long withdrawn, long undone) {}

  public Figures figures(long setupId) {
    return jdbc.sql(FIGURES)
        .param("setupId", setupId)
        .query((row, number) ->
            new Figures(
                row.getLong("decided"),
                row.getLong("without_answer"),
                row.getLong("withdrawn"),
                row.getLong("undone")))
        .single();
  }

  /// What was decided of a task, by the last word, beside what one person answered.
  public record Compared(long taskId, Answer decided, Answer said) {}

  /// Each answer of people to a decided task of a set-up, in order of tasks.
  public List<Compared> compared(long setupId) {
    return jdbc.sql(COMPARED)
        .param("setupId", setupId)
        .query((row, number) ->
            new Compared(
                row.getLong("id"),
                KindJson.answer(row.getString("decided")),
                KindJson.answer(row.getString("said"))))
        .list();
  }

  /// What a task asks, and the texts it has.
  private record Asked(Question question, List<String> answers) {}

  /// Keeps a decision; empty when the project has no such task, or its answers are not those that
  /// the decision is of any more. Within the caller's transaction.
  ///
  /// @param judgements that the lead saw, in order of their numbers
  /// @throws IllegalArgumentException where the verdict is none of such a task, with the rule
  public Optional<Long> decide(
      long projectId,
      long taskId,
      Verdict verdict,
      String reason,
      boolean named,
      List<Long> judgements,
      long leadId,
      Instant now) {
    Optional<Asked> asked =
        jdbc.sql(LOCK)
            .param("projectId", projectId)
            .param("taskId", taskId)
            .query(KindAdjudications::asked)
            .optional();
    if (asked.isEmpty()) {
      return Optional.empty();
    }
    check(asked.get(), verdict, judgements);
    return jdbc.sql(DECIDE)
        .param("taskId", taskId)
        .param("answer", verdict instanceof Verdict.Own(var own) ? KindJson.write(own) : null)
        .param("chosen", verdict instanceof Verdict.Counts(long id) ? (Long) id : null)
        .param("reason", reason.replace("\0", ""))
        .param("named", named)
        .param("judgements", judgements.toArray(Long[]::new))
        .param("leadId", leadId)
        .param("now", Columns.time(now))
        .query(Long.class)
        .optional();
  }

  private static void check(Asked asked, Verdict verdict, List<Long> judgements) {
    TaskKind kind = asked.question().kind();
    if (kind == TaskKind.RED_TEAM) {
      throw new IllegalArgumentException(
          "a red-team task is not decided: people ask different things");
    }
    if (judgements.isEmpty()) {
      throw new IllegalArgumentException("judgements must be one or more, are none");
    }
    boolean text = kind == TaskKind.DEMONSTRATION || kind == TaskKind.EDIT;
    switch (verdict) {
      case Verdict.Own(var answer) -> {
        if (text) {
          throw new IllegalArgumentException(
              "of a task of the kind %s one of its texts is chosen, not another written"
                  .formatted(kind));
        }
        AnswerRules.check(asked.question(), asked.answers(), answer);
      }
      case Verdict.Counts(long id) -> {
        if (!text) {
          throw new IllegalArgumentException(
              "of a task of the kind %s the lead's own answer is kept".formatted(kind));
        }
        if (!judgements.contains(id)) {
          throw new IllegalArgumentException(
              "the judgement that counts must be one of %s, was %d".formatted(judgements, id));
        }
      }
      case Verdict.None() -> {}
    }
  }

  private static Asked asked(ResultSet row, int number) throws SQLException {
    return new Asked(
        KindJson.question(row.getString("question")),
        List.of((String[]) row.getArray("answers").getArray()));
  }

  private static Disputed row(ResultSet row, int number) throws SQLException {
    return new Disputed(
        row.getLong("task_id"),
        row.getString("key"),
        row.getString("prompt"),
        row.getInt("judged"),
        Columns.booleanOrNull(row, "majority"),
        Columns.doubleOrNull(row, "apart"));
  }

  private static Said said(ResultSet row, int number) throws SQLException {
    return new Said(
        row.getLong("id"),
        row.getString("display_name"),
        KindJson.answer(row.getString("answer")),
        row.getString("reason"),
        Columns.intOrNull(row, "guideline_version"),
        row.getString("purpose").equals("REPEAT"),
        Columns.instant(row, "created_at"));
  }

  private static Decision decision(ResultSet row, int number) throws SQLException {
    @Nullable String answer = row.getString("answer");
    return new Decision(
        row.getLong("id"),
        answer == null ? null : KindJson.answer(answer),
        Columns.longOrNull(row, "chosen_judgement"),
        row.getString("reason"),
        row.getBoolean("named"),
        List.of((Long[]) row.getArray("of_judgements").getArray()),
        row.getString("display_name"),
        Columns.instant(row, "decided_at"));
  }
}
