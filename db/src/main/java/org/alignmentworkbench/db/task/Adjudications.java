package org.alignmentworkbench.db.task;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.alignmentworkbench.db.row.Columns;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Comparisons of which judges disagree, and what leads decided of them. A decision is never
/// changed: a later one takes its place, and says anew which judgements it is of.
public final class Adjudications {
  private static final String SUMMED =
      """
      with summed as (
        select t.id, t.key, t.round, left(p.text, 400) as prompt, count(*) as judged,
          count(*) filter (where j.strength < 0) as for_a,
          count(*) filter (where j.strength > 0) as for_b,
          max(j.strength) - min(j.strength) as distance,
          exists (select from adjudication d where d.task_id = t.id) as decided
        from task t
        join prompt p on p.id = t.prompt_id
        join judgement j on j.task_id = t.id and not j.scripted and j.purpose <> 'REPEAT'
        where t.project_id = :projectId
          and t.kind = 'PAIR'
        group by t.id, t.key, t.round, p.text
        having count(*) > 1
      )
      """;
  private static final String OPEN =
      SUMMED
          + """
          select id, key, round, prompt, judged, for_a, for_b, distance
          from summed
          where not decided
            and (for_a = for_b or distance >= :distance)
            and key > :after
          order by key
          limit :limit
          """;
  private static final String COUNT =
      SUMMED
          + """
          select count(*) filter (
              where not decided and (for_a = for_b or distance >= :distance)) as open,
            count(*) filter (where decided) as decided
          from summed
          """;
  private static final String SAID =
      """
      select j.id, person.display_name, j.strength, j.reason, j.guideline_version, j.created_at,
        j.purpose
      from judgement j
      join person on person.id = j.person_id
      where j.task_id = :taskId
        and not j.scripted
      order by j.id
      """;
  private static final String WITHDRAWN =
      """
      select w.id, person.display_name, (w.body ->> 'strength')::int as strength, w.why, w.note,
        lead.display_name as withdrawn_by, w.withdrawn_at
      from withdrawn_judgement w
      join person on person.id = w.person_id
      join person lead on lead.id = w.withdrawn_by
      where w.task_id = :taskId
      order by w.withdrawn_at, w.id
      """;
  private static final String DECISIONS =
      """
      select d.id, d.strength, d.reason, d.named, d.of_judgements, lead.display_name, d.decided_at
      from adjudication d
      join person lead on lead.id = d.decided_by
      where d.task_id = :taskId
      order by d.id desc
      """;
  // Held against an annotator who takes a judgement back at this moment.
  private static final String LOCK =
      """
      select id
      from task
      where id = :taskId
      for no key update
      """;
  // The judgements that the lead had before them: one that came or went since then wants another
  // look.
  private static final String DECIDE =
      """
      insert into adjudication (task_id, strength, reason, named, of_judgements, decided_by,
        decided_at)
      select t.id, :strength, :reason, :named, :judgements, :leadId, :now
      from task t
      where t.id = :taskId
        and t.project_id = :projectId
        and array(
          select j.id
          from judgement j
          where j.task_id = t.id and not j.scripted
          order by j.id) = :judgements::bigint[]
      returning id
      """;

  private final JdbcClient jdbc;

  public Adjudications(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// A comparison that waits for a decision.
  ///
  /// @param distance between the two judgements that are furthest apart, 0 to 8
  public record Disputed(
      long taskId,
      String key,
      int round,
      String prompt,
      int judged,
      int forA,
      int forB,
      int distance) {}

  /// How many wait, and how many are decided.
  public record Counts(long open, long decided) {}

  /// A judgement of a comparison.
  ///
  /// @param repeated whether the person judged it before
  public record Said(
      long id,
      String name,
      int strength,
      String reason,
      @Nullable Integer guidelineVersion,
      boolean repeated,
      Instant at) {}

  /// A judgement that counts no more.
  ///
  /// @param undone whether its annotator undid it; else a lead withdrew it
  public record Withdrawn(
      long id, String name, int strength, boolean undone, String note, String by, Instant at) {}

  /// What a lead decided.
  ///
  /// @param strength null where no preference can be had
  /// @param named whether the lead saw who judged
  /// @param judgements those it is of
  public record Decision(
      long id,
      @Nullable Integer strength,
      String reason,
      boolean named,
      List<Long> judgements,
      String by,
      Instant at) {}

  /// The next comparisons without a majority, or with two judgements so far apart, by key.
  ///
  /// @param after a key; empty for the first page
  public List<Disputed> open(long projectId, int distance, String after, int limit) {
    return jdbc.sql(OPEN)
        .param("projectId", projectId)
        .param("distance", distance)
        .param("after", after)
        .param("limit", limit)
        .query((row, number) ->
            new Disputed(
                row.getLong("id"),
                row.getString("key"),
                row.getInt("round"),
                row.getString("prompt"),
                row.getInt("judged"),
                row.getInt("for_a"),
                row.getInt("for_b"),
                row.getInt("distance")))
        .list();
  }

  public Counts counts(long projectId, int distance) {
    return jdbc.sql(COUNT)
        .param("projectId", projectId)
        .param("distance", distance)
        .query((row, number) -> new Counts(row.getLong("open"), row.getLong("decided")))
        .single();
  }

  /// People's judgements of a comparison, in the order in which they came.
  public List<Said> said(long taskId) {
    return jdbc.sql(SAID).param("taskId", taskId).query((row, number) -> said(row)).list();
  }

  public List<Withdrawn> withdrawn(long taskId) {
    return jdbc.sql(WITHDRAWN)
        .param("taskId", taskId)
        .query((row, number) ->
            new Withdrawn(
                row.getLong("id"),
                row.getString("display_name"),
                row.getInt("strength"),
                row.getString("why").equals("UNDO"),
                row.getString("note"),
                row.getString("withdrawn_by"),
                Columns.instant(row, "withdrawn_at")))
        .list();
  }

  /// The last word first.
  public List<Decision> decisions(long taskId) {
    return jdbc.sql(DECISIONS)
        .param("taskId", taskId)
        .query((row, number) ->
            new Decision(
                row.getLong("id"),
                Columns.intOrNull(row, "strength"),
                row.getString("reason"),
                row.getBoolean("named"),
                List.of((Long[]) row.getArray("of_judgements").getArray()),
                row.getString("display_name"),
                Columns.instant(row, "decided_at")))
        .list();
  }

  /// Keeps a decision; empty when the judgements are not those it is of any more. Within the
  /// caller's transaction.
  ///
  /// @param strength -4 (A is much better) to 4 (B is much better); null where no preference can be
  ///   had
  /// @param judgements that the lead saw, in order of their numbers
  public Optional<Long> decide(
      long projectId,
      long taskId,
      @Nullable Integer strength,
      String reason,
      boolean named,
      List<Long> judgements,
      long leadId,
      Instant now) {
    if (strength != null && (strength == 0 || Math.abs(strength) > Submission.STRONGEST)) {
      throw new IllegalArgumentException(
          "the strength must be -4 to -1 or 1 to 4, was " + strength);
    }
    jdbc.sql(LOCK).param("taskId", taskId).query(Long.class).optional();
    return jdbc.sql(DECIDE)
        .param("projectId", projectId)
        .param("taskId", taskId)
        .param("strength", strength, java.sql.Types.SMALLINT)
        .param("reason", reason.replace("\0", ""))
        .param("named", named)
        .param("judgements", judgements.toArray(Long[]::new))
        .param("leadId", leadId)
        .param("now", Columns.time(now))
        .query(Long.class)
        .optional();
  }

  private static Said said(ResultSet row) throws SQLException {
    return new Said(
        row.getLong("id"),
        row.getString("display_name"),
        row.getInt("strength"),
        row.getString("reason"),
        Columns.intOrNull(row, "guideline_version"),
        row.getString("purpose").equals("REPEAT"),
        Columns.instant(row, "created_at"));
  }
}
