package org.alignmentworkbench.db.dataset;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Optional;
import org.alignmentworkbench.db.dataset.Dataset.Kind;
import org.alignmentworkbench.db.dataset.Preference.Answer;
import org.alignmentworkbench.db.row.Columns;
import org.alignmentworkbench.db.task.Grades;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Datasets and their rows.
public final class DatasetRepository {
  private static final String INSERT =
      """
      with made as (
        insert into dataset (project_id, name, kind, artifact_sha256, row_count, run_id)
        values (:projectId, :name, :kind, :sha256, :rowCount, :runId)
        on conflict (project_id, name) do nothing
        returning id
      )
      insert into dataset_row (dataset_id, ordinal, prompt_id, response_id, other_id, judgement_id)
      select made.id, n.ordinality - 1, n.prompt_id, n.response_id, n.other_id, n.judgement_id
      from made
      cross join unnest(:promptIds::bigint[], :responseIds::bigint[], :otherIds::bigint[],
        :judgementIds::bigint[]) with ordinality
        as n(prompt_id, response_id, other_id, judgement_id, ordinality)
      """;
  private static final String INSERT_JUDGEMENTS =
      """
      insert into dataset_row (dataset_id, ordinal, prompt_id, response_id, other_id, judgement_id,
        adjudication_id)
      select :id, :from + n.ordinality - 1, t.prompt_id, n.a, n.b, j.id, d.id
      from unnest(:judgementIds::bigint[], :adjudicationIds::bigint[], :as::bigint[],
        :bs::bigint[]) with ordinality as n(judgement_id, adjudication_id, a, b, ordinality)
      left join judgement j on j.id = n.judgement_id
      left join adjudication d on d.id = n.adjudication_id
      join task t on t.id = coalesce(j.task_id, d.task_id)
      on conflict (dataset_id, ordinal) do nothing
      """;
  private static final String INSERT_BROUGHT =
      """
      insert into brought_file (dataset_id, artifact_sha256, name, refused_rows, refusals_sha256)
      values (:datasetId, :sha256, :name, :refusedRows, :refusals)
      on conflict (dataset_id, artifact_sha256) do nothing
      """;
  private static final String BROUGHT =
      """
      select artifact_sha256, name, refused_rows, refusals_sha256
      from brought_file
      where dataset_id = :datasetId
      order by created_at, artifact_sha256
      """;
  private static final String FIND =
      """
      select id, project_id, name, kind, artifact_sha256, row_count, run_id, created_at
      from dataset
      where id = :id
      """;
  private static final String FIND_BY_NAME =
      """
      select id, project_id, name, kind, artifact_sha256, row_count, run_id, created_at
      from dataset
      where project_id = :projectId
        and name = :name
      """;
  private static final String OF_PROJECT =
      """
      select id, project_id, name, kind, artifact_sha256, row_count, run_id, created_at
      from dataset
      where project_id = :projectId
      order by id
      """;
  private static final String ROWS =
      """
      select prompt_id, response_id, other_id, judgement_id
      from dataset_row
      where dataset_id = :id
        and ordinal >= :from
      order by ordinal
      limit :limit
      """;
  static final String PREFERENCES =
      """
      select p.id as prompt_id, p.key as prompt_key, p.text as prompt, p.task,
        t.key || coalesce(w.part, v.part, '') as task_key, coalesce(j.ordinal, 0) as ordinal,
        coalesce(w.strength, v.strength) as strength, coalesce(j.scripted, false) as scripted,
        coalesce(j.reason, d.reason) as reason, d.id is not null as adjudicated,
        a.id as a_id, a.key as a_key, a.text as a_text, a.token_ids as a_token_ids,
        j.grades -> 'a' ->> 'instructionFollowing' as a_instruction_following,
        j.grades -> 'a' ->> 'concision' as a_concision,
        j.grades -> 'a' ->> 'truthfulness' as a_truthfulness,
        j.grades -> 'a' ->> 'harmlessness' as a_harmlessness,
        b.id as b_id, b.key as b_key, b.text as b_text, b.token_ids as b_token_ids,
        j.grades -> 'b' ->> 'instructionFollowing' as b_instruction_following,
        j.grades -> 'b' ->> 'concision' as b_concision,
        j.grades -> 'b' ->> 'truthfulness' as b_truthfulness,
        j.grades -> 'b' ->> 'harmlessness' as b_harmlessness
      from dataset_row r
      join prompt p on p.id = r.prompt_id
      left join every_judgement j on j.id = r.judgement_id
      left join adjudication d on d.id = r.adjudication_id
      join task t on t.id = coalesce(j.task_id, d.task_id)
      left join every_preference w on w.judgement_id = j.id
        and w.response_a = r.response_id
        and w.response_b = r.other_id
      left join decided_preference v on v.adjudication_id = d.id
        and v.response_a = r.response_id
        and v.response_b = r.other_id
      join response a on a.id = r.response_id
      join response b on b.id = r.other_id
      where r.dataset_id = :id
        and (w.judgement_id is not null or v.adjudication_id is not null)
      order by r.ordinal
      """;

  private static final int CHUNK = 10_000;

  /// So few rows are read quickly by any plan.
  private static final int FEW = 1_000;

  private final JdbcClient jdbc;

  public DatasetRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Keeps a dataset with its rows. Doing it again with the same content gives the dataset that is
  /// there, so a restarted step may repeat it.
  ///
  /// @throws IllegalStateException when the name belongs to a dataset of other content
  public Dataset create(NewDataset dataset, List<DatasetRow> rows) {
    return create(dataset, rows.size(), rows);
  }

  /// The same for rows that nothing in the project stands behind: only their number is kept.
  public Dataset create(NewDataset dataset, int rowCount) {
    return create(dataset, rowCount, List.of());
  }

  /// The same for preferences, in order, of which only the numbers are at hand.
  Dataset createOfTold(NewDataset dataset, List<Told> told) {
    Dataset kept = create(dataset, told.size(), List.of());
    for (int from = 0; from < told.size(); from += CHUNK) {
      List<Told> chunk = told.subList(from, Math.min(from + CHUNK, told.size()));
      jdbc.sql(INSERT_JUDGEMENTS)
          .param("id", kept.id())
          .param("from", from)
          .param("judgementIds", chunk.stream().map(Told::judgementId).toArray(Long[]::new))
          .param("adjudicationIds", chunk.stream().map(Told::adjudicationId).toArray(Long[]::new))
          .param("as", chunk.stream().map(Told::responseA).toArray(Long[]::new))
          .param("bs", chunk.stream().map(Told::responseB).toArray(Long[]::new))
          .update();
    }
    if (told.size() > FEW) {
      // Until it has looked, the database takes a dataset it has not seen for a single row, and
      // plans what reads it next accordingly.
      jdbc.sql("analyze dataset_row").update();
    }
    return kept;
  }

  private Dataset create(NewDataset dataset, int rowCount, List<DatasetRow> rows) {
    jdbc.sql(INSERT)
        .param("projectId", dataset.projectId())
        .param("name", dataset.name())
        .param("kind", dataset.kind().name())
        .param("sha256", dataset.artifactSha256())
        .param("rowCount", rowCount)
        .param("runId", dataset.runId())
        .param("promptIds", rows.stream().map(DatasetRow::promptId).toArray(Long[]::new))
        .param("responseIds", rows.stream().map(DatasetRow::responseId).toArray(Long[]::new))
        .param("otherIds", rows.stream().map(DatasetRow::otherId).toArray(Long[]::new))
        .param("judgementIds", rows.stream().map(DatasetRow::judgementId).toArray(Long[]::new))
        .update();
    Dataset kept = findByName(dataset.projectId(), dataset.name()).orElseThrow();
    if (!kept.artifactSha256().equals(dataset.artifactSha256())) {
      throw new IllegalStateException(
          "project "
              + dataset.projectId()
              + " has another dataset named "
              + dataset.name()
              + ": "
              + kept.artifactSha256()
              + ", not "
              + dataset.artifactSha256());
    }
    return kept;
  }

  /// Says which file a dataset was read from; the same bytes again keep their first name.
  public void brought(long datasetId, BroughtFile file) {
    jdbc.sql(INSERT_BROUGHT)
        .param("datasetId", datasetId)
        .param("sha256", file.artifactSha256())
        .param("name", file.name())
        .param("refusedRows", file.refusedRows())
        .param("refusals", file.refusalsSha256(), Types.VARCHAR)
        .update();
  }

  /// The files that a dataset was read from, oldest first; empty for one that a run made.
  public List<BroughtFile> brought(long datasetId) {
    return jdbc.sql(BROUGHT)
        .param("datasetId", datasetId)
        .query((row, number) ->
            new BroughtFile(
                row.getString("artifact_sha256"),
                row.getString("name"),
                row.getInt("refused_rows"),
                row.getString("refusals_sha256")))
        .list();
  }

  public Optional<Dataset> find(long id) {
    return jdbc.sql(FIND).param("id", id).query(DatasetRepository::dataset).optional();
  }

  public Optional<Dataset> findByName(long projectId, String name) {
    return jdbc.sql(FIND_BY_NAME)
        .param("projectId", projectId)
        .param("name", name)
        .query(DatasetRepository::dataset)
        .optional();
  }

  /// Oldest first.
  public List<Dataset> ofProject(long projectId) {
    return jdbc.sql(OF_PROJECT)
        .param("projectId", projectId)
        .query(DatasetRepository::dataset)
        .list();
  }

  /// Rows from an ordinal on.
  public List<DatasetRow> rows(long id, int from, int limit) {
    return jdbc.sql(ROWS)
        .param("id", id)
        .param("from", from)
        .param("limit", limit)
        .query((row, number) ->
            new DatasetRow(
                row.getLong("prompt_id"),
                Columns.longOrNull(row, "response_id"),
                Columns.longOrNull(row, "other_id"),
                Columns.longOrNull(row, "judgement_id")))
        .list();
  }

  /// The rows of a preference dataset, in order.
  public List<Preference> preferences(long id) {
    return jdbc.sql(PREFERENCES).param("id", id).query(DatasetRepository::preference).list();
  }

  private static Dataset dataset(ResultSet row, int number) throws SQLException {
    return new Dataset(
        row.getLong("id"),
        row.getLong("project_id"),
        row.getString("name"),
        Kind.valueOf(row.getString("kind")),
        row.getString("artifact_sha256"),
        row.getInt("row_count"),
        Columns.longOrNull(row, "run_id"),
        Columns.instant(row, "created_at"));
  }

  static Preference preference(ResultSet row, int number) throws SQLException {
    return new Preference(
        row.getLong("prompt_id"),
        row.getString("prompt_key"),
        row.getString("prompt"),
        row.getString("task"),
        row.getString("task_key"),
        row.getInt("ordinal"),
        answer(row, "a_"),
        answer(row, "b_"),
        row.getInt("strength"),
        row.getBoolean("scripted"));
  }

  private static Answer answer(ResultSet row, String side) throws SQLException {
    return new Answer(
        row.getLong(side + "id"),
        row.getString(side + "key"),
        row.getString(side + "text"),
        Columns.ints(row, side + "token_ids"),
        Grades.orNull(row, side));
  }
}
