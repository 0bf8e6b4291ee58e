package org.alignmentworkbench.app.exchange;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.alignmentworkbench.annotation.page.Crumb;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Moment;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.web.ProjectTabs;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.exchange.JudgedRows;
import org.alignmentworkbench.db.exchange.JudgementExportRow;
import org.alignmentworkbench.db.exchange.JudgementExports;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.model.dataset.JudgementFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/// Where a project's judgements leave.
@Controller
class ExchangeRooms {
  private static final String JUDGEMENTS = "/projects/{projectId:[0-9]{1,18}}/judgements";
  private static final int SHOWN = 50;

  private final JudgedRows rows;
  private final JudgementExports exports;
  private final JudgementExport export;
  private final ArtifactStore artifacts;
  private final ProjectTabs tabs;
  private final Formats formats;
  private final Words words;

  ExchangeRooms(
      JudgedRows rows,
      JudgementExports exports,
      JudgementExport export,
      ArtifactStore artifacts,
      ProjectTabs tabs,
      Formats formats,
      Words words) {
    this.rows = rows;
    this.exports = exports;
    this.export = export;
    this.artifacts = artifacts;
    this.tabs = tabs;
    this.formats = formats;
    this.words = words;
  }

  /// A format with what a file of it would hold now.
  record FormatRow(String title, String name, String what, String holds, String label) {}

  /// A file that was taken.
  record ExportRow(
      long id,
      String name,
      String who,
      Moment when,
      String holds,
      String bytes,
      String sha256,
      String shortHash,
      String label) {}

  @GetMapping(JUDGEMENTS)
  String judgements(@PathVariable("projectId") long projectId, Model model) {
    Project project = tabs.open(projectId, "labelling", model);
    JudgedRows.Counts counts = rows.counts(projectId);
    model.addAttribute(
        "crumbs",
        List.of(
            new Crumb(words.of("room.projects"), "/projects"),
            new Crumb(project.name(), "/projects/" + projectId),
            new Crumb(words.of("tab.labelling"), "/projects/" + projectId + "/labelling"),
            new Crumb(words.of("exchange"), null)));
    model.addAttribute(
        "formats",
        Arrays.stream(JudgementFormat.values()).map(format -> row(format, counts)).toList());
    model.addAttribute(
        "exports", exports.latest(projectId, SHOWN).stream().map(this::row).toList());
    return "exchange/judgements";
  }

  @PostMapping(JUDGEMENTS + "/exports")
  String export(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "format", defaultValue = "") String title,
      @AuthenticationPrincipal SignedInPerson person,
      Model model,
      RedirectAttributes flash) {
    Project project = tabs.open(projectId, "labelling", model);
    @Nullable JudgementFormat format = JudgementFormat.named(title);
    if (format == null) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "no format '" + title + "'");
    }
    JudgementExportRow made = export.make(project, format, person.personId());
    flash.addFlashAttribute(
        "notice",
        new Notice(
            Notice.Kind.GOOD,
            "exchange.exported",
            List.of(words.of("exchange.format." + title), holds(made.judged(), made.skipped()))));
    return "redirect:/projects/" + projectId + "/judgements#exports";
  }

  /// The file itself. It never changes, so it can be fetched again; it is always saved, never
  /// shown.
  @GetMapping(JUDGEMENTS + "/exports/{id:[0-9]{1,18}}/file")
  ResponseEntity<FileSystemResource> file(
      @PathVariable("projectId") long projectId, @PathVariable("id") long id, Model model)
      throws IOException {
    Project project = tabs.open(projectId, "labelling", model);
    JudgementExportRow row =
        exports
            .find(projectId, id)
            .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    @Nullable JudgementFormat format = JudgementFormat.named(row.format());
    if (format == null) {
      throw new ResponseStatusException(HttpStatus.GONE, "format '" + row.format() + "'");
    }
    Path content = artifacts.open(row.artifactSha256());
    return ResponseEntity.ok()
        .contentType(MediaType.parseMediaType(format.mediaType() + ";charset=utf-8"))
        .contentLength(Files.size(content))
        .eTag(row.artifactSha256())
        .header("X-Artifact-SHA256", row.artifactSha256())
        .header(
            HttpHeaders.CONTENT_DISPOSITION,
            ContentDisposition.attachment()
                .filename(JudgementExport.fileName(project, row, format))
                .build()
                .toString())
        .body(new FileSystemResource(content));
  }

  private FormatRow row(JudgementFormat format, JudgedRows.Counts counts) {
    String name = words.of("exchange.format." + format.title());
    return new FormatRow(
        format.title(),
        name,
        words.of("exchange.format." + format.title() + ".what"),
        holds(counts.judged(), format.withSkipped() ? counts.skipped() : 0),
        words.of("exchange.export.as", name));
  }

  private ExportRow row(JudgementExportRow row) {
    String name = words.orElse("exchange.format." + row.format(), row.format());
    return new ExportRow(
        row.id(),
        name,
        row.displayName() == null ? words.of("audit.nobody") : row.displayName(),
        formats.moment(row.createdAt()),
        holds(row.judged(), row.skipped()),
        formats.bytes(row.bytes()),
        row.artifactSha256(),
        formats.shortHash(row.artifactSha256()),
        words.of("exchange.download.of", name, formats.shortHash(row.artifactSha256())));
  }

  private String holds(long judged, long skipped) {
    return skipped == 0
        ? words.of("exchange.holds", formats.number(judged))
        : words.of("exchange.holds.skipped", formats.number(judged), formats.number(skipped));
  }
}
