package org.alignmentworkbench.db.view;

import java.util.List;
import java.util.Optional;
import org.alignmentworkbench.db.row.Columns;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Prompts by page, and one prompt with what was answered and judged.
public final class PromptView {
  // Filters are written out, so that each has its index.
  private static final String PAGE =
      """
      select p.id, p.key, p.split, p.kind, p.template, left(p.text, 400) as text,
        (select count(*) from response r where r.prompt_id = p.id) as responses
      from prompt p
      where p.project_id = :projectId
        and p.id > :after
      """;
  private static final String OF_SPLIT = "  and p.split = :split\n";
  private static final String OF_KIND = "  and p.kind = :kind\n";
  private static final String IN_ORDER =
      """
      order by p.id
      limit :limit
      """;
  private static final String FIND =
      """
      select p.id, p.project_id, p.key, p.split, p.kind, p.template, p.text, p.task
      from prompt p
      where p.id = :id
      """;
  private static final String SPLITS =
      """
      select split, sum(prompts) as prompts
      from prompt_count
      where project_id = :projectId
        and (:kind::text is null or kind = :kind)
      group by split
      having sum(prompts) > 0
      order by split
      """;
  private static final String KINDS =
      """
      select kind, sum(prompts) as prompts
      from prompt_count
      where project_id = :projectId
        and (:split::text is null or split = :split)
      group by kind
      having sum(prompts) > 0
      order by kind
      """;
  private static final String RESPONSES =
      """
      select r.id, r.round, r.member, m.name as model, m.artifact_sha256, r.sample, r.text,
        r.finish, r.reward, r.log_prob, cardinality(r.token_ids) as tokens, r.checks,
        (select count(*)
          from task t
          join judgement j on j.task_id = t.id
          where t.response_a = r.id or t.response_b = r.id) as judgements
      from response r
      left join model m on m.id = r.model_id
      where r.prompt_id = :promptId
      order by r.round desc, r.member, r.sample
      limit :limit
      """;

  private final JdbcClient jdbc;

  public PromptView(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// A prompt in full.
  ///
  /// @param task the task with its checks, a JSON object
  public record Detail(
      long id,
      long projectId,
      String key,
      String split,
      String kind,
      String template,
      String text,
      String task) {}

  /// A response to a prompt.
  ///
  /// @param model null where the answer came with a file, which then has no tokens here either
  /// @param checks results by check as JSON, null where none were kept
  public record Answer(
      long id,
      int round,
      String member,
      @Nullable String model,
      @Nullable String modelSha256,
      int sample,
      String text,
      String finish,
      @Nullable Double reward,
      @Nullable Double logProb,
      @Nullable Integer tokens,
      @Nullable String checks,
      long judgements) {}

  /// How many prompts have one value of a column.
  public record Count(String value, long prompts) {}

  /// The prompts after an id, in order of ids.
  public List<PromptLine> page(
      long projectId, @Nullable String split, @Nullable String kind, long after, int limit) {
    String filters = (split == null ? "" : OF_SPLIT) + (kind == null ? "" : OF_KIND);
    return jdbc.sql(PAGE + filters + IN_ORDER)
        .param("projectId", projectId)
        .param("split", split)
        .param("kind", kind)
        .param("after", after)
        .param("limit", limit)
        .query((row, number) ->
            new PromptLine(
                row.getLong("id"),
                row.getString("key"),
                row.getString("split"),
                row.getString("kind"),
                row.getString("template"),
                row.getString("text"),
                row.getLong("responses")))
        .list();
  }

  public List<Count> splits(long projectId, @Nullable String kind) {
    return jdbc.sql(SPLITS)
        .param("projectId", projectId)
        .param("kind", kind)
        .query((row, number) -> new Count(row.getString("split"), row.getLong("prompts")))
        .list();
  }

  public List<Count> kinds(long projectId, @Nullable String split) {
    return jdbc.sql(KINDS)
        .param("projectId", projectId)
        .param("split", split)
        .query((row, number) -> new Count(row.getString("kind"), row.getLong("prompts")))
        .list();
  }

  public Optional<Detail> find(long id) {
    return jdbc.sql(FIND)
        .param("id", id)
        .query((row, number) ->
            new Detail(
                row.getLong("id"),
                row.getLong("project_id"),
                row.getString("key"),
                row.getString("split"),
                row.getString("kind"),
                row.getString("template"),
                row.getString("text"),
                row.getString("task")))
        .optional();
  }

  /// Newest rounds first.
  public List<Answer> answers(long promptId, int limit) {
    return jdbc.sql(RESPONSES)
        .param("promptId", promptId)
        .param("limit", limit)
        .query((row, number) ->
            new Answer(
                row.getLong("id"),
                row.getInt("round"),
                row.getString("member"),
                row.getString("model"),
                row.getString("artifact_sha256"),
                row.getInt("sample"),
                row.getString("text"),
                row.getString("finish"),
                Columns.doubleOrNull(row, "reward"),
                Columns.doubleOrNull(row, "log_prob"),
                Columns.intOrNull(row, "tokens"),
                row.getString("checks"),
                row.getLong("judgements")))
        .list();
  }
}
