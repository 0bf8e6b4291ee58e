package org.alignmentworkbench.db.exchange;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.alignmentworkbench.db.exchange.JudgementImportRow.Purpose;
import org.alignmentworkbench.db.exchange.JudgementImportRow.State;
import org.alignmentworkbench.db.row.Columns;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The files that were brought in, and what each came to.
public final class JudgementImports {
  private static final String INSERT =
      """
      insert into judgement_import (project_id, file_name, file_sha256, purpose, overlap, strength,
        dry_run, person_id, prompt_field, chosen_field, rejected_field)
      values (:projectId, :fileName, :sha256, :purpose, :overlap, :strength, :dryRun, :personId,
        :promptField, :chosenField, :rejectedField)
      returning id
      """;
  private static final String SET_RUN =
      """
      update judgement_import
      set run_id = :runId
      where id = :id
      """;
  private static final String END =
      """
      update judgement_import
      set state = :state,
          rows_read = :rows,
          pairs = :pairs,
          judgements = :judgements,
          skips = :skips,
          there = :there,
          refused = :refused,
          refusals_sha256 = :refusals,
          fault = :fault
      where id = :id
        and state = 'WAITING'
      """;
  private static final String SELECT =
      """
      select i.id, i.project_id, i.file_name, i.file_sha256, i.purpose, i.overlap, i.strength,
        i.dry_run, p.display_name, i.run_id, i.created_at,
        case when i.state = 'WAITING' and r.state in ('FAILED', 'STOPPED') then 'BROKEN'
          else i.state end as state,
        i.rows_read, i.pairs, i.judgements, i.skips, i.there, i.refused, i.refusals_sha256, i.fault,
        i.prompt_field, i.chosen_field, i.rejected_field
      from judgement_import i
      left join run r on r.id = i.run_id
      left join person p on p.id = i.person_id
      """;
  private static final String FIND = SELECT + "where i.id = :id\n";
  private static final String OF_RUN = SELECT + "where i.run_id = :runId\n";
  private static final String LATEST =
      SELECT
          + """
          where i.project_id = :projectId
            and i.id < :before
          order by i.id desc
          limit :limit
          """;
  // One that waits counts too: its run takes the file in a moment.
  private static final String SAME =
      SELECT
          + """
          where i.project_id = :projectId
            and i.file_sha256 = :sha256
            and i.purpose = :purpose
            and i.prompt_field is not distinct from :promptField::text
            and i.chosen_field is not distinct from :chosenField::text
            and i.rejected_field is not distinct from :rejectedField::text
            and not i.dry_run
            and (i.state = 'TAKEN'
              or (i.state = 'WAITING' and r.state not in ('FAILED', 'STOPPED')))
          order by i.id
          limit 1
          """;

  private final JdbcClient jdbc;

  public JudgementImports(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// A file that is to be brought in; [JudgementImportRow] says what the parts mean.
  public record NewImport(
      long projectId,
      String fileName,
      String fileSha256,
      Purpose purpose,
      int overlap,
      int strength,
      boolean dryRun,
      ColumnNames columns,
      @Nullable Long personId) {}

  /// What a file calls the parts of a preference; null where it calls one as the readers do.
  public record ColumnNames(
      @Nullable String prompt, @Nullable String chosen, @Nullable String rejected) {
    public static final ColumnNames USUAL = new ColumnNames(null, null, null);
  }

  public JudgementImportRow add(NewImport wish) {
    long id =
        jdbc.sql(INSERT)
            .param("projectId", wish.projectId())
            .param("fileName", wish.fileName())
            .param("sha256", wish.fileSha256())
            .param("purpose", wish.purpose().name())
            .param("overlap", wish.overlap())
            .param("strength", wish.strength())
            .param("dryRun", wish.dryRun())
            .param("personId", wish.personId())
            .param("promptField", wish.columns().prompt())
            .param("chosenField", wish.columns().chosen())
            .param("rejectedField", wish.columns().rejected())
            .query(Long.class)
            .single();
    return find(id).orElseThrow();
  }

  public void setRun(long id, long runId) {
    jdbc.sql(SET_RUN).param("id", id).param("runId", runId).update();
  }

  /// Says what a file came to, once.
  public void end(
      long id,
      State state,
      @Nullable ImportCounts counts,
      @Nullable String refusalsSha256,
      @Nullable String fault) {
    jdbc.sql(END)
        .param("id", id)
        .param("state", state.name())
        .param("rows", counts == null ? null : (Long) counts.rows())
        .param("pairs", counts == null ? null : (Long) counts.pairs())
        .param("judgements", counts == null ? null : (Long) counts.judgements())
        .param("skips", counts == null ? null : (Long) counts.skips())
        .param("there", counts == null ? null : (Long) counts.there())
        .param("refused", counts == null ? null : (Long) counts.refused())
        .param("refusals", refusalsSha256)
        .param("fault", fault)
        .update();
  }

  public Optional<JudgementImportRow> find(long id) {
    return jdbc.sql(FIND).param("id", id).query(JudgementImports::row).optional();
  }

  /// The import that a run carries out.
  public Optional<JudgementImportRow> ofRun(long runId) {
    return jdbc.sql(OF_RUN).param("runId", runId).query(JudgementImports::row).optional();
  }

  /// The import that has taken, or is about to take, the same content for the same purpose, read
  /// the same way.
  public Optional<JudgementImportRow> same(
      long projectId, String fileSha256, Purpose purpose, ColumnNames columns) {
    return jdbc.sql(SAME)
        .param("projectId", projectId)
        .param("sha256", fileSha256)
        .param("purpose", purpose.name())
        .param("promptField", columns.prompt())
        .param("chosenField", columns.chosen())
        .param("rejectedField", columns.rejected())
        .query(JudgementImports::row)
        .optional();
  }

  /// Newest first.
  ///
  /// @param before only those of lower number
  public List<JudgementImportRow> latest(long projectId, long before, int limit) {
    return jdbc.sql(LATEST)
        .param("projectId", projectId)
        .param("before", before)
        .param("limit", limit)
        .query(JudgementImports::row)
        .list();
  }

  private static JudgementImportRow row(ResultSet row, int number) throws SQLException {
    return new JudgementImportRow(
        row.getLong("id"),
        row.getLong("project_id"),
        row.getString("file_name"),
        row.getString("file_sha256"),
        Purpose.valueOf(row.getString("purpose")),
        row.getInt("overlap"),
        row.getInt("strength"),
        row.getBoolean("dry_run"),
        row.getString("display_name"),
        Columns.longOrNull(row, "run_id"),
        Columns.instant(row, "created_at"),
        State.valueOf(row.getString("state")),
        Columns.longOrNull(row, "rows_read") == null
            ? null
            : new ImportCounts(
                row.getLong("rows_read"),
                row.getLong("pairs"),
                row.getLong("judgements"),
                row.getLong("skips"),
                row.getLong("there"),
                row.getLong("refused")),
        row.getString("refusals_sha256"),
        row.getString("fault"),
        new ColumnNames(
            row.getString("prompt_field"),
            row.getString("chosen_field"),
            row.getString("rejected_field")));
  }
}
