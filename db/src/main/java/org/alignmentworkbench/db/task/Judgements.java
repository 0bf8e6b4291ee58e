package org.alignmentworkbench.db.task;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.alignmentworkbench.db.row.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Reads judgements. [Queue] is what writes them.
public final class Judgements {
  private static final String FIND =
      """
      select j.id, j.slot_id, j.task_id, t.key as task_key, s.ordinal, j.person_id, j.strength,
        j.grades -> 'a' ->> 'instructionFollowing' as a_instruction_following,
        j.grades -> 'a' ->> 'concision' as a_concision,
        j.grades -> 'a' ->> 'truthfulness' as a_truthfulness,
        j.grades -> 'a' ->> 'harmlessness' as a_harmlessness,
        j.grades -> 'b' ->> 'instructionFollowing' as b_instruction_following,
        j.grades -> 'b' ->> 'concision' as b_concision,
        j.grades -> 'b' ->> 'truthfulness' as b_truthfulness,
        j.grades -> 'b' ->> 'harmlessness' as b_harmlessness,
        j.reason, j.a_left, j.active_ms, j.guideline_version, j.scripted, j.created_at
      from judgement j
      join slot s on s.id = j.slot_id
      join task t on t.id = j.task_id
      where j.id = :id
      """;
  private static final String OF_PROJECT =
      """
      select j.id, j.slot_id, j.task_id, t.key as task_key, s.ordinal, j.person_id, j.strength,
        j.grades -> 'a' ->> 'instructionFollowing' as a_instruction_following,
        j.grades -> 'a' ->> 'concision' as a_concision,
        j.grades -> 'a' ->> 'truthfulness' as a_truthfulness,
        j.grades -> 'a' ->> 'harmlessness' as a_harmlessness,
        j.grades -> 'b' ->> 'instructionFollowing' as b_instruction_following,
        j.grades -> 'b' ->> 'concision' as b_concision,
        j.grades -> 'b' ->> 'truthfulness' as b_truthfulness,
        j.grades -> 'b' ->> 'harmlessness' as b_harmlessness,
        j.reason, j.a_left, j.active_ms, j.guideline_version, j.scripted, j.created_at
      from judgement j
      join slot s on s.id = j.slot_id
      join task t on t.id = j.task_id
      where t.project_id = :projectId
        and t.kind = 'PAIR'
      order by t.key, s.ordinal
      """;
  private static final String BY_PERSON =
      """
      select j.person_id, p.username, p.scripted, count(*) as judgements,
        sum(j.active_ms) as active_ms
      from judgement j
      join task t on t.id = j.task_id
      join person p on p.id = j.person_id
      where t.project_id = :projectId
      group by j.person_id, p.username, p.scripted
      order by p.username
      """;

  private final JdbcClient jdbc;

  public Judgements(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// How much a person has judged.
  public record ByPerson(
      long personId, String username, boolean scripted, long judgements, long activeMs) {}

  public Optional<Judgement> find(long id) {
    return jdbc.sql(FIND).param("id", id).query(Judgements::judgement).optional();
  }

  /// Of comparisons, in order of task keys and slots, the order that seeds and hashes rely on.
  public List<Judgement> ofProject(long projectId) {
    return jdbc.sql(OF_PROJECT).param("projectId", projectId).query(Judgements::judgement).list();
  }

  /// By user name.
  public List<ByPerson> byPerson(long projectId) {
    return jdbc.sql(BY_PERSON)
        .param("projectId", projectId)
        .query((row, number) ->
            new ByPerson(
                row.getLong("person_id"),
                row.getString("username"),
                row.getBoolean("scripted"),
                row.getLong("judgements"),
                row.getLong("active_ms")))
        .list();
  }

  private static Judgement judgement(ResultSet row, int number) throws SQLException {
    return new Judgement(
        row.getLong("id"),
        row.getLong("slot_id"),
        row.getLong("task_id"),
        row.getString("task_key"),
        row.getInt("ordinal"),
        row.getLong("person_id"),
        row.getInt("strength"),
        Grades.orNull(row, "a_"),
        Grades.orNull(row, "b_"),
        row.getString("reason"),
        Columns.booleanOrNull(row, "a_left"),
        Columns.longOrNull(row, "active_ms"),
        Columns.intOrNull(row, "guideline_version"),
        row.getBoolean("scripted"),
        Columns.instant(row, "created_at"));
  }
}
