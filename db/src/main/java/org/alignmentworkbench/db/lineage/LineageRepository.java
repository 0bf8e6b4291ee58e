package org.alignmentworkbench.db.lineage;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignmentworkbench.db.artifact.Artifact.Kind;
import org.alignmentworkbench.db.row.Columns;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What was made from what: artefacts in both directions, and through datasets down to single
/// prompts, responses and judgements and up again.
public final class LineageRepository {
  private static final String INSERT =
      """
      insert into artifact_edge (parent_sha256, child_sha256, role, run_id)
      values (:parent, :child, :role, :runId)
      on conflict (parent_sha256, child_sha256, role) do nothing
      """;
  private static final String COUNT =
      """
      select count(*)
      from artifact_edge
      """;
  // `union`, not `union all`: an edge that was found is not followed again, so a walk always ends.
  private static final String UPWARDS =
      """
      with recursive walk as (
        select parent_sha256, child_sha256, role, run_id
        from artifact_edge
        where child_sha256 = :sha256
        union
        select e.parent_sha256, e.child_sha256, e.role, e.run_id
        from walk w
        join artifact_edge e on e.child_sha256 = w.parent_sha256
      )
      select parent_sha256, child_sha256, role, run_id
      from walk
      order by child_sha256, parent_sha256, role
      """;
  private static final String DOWNWARDS =
      """
      with recursive walk as (
        select parent_sha256, child_sha256, role, run_id
        from artifact_edge
        where parent_sha256 = :sha256
        union
        select e.parent_sha256, e.child_sha256, e.role, e.run_id
        from walk w
        join artifact_edge e on e.parent_sha256 = w.child_sha256
      )
      select parent_sha256, child_sha256, role, run_id
      from walk
      order by child_sha256, parent_sha256, role
      """;
  private static final String NODES =
      """
      select a.sha256, a.kind, a.bytes, a.swept_at is not null as swept,
        array(
          select name from model m where m.artifact_sha256 = a.sha256
          union
          select name from dataset d where d.artifact_sha256 = a.sha256
          union
          select name from brought_file f where f.artifact_sha256 = a.sha256
          order by 1) as names
      from artifact a
      where a.sha256 = any(:sha256s)
      """;
  private static final String DATASETS_BEHIND =
      """
      with recursive walk as (
        select :sha256 as sha256
        union
        select e.parent_sha256
        from walk w
        join artifact_edge e on e.child_sha256 = w.sha256
      )
      select d.id, d.name, d.artifact_sha256, count(r.ordinal) as row_count,
        count(distinct r.prompt_id) as prompts,
        (
          select count(distinct answer)
          from dataset_row a
          cross join unnest(array[a.response_id, a.other_id]) as answer
          where a.dataset_id = d.id) as responses,
        count(distinct r.judgement_id) as judgements
      from walk w
      join dataset d on d.artifact_sha256 = w.sha256
      left join dataset_row r on r.dataset_id = d.id
      group by d.id, d.name, d.artifact_sha256
      order by d.id
      """;
  private static final String USE_OF_PROMPT =
      """
      with recursive used as (
        select d.id, d.name, d.artifact_sha256, array_agg(r.ordinal order by r.ordinal) as ordinals
        from dataset_row r
        join dataset d on d.id = r.dataset_id
        where r.prompt_id = :id
        group by d.id, d.name, d.artifact_sha256
      ), walk as (
        select id, artifact_sha256 as sha256
        from used
        union
        select w.id, e.child_sha256
        from walk w
        join artifact_edge e on e.parent_sha256 = w.sha256
      )
      select u.id, u.name, u.artifact_sha256, u.ordinals,
        array(
          select m.name
          from walk w
          join model m on m.artifact_sha256 = w.sha256
          where w.id = u.id
          order by m.id) as models
      from used u
      order by u.id
      """;
  private static final String USE_OF_RESPONSE =
      USE_OF_PROMPT.replace("r.prompt_id = :id", ":id in (r.response_id, r.other_id)");
  private static final String USE_OF_JUDGEMENT =
      USE_OF_PROMPT.replace("r.prompt_id = :id", "r.judgement_id = :id");

  private final JdbcClient jdbc;

  public LineageRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// How many edges stand in the database.
  public long edges() {
    return jdbc.sql(COUNT).query(Long.class).single();
  }

  /// Notes that `child` was made from `parent`. Noting it again changes nothing.
  public void edge(String parent, String child, String role, @Nullable Long runId) {
    jdbc.sql(INSERT)
        .param("parent", parent)
        .param("child", child)
        .param("role", role)
        .param("runId", runId)
        .update();
  }

  /// Everything the artefact was made from.
  public Lineage ancestors(String sha256) {
    return lineage(sha256, edges(UPWARDS, sha256), Edge::child, Edge::parent);
  }

  /// Everything that was made from the artefact.
  public Lineage descendants(String sha256) {
    return lineage(sha256, edges(DOWNWARDS, sha256), Edge::parent, Edge::child);
  }

  /// The datasets the artefact was made from, itself included if it is one.
  public List<DatasetBehind> datasetsBehind(String sha256) {
    return jdbc.sql(DATASETS_BEHIND)
        .param("sha256", sha256)
        .query((row, number) ->
            new DatasetBehind(
                row.getLong("id"),
                row.getString("name"),
                row.getString("artifact_sha256"),
                row.getLong("row_count"),
                row.getLong("prompts"),
                row.getLong("responses"),
                row.getLong("judgements")))
        .list();
  }

  /// Who trained on this prompt?
  public List<RowUse> usesOfPrompt(long promptId) {
    return uses(USE_OF_PROMPT, promptId);
  }

  /// Who trained on this response, on either side of a row?
  public List<RowUse> usesOfResponse(long responseId) {
    return uses(USE_OF_RESPONSE, responseId);
  }

  /// Who trained on this judgement?
  public List<RowUse> usesOfJudgement(long judgementId) {
    return uses(USE_OF_JUDGEMENT, judgementId);
  }

  private List<RowUse> uses(String query, long id) {
    return jdbc.sql(query)
        .param("id", id)
        .query((row, number) ->
            new RowUse(
                row.getLong("id"),
                row.getString("name"),
                row.getString("artifact_sha256"),
                integers(row.getArray("ordinals")),
                strings(row.getArray("models"))))
        .list();
  }

  private List<Edge> edges(String query, String sha256) {
    return jdbc.sql(query).param("sha256", sha256).query(LineageRepository::edge).list();
  }

  private interface End {
    String of(Edge edge);
  }

  private Lineage lineage(String root, List<Edge> edges, End near, End far) {
    Map<String, List<String>> neighbours = new HashMap<>();
    for (Edge edge : edges) {
      neighbours.computeIfAbsent(near.of(edge), _ -> new ArrayList<>()).add(far.of(edge));
    }
    Map<String, Integer> depths = new HashMap<>(Map.of(root, 0));
    ArrayDeque<String> reached = new ArrayDeque<>(Set.of(root));
    while (!reached.isEmpty()) {
      String from = reached.remove();
      for (String to : neighbours.getOrDefault(from, List.of())) {
        if (depths.putIfAbsent(to, Objects.requireNonNull(depths.get(from)) + 1) == null) {
          reached.add(to);
        }
      }
    }
    List<Node> nodes =
        jdbc.sql(NODES)
            .param("sha256s", new HashSet<>(depths.keySet()).toArray(String[]::new))
            .query((row, number) -> node(row, depths))
            .list();
    List<Node> sorted = new ArrayList<>(nodes);
    Collections.sort(sorted, Comparator.comparingInt(Node::depth).thenComparing(Node::sha256));
    return new Lineage(List.copyOf(sorted), edges);
  }

  private static Node node(ResultSet row, Map<String, Integer> depths) throws SQLException {
    String sha256 = row.getString("sha256");
    return new Node(
        sha256,
        Kind.valueOf(row.getString("kind")),
        row.getLong("bytes"),
        Objects.requireNonNull(depths.get(sha256)),
        row.getBoolean("swept"),
        strings(row.getArray("names")));
  }

  private static Edge edge(ResultSet row, int number) throws SQLException {
    return new Edge(
        row.getString("parent_sha256"),
        row.getString("child_sha256"),
        row.getString("role"),
        Columns.longOrNull(row, "run_id"));
  }

  private static List<String> strings(Array array) throws SQLException {
    return List.of((String[]) array.getArray());
  }

  private static List<Integer> integers(Array array) throws SQLException {
    return List.of((Integer[]) array.getArray());
  }
}
