package org.alignmentworkbench.db.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.alignmentworkbench.db.artifact.Artifact;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.dataset.Preference.Answer;
import org.alignmentworkbench.db.lineage.LineageRepository;
import org.alignmentworkbench.db.row.Columns;
import org.alignmentworkbench.db.task.Grades;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Makes an immutable preference dataset of the judgements that are there: comparisons, and
/// rankings as one row for each two answers that do not tie.
///
/// The file has one JSON object a line, in order of task key and slot, of a ranking in order of its
/// answers. It names prompts and responses by key and says nothing of persons, times or row ids:
/// two projects whose annotators judged alike, in whatever order they came, get the same hash.
/// Where a lead decided of a task, that decision takes the place of people's judgements of it: one
/// row of a comparison or a choice, the rows of one ranking, none where it prefers nothing.
public final class JudgementSnapshot {
  private static final String JUDGEMENTS =
      """
      select j.judgement_id, j.adjudication_id, p.id as prompt_id, p.key as prompt_key, p.text as prompt, p.task,
        t.key || j.part as task_key, j.ordinal, j.strength, j.scripted, j.reason,
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
      from (
        select g.id as judgement_id, null::bigint as adjudication_id, g.task_id, s.ordinal,
          g.scripted, g.reason, g.grades, w.response_a, w.response_b, w.strength, w.part
        from judgement g
        join slot s on s.id = g.slot_id
        join task o on o.id = g.task_id and o.project_id = :projectId
        join told_preference w on w.judgement_id = g.id
        where g.scripted = :scripted
          and g.purpose = 'WORK'
          and (:scripted or not exists (
            select from adjudication d where d.task_id = g.task_id))
        union all
        select null, d.id, d.task_id, 0, false, d.reason, '{}'::jsonb, w.response_a, w.response_b,
          w.strength, w.part
        from adjudication d
        join task o on o.id = d.task_id and o.project_id = :projectId
        join decided_preference w on w.adjudication_id = d.id
        where not :scripted
          and not exists (
            select from adjudication later where later.task_id = d.task_id and later.id > d.id)
      ) j
      join task t on t.id = j.task_id
      join prompt p on p.id = t.prompt_id
      join response a on a.id = j.response_a
      join response b on b.id = j.response_b
      where t.round between :fromRound and :toRound
      order by t.key, j.ordinal, j.part
      """;
  private static final String MODELS =
      """
      select distinct m.artifact_sha256
      from dataset_row r
      join response a on a.id in (r.response_id, r.other_id)
      join model m on m.id = a.model_id
      where r.dataset_id = :id
      order by m.artifact_sha256
      """;

  private static final String FILES =
      """
      select i.file_sha256
      from dataset_row r
      join every_judgement j on j.id = r.judgement_id
      join judgement_import i on i.id = j.import_id
      where r.dataset_id = :id
      union
      select a.brought_by
      from dataset_row r
      join response a on a.id in (r.response_id, r.other_id)
      where r.dataset_id = :id
        and a.brought_by is not null
      union
      select p.brought_by
      from dataset_row r
      join response a on a.id = r.response_id
      join prompt p on p.id = a.prompt_id
      where r.dataset_id = :id
        and p.brought_by is not null
      order by file_sha256
      """;

  private static final int FETCH = 500;
  private static final int HASH_DIGITS = 12;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final JdbcClient jdbc;
  private final ArtifactStore store;
  private final DatasetRepository datasets;
  private final LineageRepository lineage;

  public JudgementSnapshot(JdbcClient jdbc, ArtifactStore store) {
    this.jdbc = jdbc;
    this.store = store;
    this.datasets = new DatasetRepository(jdbc);
    this.lineage = new LineageRepository(jdbc);
  }

  /// @param adjudicationId of the decision that it is, or null
  private record Row(
      @Nullable Long judgementId,
      @Nullable Long adjudicationId,
      boolean adjudicated,
      String reason,
      Preference preference) {}

  /// A file of preferences and what told them, in its order.
  private record Written(Artifact file, List<Told> told) {}

  /// Takes the judgements of some rounds, either people's or scripted ones: they never mix. The
  /// models that gave the responses, and the files that judgements, prompts or responses came from,
  /// become its parents.
  ///
  /// @throws IllegalStateException when there is none, or when the name belongs to other content
  public Dataset take(
      long projectId,
      String name,
      int fromRound,
      int toRound,
      boolean scripted,
      @Nullable Long runId) {
    Written written =
        write(projectId, fromRound, toRound, scripted)
            .orElseThrow(() ->
                new IllegalStateException(
                    "project %d has no %s judgements in rounds %d to %d"
                        .formatted(
                            projectId, scripted ? "scripted" : "human", fromRound, toRound)));
    return keep(projectId, name, written, runId);
  }

  /// Takes all judgements that are there, either people's or scripted ones, under a name that says
  /// what is in it; empty when there is none.
  public Optional<Dataset> takeAll(long projectId, boolean scripted) {
    return write(projectId, Integer.MIN_VALUE, Integer.MAX_VALUE, scripted)
        .map(written ->
            keep(
                projectId,
                "judgements/%s/%s"
                    .formatted(
                        scripted ? "scripts" : "people",
                        written.file().sha256().substring(0, HASH_DIGITS)),
                written,
                null));
  }

  /// The bytes of a snapshot, made once more of what its rows were made of; whatever was decided or
  /// withdrawn since then changes nothing, so they are the file's own.
  public byte[] again(Dataset dataset) {
    StringBuilder lines = new StringBuilder();
    jdbc.sql(DatasetRepository.PREFERENCES)
        .param("id", dataset.id())
        .query((row, number) ->
            new Row(
                null,
                null,
                row.getBoolean("adjudicated"),
                row.getString("reason"),
                DatasetRepository.preference(row, number)))
        .list()
        .forEach(row -> lines.append(JSON.writeValueAsString(line(row))).append('\n'));
    return lines.toString().getBytes(UTF_8);
  }

  private Dataset keep(long projectId, String name, Written written, @Nullable Long runId) {
    String sha256 = written.file().sha256();
    Dataset dataset =
        datasets.createOfTold(
            new NewDataset(projectId, name, Dataset.Kind.PREFERENCES, sha256, runId),
            written.told());
    for (String model : parents(MODELS, dataset)) {
      lineage.edge(model, sha256, "responses", runId);
    }
    for (String file : parents(FILES, dataset)) {
      lineage.edge(file, sha256, "imported", runId);
    }
    return dataset;
  }

  private List<String> parents(String query, Dataset dataset) {
    return jdbc.sql(query)
        .param("id", dataset.id())
        .query((row, number) -> row.getString(1))
        .list();
  }

  /// Row by row: within a transaction no more than a few hundred judgements are in memory.
  private Optional<Written> write(long projectId, int fromRound, int toRound, boolean scripted) {
    Path work = store.temporary();
    List<Told> told = new ArrayList<>();
    try {
      Path file = work.resolve("preferences.jsonl");
      try (Writer out = Files.newBufferedWriter(file, UTF_8);
          Stream<Row> rows =
              jdbc
                  .sql(JUDGEMENTS)
                  .withFetchSize(FETCH)
                  .param("projectId", projectId)
                  .param("fromRound", fromRound)
                  .param("toRound", toRound)
                  .param("scripted", scripted)
                  .query(JudgementSnapshot::row)
                  .stream()) {
        for (Row row : (Iterable<Row>) rows::iterator) {
          out.write(JSON.writeValueAsString(line(row)));
          out.write('\n');
          told.add(
              new Told(
                  row.judgementId(),
                  row.adjudicationId(),
                  row.preference().a().responseId(),
                  row.preference().b().responseId()));
        }
      }
      return told.isEmpty()
          ? Optional.empty()
          : Optional.of(new Written(store.adopt(Artifact.Kind.DATASET, file), told));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      store.discard(work);
    }
  }

  private static ObjectNode line(Row row) {
    Preference preference = row.preference();
    ObjectNode line = JSON.createObjectNode();
    line.put("promptKey", preference.promptKey());
    line.put("prompt", preference.prompt());
    line.put("slot", preference.ordinal());
    line.put("strength", preference.strength());
    line.set("a", answer(preference.a()));
    line.set("b", answer(preference.b()));
    line.put("reason", row.reason());
    if (row.adjudicated()) {
      line.put("adjudicated", true);
    }
    return line;
  }

  private static ObjectNode answer(Answer answer) {
    ObjectNode node = JSON.createObjectNode();
    node.put("key", answer.key());
    node.put("text", answer.text());
    @Nullable Grades grades = answer.grades();
    if (grades != null) {
      node.putObject("grades")
          .put("instructionFollowing", grades.instructionFollowing())
          .put("concision", grades.concision())
          .put("truthfulness", grades.truthfulness())
          .put("harmlessness", grades.harmlessness());
    }
    return node;
  }

  private static Row row(ResultSet row, int number) throws SQLException {
    @Nullable Long adjudication = Columns.longOrNull(row, "adjudication_id");
    return new Row(
        Columns.longOrNull(row, "judgement_id"),
        adjudication,
        adjudication != null,
        row.getString("reason"),
        DatasetRepository.preference(row, number));
  }
}
