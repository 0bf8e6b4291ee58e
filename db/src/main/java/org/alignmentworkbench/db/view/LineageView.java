package org.alignmentworkbench.db.view;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.alignmentworkbench.db.row.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The lineage as pages draw it: artefacts with their names, walked in either direction.
public final class LineageView {
  private static final String FIND =
      """
      select a.sha256, a.kind, a.bytes, a.swept_at is not null as swept,
        coalesce(
          (select min(m.name) from model m where m.artifact_sha256 = a.sha256),
          (select min(d.name) from dataset d where d.artifact_sha256 = a.sha256),
          (select min(f.name) from brought_file f where f.artifact_sha256 = a.sha256)) as name
      from artifact a
      where a.sha256 = :sha256
      """;
  private static final String BY_PREFIX =
      """
      select sha256
      from artifact
      where sha256 like :prefix || '%'
      order by sha256
      limit 2
      """;
  // Breadth first, each edge once: depth is the fewest edges by which an edge is reached.
  private static final String ANCESTORS =
      """
      with recursive walk (parent_sha256, child_sha256, role, run_id, depth) as (
        select e.parent_sha256, e.child_sha256, e.role, e.run_id, 1
        from artifact_edge e
        where e.child_sha256 = :sha256
        union
        select e.parent_sha256, e.child_sha256, e.role, e.run_id, w.depth + 1
        from artifact_edge e
        join walk w on e.child_sha256 = w.parent_sha256
        where w.depth < :deepest
      )
      select w.child_sha256 as from_sha256, a.sha256, a.kind, a.bytes,
        a.swept_at is not null as swept,
        coalesce(
          (select min(m.name) from model m where m.artifact_sha256 = a.sha256),
          (select min(d.name) from dataset d where d.artifact_sha256 = a.sha256),
          (select min(f.name) from brought_file f where f.artifact_sha256 = a.sha256)) as name,
        w.role, w.run_id, r.name as run_name, w.depth
      from (
        select parent_sha256, child_sha256, role, run_id, min(depth) as depth
        from walk
        group by parent_sha256, child_sha256, role, run_id) w
      join artifact a on a.sha256 = w.parent_sha256
      left join run r on r.id = w.run_id
      order by w.depth, w.role, name nulls last, a.sha256
      """;
  private static final String DESCENDANTS =
      """
      with recursive walk (parent_sha256, child_sha256, role, run_id, depth) as (
        select e.parent_sha256, e.child_sha256, e.role, e.run_id, 1
        from artifact_edge e
        where e.parent_sha256 = :sha256
        union
        select e.parent_sha256, e.child_sha256, e.role, e.run_id, w.depth + 1
        from artifact_edge e
        join walk w on e.parent_sha256 = w.child_sha256
        where w.depth < :deepest
      )
      select w.parent_sha256 as from_sha256, a.sha256, a.kind, a.bytes,
        a.swept_at is not null as swept,
        coalesce(
          (select min(m.name) from model m where m.artifact_sha256 = a.sha256),
          (select min(d.name) from dataset d where d.artifact_sha256 = a.sha256),
          (select min(f.name) from brought_file f where f.artifact_sha256 = a.sha256)) as name,
        w.role, w.run_id, r.name as run_name, w.depth
      from (
        select parent_sha256, child_sha256, role, run_id, min(depth) as depth
        from walk
        group by parent_sha256, child_sha256, role, run_id) w
      join artifact a on a.sha256 = w.child_sha256
      left join run r on r.id = w.run_id
      order by w.depth, w.role, name nulls last, a.sha256
      """;
  private static final String OF_RUN =
      """
      select e.child_sha256 as from_sha256, a.sha256, a.kind, a.bytes,
        a.swept_at is not null as swept,
        coalesce(
          (select min(m.name) from model m where m.artifact_sha256 = a.sha256),
          (select min(d.name) from dataset d where d.artifact_sha256 = a.sha256),
          (select min(f.name) from brought_file f where f.artifact_sha256 = a.sha256)) as name,
        e.role, e.run_id, null as run_name, 1 as depth
      from artifact_edge e
      join artifact a on a.sha256 = e.parent_sha256
      where e.run_id = :runId
        and not exists (
          select 1
          from artifact_edge o
          where o.run_id = :runId
            and o.child_sha256 = e.parent_sha256)
      order by e.role, name nulls last, a.sha256
      limit :limit
      """;
  private static final String MADE_BY_RUN =
      """
      select a.sha256, a.kind, a.bytes, a.swept_at is not null as swept,
        coalesce(
          (select min(m.name) from model m where m.artifact_sha256 = a.sha256),
          (select min(d.name) from dataset d where d.artifact_sha256 = a.sha256),
          (select min(f.name) from brought_file f where f.artifact_sha256 = a.sha256)) as name
      from artifact a
      where a.sha256 in (select e.child_sha256 from artifact_edge e where e.run_id = :runId)
      order by a.kind, name nulls last, a.sha256
      limit :limit
      """;
  private static final String DATASETS =
      """
      select d.id, d.name, d.kind, d.artifact_sha256,
        count(*) filter (where r.dataset_id is not null) as rows,
        count(distinct r.prompt_id) as prompts,
        count(distinct r.response_id) as responses,
        count(distinct r.judgement_id) as judgements,
        count(distinct r.judgement_id) filter (where j.scripted) as scripted,
        count(distinct j.person_id) as people
      from dataset d
      left join dataset_row r on r.dataset_id = d.id
      left join every_judgement j on j.id = r.judgement_id
      where d.artifact_sha256 = any(:sha256s)
      group by d.id, d.name, d.kind, d.artifact_sha256
      order by d.id
      """;

  /// A walk goes no further; rounds times steps of a loop stay far below it.
  private static final int DEEPEST = 64;

  private final JdbcClient jdbc;

  public LineageView(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  public Optional<ArtifactLine> find(String sha256) {
    return jdbc.sql(FIND).param("sha256", sha256).query(LineageView::artifact).optional();
  }

  /// The hash that begins with some hexadecimal digits, if exactly one does.
  public Optional<String> byPrefix(String prefix) {
    if (!prefix.matches("[0-9a-f]{4,64}")) {
      return Optional.empty();
    }
    List<String> found =
        jdbc.sql(BY_PREFIX).param("prefix", prefix).query((row, number) -> row.getString(1)).list();
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
  }

  /// What an artefact was made from, nearest first.
  public List<LineageStep> ancestors(String sha256) {
    return walk(ANCESTORS, sha256);
  }

  /// What was made from an artefact, nearest first.
  public List<LineageStep> descendants(String sha256) {
    return walk(DESCENDANTS, sha256);
  }

  /// The artefacts a run took from elsewhere, each with its role; not what it made on its way.
  public List<LineageStep> usedBy(long runId, int limit) {
    return jdbc.sql(OF_RUN)
        .param("runId", runId)
        .param("limit", limit)
        .query(LineageView::step)
        .list();
  }

  /// The artefacts a run made.
  public List<ArtifactLine> madeBy(long runId, int limit) {
    return jdbc.sql(MADE_BY_RUN)
        .param("runId", runId)
        .param("limit", limit)
        .query(LineageView::artifact)
        .list();
  }

  /// The datasets kept in some artefacts, with what their rows come from.
  public List<DatasetCounts> datasets(List<String> sha256s) {
    return jdbc.sql(DATASETS)
        .param("sha256s", sha256s.toArray(String[]::new))
        .query(LineageView::counts)
        .list();
  }

  private List<LineageStep> walk(String sql, String sha256) {
    return jdbc.sql(sql)
        .param("sha256", sha256)
        .param("deepest", DEEPEST)
        .query(LineageView::step)
        .list();
  }

  private static ArtifactLine artifact(ResultSet row, int number) throws SQLException {
    return new ArtifactLine(
        row.getString("sha256"),
        row.getString("kind"),
        row.getLong("bytes"),
        row.getBoolean("swept"),
        row.getString("name"));
  }

  private static LineageStep step(ResultSet row, int number) throws SQLException {
    return new LineageStep(
        row.getString("from_sha256"),
        artifact(row, number),
        row.getString("role"),
        Columns.longOrNull(row, "run_id"),
        row.getString("run_name"),
        row.getInt("depth"));
  }

  private static DatasetCounts counts(ResultSet row, int number) throws SQLException {
    return new DatasetCounts(
        row.getLong("id"),
        row.getString("name"),
        row.getString("kind"),
        row.getString("artifact_sha256"),
        row.getLong("rows"),
        row.getLong("prompts"),
        row.getLong("responses"),
        row.getLong("judgements"),
        row.getLong("scripted"),
        row.getLong("people"));
  }
}
