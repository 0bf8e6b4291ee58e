package org.alignmentworkbench.db.artifact;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.alignmentworkbench.db.row.Columns;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Which artefacts are checkpoints of which run.
public final class CheckpointRepository {
  private static final String RECORD =
      """
      insert into checkpoint (run_id, stage, step, artifact_sha256, score)
      values (:runId, :stage, :step, :sha256, :score)
      on conflict (run_id, stage, step) do update
      set artifact_sha256 = excluded.artifact_sha256,
          score = excluded.score
      """;
  private static final String OF_RUN =
      """
      select c.run_id, c.stage, c.step, c.artifact_sha256, c.score, c.created_at,
        a.swept_at is not null as swept
      from checkpoint c
      join artifact a on a.sha256 = c.artifact_sha256
      where c.run_id = :runId
      order by c.stage, c.step
      """;
  private static final String LATEST =
      """
      select c.run_id, c.stage, c.step, c.artifact_sha256, c.score, c.created_at,
        a.swept_at is not null as swept
      from checkpoint c
      join artifact a on a.sha256 = c.artifact_sha256
      where c.run_id = :runId
        and c.stage = :stage
        and a.swept_at is null
      order by c.step desc
      limit 1
      """;

  private final JdbcClient jdbc;

  public CheckpointRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Records a checkpoint whose artefact is in the store. A step reached again after a restart
  /// replaces its record.
  ///
  /// @param score smaller is better; null for no ranking, and for a score that is not finite
  public void record(long runId, String stage, long step, String sha256, @Nullable Double score) {
    jdbc.sql(RECORD)
        .param("runId", runId)
        .param("stage", stage)
        .param("step", step)
        .param("sha256", sha256)
        .param("score", score != null && Double.isFinite(score) ? score : null)
        .update();
  }

  public List<Checkpoint> ofRun(long runId) {
    return jdbc.sql(OF_RUN).param("runId", runId).query(CheckpointRepository::checkpoint).list();
  }

  /// The last one whose content is there.
  public Optional<Checkpoint> latest(long runId, String stage) {
    return jdbc.sql(LATEST)
        .param("runId", runId)
        .param("stage", stage)
        .query(CheckpointRepository::checkpoint)
        .optional();
  }

  private static Checkpoint checkpoint(ResultSet row, int number) throws SQLException {
    return new Checkpoint(
        row.getLong("run_id"),
        row.getString("stage"),
        row.getLong("step"),
        row.getString("artifact_sha256"),
        Columns.doubleOrNull(row, "score"),
        Columns.instant(row, "created_at"),
        row.getBoolean("swept"));
  }
}
