package org.alignmentworkbench.app.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.alignmentworkbench.app.exchange.JudgementExport;
import org.alignmentworkbench.app.exchange.JudgementImport;
import org.alignmentworkbench.app.security.Account;
import org.alignmentworkbench.app.web.Attachments;
import org.alignmentworkbench.db.exchange.ImportCounts;
import org.alignmentworkbench.db.exchange.JudgementExportRow;
import org.alignmentworkbench.db.exchange.JudgementExports;
import org.alignmentworkbench.db.exchange.JudgementImportRow;
import org.alignmentworkbench.db.exchange.JudgementImportRow.Purpose;
import org.alignmentworkbench.db.exchange.JudgementImports;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.model.dataset.FieldNames;
import org.alignmentworkbench.model.dataset.JudgementFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Judgements out of a project and into it, as files.
@Tag(name = "Judgements")
@RestController
class JudgementsApi {
  private static final String JUDGEMENTS = "/api/v1/projects/{projectId:[0-9]{1,18}}/judgements";
  private static final String EXPORTS = JUDGEMENTS + "/exports";
  private static final String IMPORTS = JUDGEMENTS + "/imports";
  private static final String ID = "/{id:[0-9]{1,18}}";

  private final JudgementExport export;
  private final JudgementExports exports;
  private final JudgementImport bringing;
  private final JudgementImports imports;
  private final Attachments attachments;
  private final OpenProject open;

  JudgementsApi(
      JudgementExport export,
      JudgementExports exports,
      JudgementImport bringing,
      JudgementImports imports,
      Attachments attachments,
      OpenProject open) {
    this.export = export;
    this.exports = exports;
    this.bringing = bringing;
    this.imports = imports;
    this.attachments = attachments;
    this.open = open;
  }

  /// A file that was taken out.
  ///
  /// @param sha256 of its content: what its lineage is asked for by
  /// @param withdrawn judgements in it that count no more
  /// @param file where it is fetched
  record ExportJson(
      long id,
      String format,
      String sha256,
      long bytes,
      long judged,
      long skipped,
      long withdrawn,
      Instant createdAt,
      String file) {
    static ExportJson of(JudgementExportRow row) {
      return new ExportJson(
          row.id(),
          row.format(),
          row.artifactSha256(),
          row.bytes(),
          row.judged(),
          row.skipped(),
          row.withdrawn(),
          row.createdAt(),
          "/api/v1/projects/%d/judgements/exports/%d/file".formatted(row.projectId(), row.id()));
    }
  }

  /// What is wanted of an export.
  ///
  /// @param withdrawn whether judgements that were withdrawn are in it too, in a format that is a
  ///   table; not where it is left out
  record NewExport(String format, @Nullable Boolean withdrawn) {}

  /// A file that was brought in.
  ///
  /// @param runId the run that reads it
  /// @param counts what it came to; null until then
  /// @param fault why nothing of it was taken; null unless so
  /// @param refused where the list of what was left out is fetched; null for none
  record ImportJson(
      long id,
      String fileName,
      String fileSha256,
      Purpose purpose,
      boolean dryRun,
      JudgementImportRow.State state,
      @Nullable Long runId,
      @Nullable ImportCounts counts,
      @Nullable String fault,
      @Nullable String refused,
      Instant createdAt) {
    static ImportJson of(JudgementImportRow row) {
      return new ImportJson(
          row.id(),
          row.fileName(),
          row.fileSha256(),
          row.purpose(),
          row.dryRun(),
          row.state(),
          row.runId(),
          row.counts(),
          row.fault(),
          row.refusalsSha256() == null
              ? null
              : "/api/v1/projects/%d/judgements/imports/%d/refused"
                  .formatted(row.projectId(), row.id()),
          row.createdAt());
    }
  }

  @Operation(summary = "Lists the files of judgements that were taken out, newest first")
  @GetMapping(EXPORTS)
  Page<ExportJson> exports(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "before", defaultValue = "" + Long.MAX_VALUE) long before,
      @RequestParam(name = "limit", defaultValue = Page.USUAL) int limit) {
    open.project(projectId);
    int most = Page.limit(limit);
    return Page.of(
        exports.latest(projectId, before, most + 1).stream().map(ExportJson::of).toList(),
        most,
        ExportJson::id);
  }

  @Operation(
      summary = "Writes all judgements of a project into a file of one format",
      description =
          "The formats are those of the Judgements page, by the same names. With `withdrawn` a csv,"
              + " spreadsheet or parquet file holds withdrawn judgements too, by status, with who,"
              + " when and why.")
  @PostMapping(EXPORTS)
  ResponseEntity<ExportJson> export(
      @PathVariable("projectId") long projectId,
      @RequestBody NewExport wish,
      @AuthenticationPrincipal Account person) {
    Project project = open.project(projectId);
    @Nullable JudgementFormat format = JudgementFormat.named(String.valueOf(wish.format()));
    if (format == null) {
      throw Problems.refused(
          "format must be one of %s, was '%s'".formatted(formats(), wish.format()));
    }
    boolean withdrawn = Boolean.TRUE.equals(wish.withdrawn());
    JudgementExportRow made = export.make(project, format, withdrawn, person.personId());
    return ResponseEntity.status(HttpStatus.CREATED).body(ExportJson.of(made));
  }

  private static String formats() {
    return Arrays.stream(JudgementFormat.values())
        .map(JudgementFormat::title)
        .collect(Collectors.joining(", "));
  }

  @Operation(summary = "Fetches a file of judgements; it never changes")
  @GetMapping(EXPORTS + ID + "/file")
  ResponseEntity<FileSystemResource> file(
      @PathVariable("projectId") long projectId, @PathVariable("id") long id) throws IOException {
    Project project = open.project(projectId);
    JudgementExportRow row =
        exports
            .find(projectId, id)
            .orElseThrow(
                () -> Problems.notFound("project %d has no export %d".formatted(projectId, id)));
    @Nullable JudgementFormat format = JudgementFormat.named(row.format());
    if (format == null) {
      throw Problems.notFound("export %d has the format '%s'".formatted(id, row.format()));
    }
    return attachments.of(
        row.artifactSha256(), format.contentType(), JudgementExport.fileName(project, row, format));
  }

  @Operation(summary = "Lists the files that were brought in, newest first")
  @GetMapping(IMPORTS)
  Page<ImportJson> imports(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "before", defaultValue = "" + Long.MAX_VALUE) long before,
      @RequestParam(name = "limit", defaultValue = Page.USUAL) int limit) {
    open.project(projectId);
    int most = Page.limit(limit);
    return Page.of(
        imports.latest(projectId, before, most + 1).stream().map(ImportJson::of).toList(),
        most,
        ImportJson::id);
  }

  @Operation(
      summary = "Brings a file in: the request's body is the file, whatever its shape",
      description =
          "A run reads it: watch the import until its state is no more WAITING. The same file again"
              + " answers 200 and does nothing. `promptColumn`, `chosenColumn` and `rejectedColumn`"
              + " say what the file calls its prompt and answers, where it calls them otherwise.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
                      schema = @Schema(type = "string", format = "binary"))))
  @PostMapping(path = IMPORTS, consumes = MediaType.APPLICATION_OCTET_STREAM_VALUE)
  ResponseEntity<ImportJson> bring(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "name") String name,
      @RequestParam(name = "purpose", defaultValue = "JUDGEMENTS") Purpose purpose,
      @RequestParam(name = "overlap", defaultValue = "1") int overlap,
      @RequestParam(name = "strength", defaultValue = "3") int strength,
      @RequestParam(name = "dryRun", defaultValue = "false") boolean dryRun,
      @RequestParam(name = "promptColumn", required = false) @Nullable String promptColumn,
      @RequestParam(name = "chosenColumn", required = false) @Nullable String chosenColumn,
      @RequestParam(name = "rejectedColumn", required = false) @Nullable String rejectedColumn,
      InputStream file,
      @AuthenticationPrincipal Account person)
      throws IOException {
    JudgementImport.Accepted accepted =
        bringing.accept(
            open.project(projectId),
            file,
            name,
            new JudgementImport.Wish(
                purpose,
                overlap,
                strength,
                dryRun,
                new FieldNames(promptColumn, chosenColumn, rejectedColumn)),
            person.personId());
    return ResponseEntity.status(accepted.again() ? HttpStatus.OK : HttpStatus.CREATED)
        .body(ImportJson.of(accepted.row()));
  }

  @Operation(summary = "Shows how far an import is")
  @GetMapping(IMPORTS + ID)
  ImportJson brought(@PathVariable("projectId") long projectId, @PathVariable("id") long id) {
    return ImportJson.of(find(projectId, id));
  }

  @Operation(summary = "Fetches the list of what an import left out: row, rule and reason")
  @GetMapping(IMPORTS + ID + "/refused")
  ResponseEntity<FileSystemResource> refused(
      @PathVariable("projectId") long projectId, @PathVariable("id") long id) throws IOException {
    @Nullable String sha256 = find(projectId, id).refusalsSha256();
    if (sha256 == null) {
      throw Problems.notFound("import %d left nothing out".formatted(id));
    }
    return attachments.of(sha256, "text/csv;charset=utf-8", "import-" + id + "-refused.csv");
  }

  private JudgementImportRow find(long projectId, long id) {
    open.project(projectId);
    return imports
        .find(id)
        .filter(row -> row.projectId() == projectId)
        .orElseThrow(
            () -> Problems.notFound("project %d has no import %d".formatted(projectId, id)));
  }
}
