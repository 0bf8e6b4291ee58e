package org.alignmentworkbench.db.exchange;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.alignmentworkbench.db.row.Columns;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What was exported: written and read, never changed.
public final class JudgementExports {
  private static final String INSERT =
      """
      insert into judgement_export (project_id, format, artifact_sha256, judged, skipped, withdrawn,
        person_id)
      values (:projectId, :format, :sha256, :judged, :skipped, :withdrawn, :personId)
      returning id
      """;
  private static final String SELECT =
      """
      select e.id, e.project_id, e.format, e.artifact_sha256, a.bytes, e.judged, e.skipped,
        e.withdrawn, p.display_name, e.created_at
      from judgement_export e
      join artifact a on a.sha256 = e.artifact_sha256
      left join person p on p.id = e.person_id
      where e.project_id = :projectId
      """;
  private static final String LATEST =
      SELECT
          + """
            and e.id < :before
          order by e.id desc
          limit :limit
          """;
  private static final String FIND = SELECT + "  and e.id = :id\n";

  private final JdbcClient jdbc;

  public JudgementExports(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  public JudgementExportRow add(
      long projectId,
      String format,
      String artifactSha256,
      long judged,
      long skipped,
      long withdrawn,
      @Nullable Long personId) {
    long id =
        jdbc.sql(INSERT)
            .param("projectId", projectId)
            .param("format", format)
            .param("sha256", artifactSha256)
            .param("judged", judged)
            .param("skipped", skipped)
            .param("withdrawn", withdrawn)
            .param("personId", personId)
            .query(Long.class)
            .single();
    return find(projectId, id).orElseThrow();
  }

  /// Newest first.
  ///
  /// @param before only those of lower number
  public List<JudgementExportRow> latest(long projectId, long before, int limit) {
    return jdbc.sql(LATEST)
        .param("projectId", projectId)
        .param("before", before)
        .param("limit", limit)
        .query(JudgementExports::row)
        .list();
  }

  /// One of this project and no other.
  public Optional<JudgementExportRow> find(long projectId, long id) {
    return jdbc.sql(FIND)
        .param("projectId", projectId)
        .param("id", id)
        .query(JudgementExports::row)
        .optional();
  }

  private static JudgementExportRow row(ResultSet row, int number) throws SQLException {
    return new JudgementExportRow(
        row.getLong("id"),
        row.getLong("project_id"),
        row.getString("format"),
        row.getString("artifact_sha256"),
        row.getLong("bytes"),
        row.getLong("judged"),
        row.getLong("skipped"),
        row.getLong("withdrawn"),
        row.getString("display_name"),
        Columns.instant(row, "created_at"));
  }
}
