package org.alignmentworkbench.db.view;

import java.util.List;
import org.alignmentworkbench.db.row.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Models and datasets of a project as lists show them.
public final class ModelView {
  private static final String MODELS =
      """
      select m.id, m.name, m.kind, m.artifact_sha256, a.bytes, a.swept_at is not null as swept,
        b.name as base, m.run_id, r.name as run_name, e.id as evaluation_id, e.stage, m.detail,
        m.created_at
      from model m
      join artifact a on a.sha256 = m.artifact_sha256
      left join model b on b.id = m.base_model_id
      left join run r on r.id = m.run_id
      left join lateral (
        select id, stage
        from evaluation
        where model_id = m.id
        order by id desc
        limit 1) e on true
      where m.project_id = :projectId
        and m.id < :before
      order by m.id desc
      limit :limit
      """;
  private static final String DATASETS =
      """
      select d.id, d.name, d.kind, d.artifact_sha256, d.row_count, d.run_id, r.name as run_name,
        d.created_at, coalesce(f.refused_rows, 0) as refused_rows, f.artifact_sha256 as refused_file
      from dataset d
      left join run r on r.id = d.run_id
      left join lateral (
        select b.artifact_sha256, b.refused_rows
        from brought_file b
        where b.dataset_id = d.id
          and b.refusals_sha256 is not null
        order by b.created_at desc, b.artifact_sha256
        limit 1
      ) f on true
      where d.project_id = :projectId
        and d.id < :before
      order by d.id desc
      limit :limit
      """;

  private final JdbcClient jdbc;

  public ModelView(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Newest first.
  ///
  /// @param before only those of lower number
  public List<ModelLine> models(long projectId, long before, int limit) {
    return jdbc.sql(MODELS)
        .param("projectId", projectId)
        .param("before", before)
        .param("limit", limit)
        .query((row, number) ->
            new ModelLine(
                row.getLong("id"),
                row.getString("name"),
                row.getString("kind"),
                row.getString("artifact_sha256"),
                row.getLong("bytes"),
                row.getBoolean("swept"),
                row.getString("base"),
                Columns.longOrNull(row, "run_id"),
                row.getString("run_name"),
                Columns.longOrNull(row, "evaluation_id"),
                row.getString("stage"),
                row.getString("detail"),
                Columns.instant(row, "created_at")))
        .list();
  }

  /// Newest first.
  ///
  /// @param before only those of lower number
  public List<DatasetLine> datasets(long projectId, long before, int limit) {
    return jdbc.sql(DATASETS)
        .param("projectId", projectId)
        .param("before", before)
        .param("limit", limit)
        .query((row, number) ->
            new DatasetLine(
                row.getLong("id"),
                row.getString("name"),
                row.getString("kind"),
                row.getString("artifact_sha256"),
                row.getLong("row_count"),
                row.getLong("refused_rows"),
                row.getString("refused_file"),
                Columns.longOrNull(row, "run_id"),
                row.getString("run_name"),
                Columns.instant(row, "created_at")))
        .list();
  }
}
