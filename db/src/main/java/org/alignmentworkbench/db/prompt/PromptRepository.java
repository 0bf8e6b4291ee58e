package org.alignmentworkbench.db.prompt;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Prompts of projects.
public final class PromptRepository {
  private static final String INSERT =
      """
      insert into prompt (project_id, key, split, kind, template, text, task, language)
      select :projectId, n.key, n.split, n.kind, n.template, n.text, n.task::jsonb, n.language
      from unnest(:keys::text[], :splits::text[], :kinds::text[], :templates::text[],
        :texts::text[], :tasks::text[], :languages::text[])
        as n(key, split, kind, template, text, task, language)
      on conflict (project_id, key) do nothing
      """;
  private static final String DIFFERENT =
      """
      select p.key
      from unnest(:keys::text[], :splits::text[], :texts::text[], :tasks::text[])
        as n(key, split, text, task)
      join prompt p on p.project_id = :projectId and p.key = n.key
      where p.split <> n.split
        or p.text <> n.text
        or p.task <> n.task::jsonb
      order by p.key
      limit 1
      """;
  private static final String FIND =
      """
      select id, project_id, key, split, kind, template, text, task
      from prompt
      where id = :id
      """;
  private static final String FIND_BY_KEY =
      """
      select id, project_id, key, split, kind, template, text, task
      from prompt
      where project_id = :projectId
        and key = :key
      """;
  private static final String OF_SPLIT =
      """
      select id, project_id, key, split, kind, template, text, task
      from prompt
      where project_id = :projectId
        and split = :split
      order by key
      """;
  private static final String PAGE =
      """
      select id, project_id, key, split, kind, template, text, task
      from prompt
      where project_id = :projectId
        and key > :after
      order by key
      limit :limit
      """;
  private static final String COUNTS =
      """
      select split, kind, count(*) as prompts
      from prompt
      where project_id = :projectId
      group by split, kind
      order by split, kind
      """;

  private final JdbcClient jdbc;

  public PromptRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// How many prompts of a kind a split has.
  public record Count(Split split, String kind, long prompts) {}

  /// Adds prompts and returns how many were new; one that is there already is left as it is, so a
  /// restarted job may add again.
  ///
  /// @throws IllegalStateException when a key is taken by a different prompt
  public int add(long projectId, List<NewPrompt> prompts) {
    String[] keys = prompts.stream().map(NewPrompt::key).toArray(String[]::new);
    String[] splits = prompts.stream().map(p -> p.split().name()).toArray(String[]::new);
    String[] texts = prompts.stream().map(NewPrompt::text).toArray(String[]::new);
    String[] tasks = prompts.stream().map(NewPrompt::task).toArray(String[]::new);
    int added =
        jdbc.sql(INSERT)
            .param("projectId", projectId)
            .param("keys", keys)
            .param("splits", splits)
            .param("kinds", prompts.stream().map(NewPrompt::kind).toArray(String[]::new))
            .param("templates", prompts.stream().map(NewPrompt::template).toArray(String[]::new))
            .param("texts", texts)
            .param("tasks", tasks)
            .param("languages", prompts.stream().map(NewPrompt::language).toArray(String[]::new))
            .update();
    if (added < prompts.size()) {
      Optional<String> different =
          jdbc.sql(DIFFERENT)
              .param("projectId", projectId)
              .param("keys", keys)
              .param("splits", splits)
              .param("texts", texts)
              .param("tasks", tasks)
              .query((row, number) -> row.getString("key"))
              .optional();
      if (different.isPresent()) {
        throw new IllegalStateException(
            "project " + projectId + " has another prompt under the key " + different.get());
      }
    }
    return added;
  }

  public Optional<Prompt> find(long id) {
    return jdbc.sql(FIND).param("id", id).query(PromptRepository::prompt).optional();
  }

  public Optional<Prompt> findByKey(long projectId, String key) {
    return jdbc.sql(FIND_BY_KEY)
        .param("projectId", projectId)
        .param("key", key)
        .query(PromptRepository::prompt)
        .optional();
  }

  /// All of a split in order of keys, the order that seeds and hashes rely on.
  public List<Prompt> ofSplit(long projectId, Split split) {
    return jdbc.sql(OF_SPLIT)
        .param("projectId", projectId)
        .param("split", split.name())
        .query(PromptRepository::prompt)
        .list();
  }

  /// The page that follows a key; an empty key asks for the first.
  public List<Prompt> page(long projectId, String after, int limit) {
    return jdbc.sql(PAGE)
        .param("projectId", projectId)
        .param("after", after)
        .param("limit", limit)
        .query(PromptRepository::prompt)
        .list();
  }

  public List<Count> counts(long projectId) {
    return jdbc.sql(COUNTS)
        .param("projectId", projectId)
        .query((row, number) ->
            new Count(
                Split.valueOf(row.getString("split")),
                row.getString("kind"),
                row.getLong("prompts")))
        .list();
  }

  private static Prompt prompt(ResultSet row, int number) throws SQLException {
    return new Prompt(
        row.getLong("id"),
        row.getLong("project_id"),
        row.getString("key"),
        Split.valueOf(row.getString("split")),
        row.getString("kind"),
        row.getString("template"),
        row.getString("text"),
        row.getString("task"));
  }
}
