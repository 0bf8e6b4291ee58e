package org.alignmentworkbench.db.response;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.alignmentworkbench.db.response.Response.Finish;
import org.alignmentworkbench.db.row.Columns;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Responses of models.
public final class ResponseRepository {
  // token_ids come as one text each ('{1,2}'): an array of arrays would have to be rectangular.
  private static final String INSERT =
      """
      insert into response (project_id, prompt_id, key, round, member, model_id, sample, text,
        token_ids, log_prob, finish, reward, checks, run_id)
      select :projectId, n.prompt_id, n.key, n.round, n.member, n.model_id, n.sample, n.text,
        n.token_ids::int[], n.log_prob, n.finish, n.reward, n.checks::jsonb, n.run_id
      from unnest(:promptIds::bigint[], :keys::text[], :rounds::int[], :members::text[],
        :modelIds::bigint[], :samples::int[], :texts::text[], :tokenIds::text[],
        :logProbs::float8[], :finishes::text[], :rewards::float8[], :checks::text[],
        :runIds::bigint[]) as n(prompt_id, key, round, member, model_id, sample, text,
        token_ids, log_prob, finish, reward, checks, run_id)
      on conflict (project_id, key) do nothing
      """;
  private static final String DIFFERENT =
      """
      select r.key
      from unnest(:keys::text[], :texts::text[], :tokenIds::text[]) as n(key, text, token_ids)
      join response r on r.project_id = :projectId and r.key = n.key
      where r.text <> n.text
        or r.token_ids <> n.token_ids::int[]
      order by r.key
      limit 1
      """;
  private static final String FIND =
      """
      select id, project_id, prompt_id, key, round, member, model_id, sample, text, token_ids,
        log_prob, finish, reward, checks, run_id
      from response
      where id = :id
      """;
  private static final String OF_PROMPT =
      """
      select id, project_id, prompt_id, key, round, member, model_id, sample, text, token_ids,
        log_prob, finish, reward, checks, run_id
      from response
      where prompt_id = :promptId
      order by key
      """;
  private static final String OF_ROUND =
      """
      select id, project_id, prompt_id, key, round, member, model_id, sample, text, token_ids,
        log_prob, finish, reward, checks, run_id
      from response
      where project_id = :projectId
        and round = :round
      order by key
      """;
  private static final String SET_REWARDS =
      """
      update response
      set reward = n.reward
      from unnest(:ids::bigint[], :rewards::float8[]) as n(id, reward)
      where response.id = n.id
      """;
  private static final String SET_CHECKS =
      """
      update response
      set checks = n.checks::jsonb
      from unnest(:ids::bigint[], :checks::text[]) as n(id, checks)
      where response.id = n.id
      """;

  private final JdbcClient jdbc;

  public ResponseRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Adds responses and returns how many were new; one that is there already is left as it is, so a
  /// restarted job may add again.
  ///
  /// @throws IllegalStateException when a key is taken by a different response: the same seed must
  ///   give the same response
  public int add(long projectId, List<NewResponse> responses) {
    String[] keys = strings(responses, NewResponse::key);
    String[] texts = strings(responses, NewResponse::text);
    String[] tokenIds = strings(responses, r -> braces(r.tokenIds()));
    int added =
        jdbc.sql(INSERT)
            .param("projectId", projectId)
            .param("promptIds", responses.stream().map(NewResponse::promptId).toArray(Long[]::new))
            .param("keys", keys)
            .param("rounds", responses.stream().map(NewResponse::round).toArray(Integer[]::new))
            .param("members", strings(responses, NewResponse::member))
            .param("modelIds", responses.stream().map(NewResponse::modelId).toArray(Long[]::new))
            .param("samples", responses.stream().map(NewResponse::sample).toArray(Integer[]::new))
            .param("texts", texts)
            .param("tokenIds", tokenIds)
            .param("logProbs", responses.stream().map(NewResponse::logProb).toArray(Double[]::new))
            .param("finishes", strings(responses, r -> r.finish().name()))
            .param("rewards", responses.stream().map(NewResponse::reward).toArray(Double[]::new))
            .param("checks", strings(responses, NewResponse::checks))
            .param("runIds", responses.stream().map(NewResponse::runId).toArray(Long[]::new))
            .update();
    if (added < responses.size()) {
      Optional<String> different =
          jdbc.sql(DIFFERENT)
              .param("projectId", projectId)
              .param("keys", keys)
              .param("texts", texts)
              .param("tokenIds", tokenIds)
              .query((row, number) -> row.getString("key"))
              .optional();
      if (different.isPresent()) {
        throw new IllegalStateException(
            "project " + projectId + " has another response under the key " + different.get());
      }
    }
    return added;
  }

  public Optional<Response> find(long id) {
    return jdbc.sql(FIND).param("id", id).query(ResponseRepository::response).optional();
  }

  /// In order of keys.
  public List<Response> ofPrompt(long promptId) {
    return jdbc.sql(OF_PROMPT)
        .param("promptId", promptId)
        .query(ResponseRepository::response)
        .list();
  }

  /// In order of keys, the order that seeds and hashes rely on.
  public List<Response> ofRound(long projectId, int round) {
    return jdbc.sql(OF_ROUND)
        .param("projectId", projectId)
        .param("round", round)
        .query(ResponseRepository::response)
        .list();
  }

  /// Reward-model scores by response id.
  public void setRewards(Map<Long, Double> rewards) {
    jdbc.sql(SET_REWARDS)
        .param("ids", rewards.keySet().toArray(Long[]::new))
        .param("rewards", rewards.values().toArray(Double[]::new))
        .update();
  }

  /// Results of the verifiable checks by response id, each a JSON value.
  public void setChecks(Map<Long, String> checks) {
    jdbc.sql(SET_CHECKS)
        .param("ids", checks.keySet().toArray(Long[]::new))
        .param("checks", checks.values().toArray(String[]::new))
        .update();
  }

  private static String[] strings(
      List<NewResponse> responses, Function<NewResponse, @Nullable String> part) {
    return responses.stream().map(part).toArray(String[]::new);
  }

  private static String braces(int[] ids) {
    return Arrays.stream(ids)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static Response response(ResultSet row, int number) throws SQLException {
    return new Response(
        row.getLong("id"),
        row.getLong("project_id"),
        row.getLong("prompt_id"),
        row.getString("key"),
        row.getInt("round"),
        row.getString("member"),
        Columns.longOrNull(row, "model_id"),
        row.getInt("sample"),
        row.getString("text"),
        Columns.ints(row, "token_ids"),
        Columns.doubleOrNull(row, "log_prob"),
        Finish.valueOf(row.getString("finish")),
        Columns.doubleOrNull(row, "reward"),
        row.getString("checks"),
        Columns.longOrNull(row, "run_id"));
  }
}
