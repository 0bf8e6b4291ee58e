package org.alignmentworkbench.db.task;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignmentworkbench.db.row.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Guidelines: a new text is a new version, so every judgement can name what its annotator read.
public final class GuidelineRepository {
  private static final String PUBLISH =
      """
      insert into guideline (project_id, version, body)
      select :projectId, coalesce(max(version), 0) + 1, :body
      from guideline
      where project_id = :projectId
      returning project_id, version, body, created_at
      """;
  private static final String LATEST =
      """
      select project_id, version, body, created_at
      from guideline
      where project_id = :projectId
      order by version desc
      limit 1
      """;
  private static final String ALL =
      """
      select project_id, version, body, created_at
      from guideline
      where project_id = :projectId
      order by version desc
      """;

  private static final String JUDGEMENTS =
      """
      select j.guideline_version, count(*) as judgements
      from judgement j
      join task t on t.id = j.task_id
      where t.project_id = :projectId
        and j.import_id is null
      group by j.guideline_version
      """;
  private static final String LAST_READ =
      """
      select coalesce(max(guideline), 0)
      from judging_count
      where project_id = :projectId and person_id = :personId
      """;

  private final JdbcClient jdbc;

  public GuidelineRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// @throws org.springframework.dao.DuplicateKeyException when somebody published at the same
  ///   moment
  public Guideline publish(long projectId, String body) {
    return jdbc.sql(PUBLISH)
        .param("projectId", projectId)
        .param("body", body)
        .query(GuidelineRepository::guideline)
        .single();
  }

  public Optional<Guideline> latest(long projectId) {
    return jdbc.sql(LATEST)
        .param("projectId", projectId)
        .query(GuidelineRepository::guideline)
        .optional();
  }

  /// Newest first.
  public List<Guideline> all(long projectId) {
    return jdbc.sql(ALL).param("projectId", projectId).query(GuidelineRepository::guideline).list();
  }

  /// How many judgements were given here under each version; 0 stands for the built-in text.
  public Map<Integer, Long> judgements(long projectId) {
    Map<Integer, Long> counts = new HashMap<>();
    jdbc.sql(JUDGEMENTS)
        .param("projectId", projectId)
        .query(
            (row, number) -> counts.put(row.getInt("guideline_version"), row.getLong("judgements")))
        .list();
    return counts;
  }

  /// The newest version under which a person has judged in a project; 0 where they have not.
  public int lastRead(long projectId, long personId) {
    return jdbc.sql(LAST_READ)
        .param("projectId", projectId)
        .param("personId", personId)
        .query(Integer.class)
        .single();
  }

  private static Guideline guideline(ResultSet row, int number) throws SQLException {
    return new Guideline(
        row.getLong("project_id"),
        row.getInt("version"),
        row.getString("body"),
        Columns.instant(row, "created_at"));
  }
}
