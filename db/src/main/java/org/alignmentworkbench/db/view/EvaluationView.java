package org.alignmentworkbench.db.view;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.alignmentworkbench.db.row.Columns;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Evaluations with their items' figures, and items by page.
public final class EvaluationView {
  private static final String STAGES =
      """
      select e.id, e.stage, e.summary, e.created_at, e.run_id, r.name as run_name, m.name as model,
        m.artifact_sha256, m.detail as model_detail, m.run_id as model_run_id, m.id as model_id,
        m.base_model_id
      from evaluation e
      join model m on m.id = e.model_id
      left join run r on r.id = e.run_id
      where e.project_id = :projectId
      order by m.id, e.id
      """;
  private static final String RESULTS =
      """
      select i.evaluation_id, i.prompt_id, i.passed, i.utility, i.reward, i.log_ratio
      from evaluation_item i
      join evaluation e on e.id = i.evaluation_id
      where e.project_id = :projectId
      order by i.evaluation_id, i.prompt_id
      """;
  private static final String ITEMS =
      """
      select i.prompt_id, p.key, p.kind, p.template, p.text as prompt, i.text, i.passed, i.checks,
        i.utility, i.reward, i.log_ratio, i.tokens
      from evaluation_item i
      join prompt p on p.id = i.prompt_id
      where i.evaluation_id = :evaluationId
        and i.prompt_id > :after
        and (:passed::boolean is null or i.passed = :passed)
        and (:kind::text is null or p.kind = :kind)
      order by i.prompt_id
      limit :limit
      """;
  private static final String KINDS =
      """
      select p.kind, count(*) as items, count(*) filter (where i.passed) as passed
      from evaluation_item i
      join prompt p on p.id = i.prompt_id
      where i.evaluation_id = :evaluationId
      group by p.kind
      order by p.kind
      """;
  private final JdbcClient jdbc;

  public EvaluationView(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// An evaluated stage.
  ///
  /// @param summary what the evaluation itself measured, a JSON object
  /// @param modelDetail what is known of the model, a JSON object
  /// @param modelRunId the run that made the model
  /// @param baseModelId the model it was made from or sits on
  public record Stage(
      long id,
      String stage,
      String summary,
      Instant createdAt,
      @Nullable Long runId,
      @Nullable String runName,
      String model,
      String modelSha256,
      String modelDetail,
      @Nullable Long modelRunId,
      long modelId,
      @Nullable Long baseModelId) {}

  /// One prompt's figures in one evaluation.
  public record Result(
      long evaluationId,
      long promptId,
      boolean passed,
      double utility,
      @Nullable Double reward,
      @Nullable Double logRatio) {}

  /// One prompt's answer in full.
  ///
  /// @param checks results by check, a JSON array
  public record Item(
      long promptId,
      String key,
      String kind,
      String template,
      String prompt,
      String text,
      boolean passed,
      String checks,
      double utility,
      @Nullable Double reward,
      @Nullable Double logRatio,
      int tokens) {}

  /// How a kind of prompts went.
  public record KindCount(String kind, long items, long passed) {}

  /// In the order in which their models were made: a stage that is measured anew, or late, keeps
  /// its place in the line.
  public List<Stage> stages(long projectId) {
    return jdbc.sql(STAGES)
        .param("projectId", projectId)
        .query((row, number) ->
            new Stage(
                row.getLong("id"),
                row.getString("stage"),
                row.getString("summary"),
                Columns.instant(row, "created_at"),
                Columns.longOrNull(row, "run_id"),
                row.getString("run_name"),
                row.getString("model"),
                row.getString("artifact_sha256"),
                row.getString("model_detail"),
                Columns.longOrNull(row, "model_run_id"),
                row.getLong("model_id"),
                Columns.longOrNull(row, "base_model_id")))
        .list();
  }

  /// Every figure of a project's evaluations, evaluation by evaluation, in order of prompts.
  public List<Result> results(long projectId) {
    return jdbc.sql(RESULTS)
        .param("projectId", projectId)
        .query((row, number) ->
            new Result(
                row.getLong("evaluation_id"),
                row.getLong("prompt_id"),
                row.getBoolean("passed"),
                row.getDouble("utility"),
                Columns.doubleOrNull(row, "reward"),
                Columns.doubleOrNull(row, "log_ratio")))
        .list();
  }

  /// The items after a prompt's id, in order of ids; absent parts do not narrow.
  public List<Item> items(
      long evaluationId, @Nullable Boolean passed, @Nullable String kind, long after, int limit) {
    return jdbc.sql(ITEMS)
        .param("evaluationId", evaluationId)
        .param("passed", passed)
        .param("kind", kind)
        .param("after", after)
        .param("limit", limit)
        .query(EvaluationView::item)
        .list();
  }

  public List<KindCount> kinds(long evaluationId) {
    return jdbc.sql(KINDS)
        .param("evaluationId", evaluationId)
        .query((row, number) ->
            new KindCount(row.getString("kind"), row.getLong("items"), row.getLong("passed")))
        .list();
  }

  private static Item item(ResultSet row, int number) throws SQLException {
    return new Item(
        row.getLong("prompt_id"),
        row.getString("key"),
        row.getString("kind"),
        row.getString("template"),
        row.getString("prompt"),
        row.getString("text"),
        row.getBoolean("passed"),
        row.getString("checks"),
        row.getDouble("utility"),
        Columns.doubleOrNull(row, "reward"),
        Columns.doubleOrNull(row, "log_ratio"),
        row.getInt("tokens"));
  }
}
