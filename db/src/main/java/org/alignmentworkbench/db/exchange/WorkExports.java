package org.alignmentworkbench.db.exchange;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.alignmentworkbench.db.row.Columns;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Files of set-ups' answers that were taken out: written and read, never changed.
public final class WorkExports {
  private static final String INSERT =
      """
      insert into work_export (setup_id, format, artifact_sha256, judged, skipped, withdrawn,
        person_id)
      values (:setupId, :format, :sha256, :judged, :skipped, :withdrawn, :personId)
      on conflict (setup_id, format, artifact_sha256) do nothing
      """;
  private static final String SELECT =
      """
      select e.id, e.setup_id, e.format, e.artifact_sha256, a.bytes, e.judged, e.skipped,
        e.withdrawn, p.display_name, e.created_at
      from work_export e
      join artifact a on a.sha256 = e.artifact_sha256
      left join person p on p.id = e.person_id
      where e.setup_id = :setupId
      """;
  private static final String BY_CONTENT =
      SELECT + "  and e.format = :format\n  and e.artifact_sha256 = :sha256\n";
  private static final String FIND = SELECT + "  and e.id = :id\n";
  private static final String LATEST =
      SELECT
          + """
            and e.id < :before
          order by e.id desc
          limit :limit
          """;

  private final JdbcClient jdbc;

  public WorkExports(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// A file.
  ///
  /// @param judged answers in it, beside `skipped` tasks
  /// @param withdrawn answers in it that count no more; 0 where they were not asked for
  /// @param who took it first; null for a command on the server's own machine
  public record WorkExportRow(
      long id,
      long setupId,
      String format,
      String artifactSha256,
      long bytes,
      long judged,
      long skipped,
      long withdrawn,
      @Nullable String who,
      Instant createdAt) {}

  /// Notes a file, or finds the same one.
  public WorkExportRow add(
      long setupId,
      String format,
      String artifactSha256,
      long judged,
      long skipped,
      long withdrawn,
      @Nullable Long personId) {
    jdbc.sql(INSERT)
        .param("setupId", setupId)
        .param("format", format)
        .param("sha256", artifactSha256)
        .param("judged", judged)
        .param("skipped", skipped)
        .param("withdrawn", withdrawn)
        .param("personId", personId)
        .update();
    return jdbc.sql(BY_CONTENT)
        .param("setupId", setupId)
        .param("format", format)
        .param("sha256", artifactSha256)
        .query(WorkExports::row)
        .single();
  }

  /// One of this set-up and no other.
  public Optional<WorkExportRow> find(long setupId, long id) {
    return jdbc.sql(FIND)
        .param("setupId", setupId)
        .param("id", id)
        .query(WorkExports::row)
        .optional();
  }

  /// Newest first.
  ///
  /// @param before only those of lower number
  public List<WorkExportRow> latest(long setupId, long before, int limit) {
    return jdbc.sql(LATEST)
        .param("setupId", setupId)
        .param("before", before)
        .param("limit", limit)
        .query(WorkExports::row)
        .list();
  }

  private static WorkExportRow row(ResultSet row, int number) throws SQLException {
    return new WorkExportRow(
        row.getLong("id"),
        row.getLong("setup_id"),
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
