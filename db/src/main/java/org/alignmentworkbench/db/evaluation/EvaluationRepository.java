package org.alignmentworkbench.db.evaluation;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.alignmentworkbench.db.row.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Evaluations and their items.
public final class EvaluationRepository {
  // One statement, so an evaluation is never seen with half of its items.
  private static final String SAVE =
      """
      with kept as (
        insert into evaluation (project_id, stage, model_id, run_id, configuration, summary)
        values (:projectId, :stage, :modelId, :runId, :configuration::jsonb, :summary::jsonb)
        on conflict (project_id, stage) do update
        set model_id = excluded.model_id,
            run_id = excluded.run_id,
            configuration = excluded.configuration,
            summary = excluded.summary,
            created_at = excluded.created_at
        returning id
      ), gone as (
        delete from evaluation_item
        using kept
        where evaluation_item.evaluation_id = kept.id
          and evaluation_item.prompt_id <> all(:promptIds::bigint[])
      ), items as (
        insert into evaluation_item (evaluation_id, prompt_id, text, passed, checks, utility, reward,
          log_ratio, tokens)
        select kept.id, n.prompt_id, n.text, n.passed, n.checks::jsonb, n.utility, n.reward,
          n.log_ratio, n.tokens
        from kept
        cross join unnest(:promptIds::bigint[], :texts::text[], :passes::boolean[], :checks::text[],
          :utilities::float8[], :rewards::float8[], :logRatios::float8[], :tokens::int[])
          as n(prompt_id, text, passed, checks, utility, reward, log_ratio, tokens)
        on conflict (evaluation_id, prompt_id) do update
        set text = excluded.text,
            passed = excluded.passed,
            checks = excluded.checks,
            utility = excluded.utility,
            reward = excluded.reward,
            log_ratio = excluded.log_ratio,
            tokens = excluded.tokens
      )
      select id
      from kept
      """;
  private static final String FIND =
      """
      select id, project_id, stage, model_id, run_id, configuration, summary, created_at
      from evaluation
      where id = :id
      """;
  private static final String FIND_BY_STAGE =
      """
      select id, project_id, stage, model_id, run_id, configuration, summary, created_at
      from evaluation
      where project_id = :projectId
        and stage = :stage
      """;
  private static final String OF_PROJECT =
      """
      select id, project_id, stage, model_id, run_id, configuration, summary, created_at
      from evaluation
      where project_id = :projectId
      order by id
      """;
  private static final String ITEMS =
      """
      select i.prompt_id, p.key, p.kind, p.template, p.text as prompt, i.text, i.passed, i.checks,
        i.utility, i.reward, i.log_ratio, i.tokens
      from evaluation_item i
      join prompt p on p.id = i.prompt_id
      where i.evaluation_id = :id
      order by p.key
      """;
  private static final String PAIRED =
      """
      select count(*) filter (where f.passed and s.passed) as both,
        count(*) filter (where f.passed and not s.passed) as only_first,
        count(*) filter (where not f.passed and s.passed) as only_second,
        count(*) filter (where not f.passed and not s.passed) as neither
      from evaluation_item f
      join evaluation_item s on s.prompt_id = f.prompt_id
      where f.evaluation_id = :first
        and s.evaluation_id = :second
      """;

  private final JdbcClient jdbc;

  public EvaluationRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Keeps an evaluation; one of the same stage is replaced, so a restarted step may repeat it.
  ///
  /// @return its id
  public long save(NewEvaluation evaluation, List<NewItem> items) {
    return jdbc.sql(SAVE)
        .param("projectId", evaluation.projectId())
        .param("stage", evaluation.stage())
        .param("modelId", evaluation.modelId())
        .param("runId", evaluation.runId())
        .param("configuration", evaluation.configuration())
        .param("summary", evaluation.summary())
        .param("promptIds", items.stream().map(NewItem::promptId).toArray(Long[]::new))
        .param("texts", items.stream().map(NewItem::text).toArray(String[]::new))
        .param("passes", items.stream().map(NewItem::passed).toArray(Boolean[]::new))
        .param("checks", items.stream().map(NewItem::checks).toArray(String[]::new))
        .param("utilities", items.stream().map(NewItem::utility).toArray(Double[]::new))
        .param("rewards", items.stream().map(NewItem::reward).toArray(Double[]::new))
        .param("logRatios", items.stream().map(NewItem::logRatio).toArray(Double[]::new))
        .param("tokens", items.stream().map(NewItem::tokens).toArray(Integer[]::new))
        .query((row, number) -> row.getLong("id"))
        .single();
  }

  public Optional<Evaluation> find(long id) {
    return jdbc.sql(FIND).param("id", id).query(EvaluationRepository::evaluation).optional();
  }

  public Optional<Evaluation> findByStage(long projectId, String stage) {
    return jdbc.sql(FIND_BY_STAGE)
        .param("projectId", projectId)
        .param("stage", stage)
        .query(EvaluationRepository::evaluation)
        .optional();
  }

  /// In the order they were first made.
  public List<Evaluation> ofProject(long projectId) {
    return jdbc.sql(OF_PROJECT)
        .param("projectId", projectId)
        .query(EvaluationRepository::evaluation)
        .list();
  }

  /// In order of prompt keys.
  public List<Item> items(long id) {
    return jdbc.sql(ITEMS).param("id", id).query(EvaluationRepository::item).list();
  }

  /// Prompt by prompt, how two evaluations compare.
  public PairedPasses paired(long first, long second) {
    return jdbc.sql(PAIRED)
        .param("first", first)
        .param("second", second)
        .query((row, number) ->
            new PairedPasses(
                row.getLong("both"),
                row.getLong("only_first"),
                row.getLong("only_second"),
                row.getLong("neither")))
        .single();
  }

  private static Evaluation evaluation(ResultSet row, int number) throws SQLException {
    return new Evaluation(
        row.getLong("id"),
        row.getLong("project_id"),
        row.getString("stage"),
        row.getLong("model_id"),
        Columns.longOrNull(row, "run_id"),
        row.getString("configuration"),
        row.getString("summary"),
        Columns.instant(row, "created_at"));
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
