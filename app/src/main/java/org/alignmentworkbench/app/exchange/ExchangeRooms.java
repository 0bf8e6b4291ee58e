package org.alignmentworkbench.app.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.alignmentworkbench.annotation.page.Chip;
import org.alignmentworkbench.annotation.page.Crumb;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Moment;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.Option;
import org.alignmentworkbench.annotation.page.Shown;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.web.Attachments;
import org.alignmentworkbench.app.web.Pagers;
import org.alignmentworkbench.app.web.ProjectTabs;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.exchange.ImportCounts;
import org.alignmentworkbench.db.exchange.JudgedRows;
import org.alignmentworkbench.db.exchange.JudgementExportRow;
import org.alignmentworkbench.db.exchange.JudgementExports;
import org.alignmentworkbench.db.exchange.JudgementImportRow;
import org.alignmentworkbench.db.exchange.JudgementImportRow.Purpose;
import org.alignmentworkbench.db.exchange.JudgementImportRow.State;
import org.alignmentworkbench.db.exchange.JudgementImports;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.model.dataset.FieldNames;
import org.alignmentworkbench.model.dataset.JudgementFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/// Where a project's judgements leave and come in.
@Controller
class ExchangeRooms {
  private static final String JUDGEMENTS = "/projects/{projectId:[0-9]{1,18}}/judgements";
  private static final int SHOWN = 50;

  private final JudgedRows rows;
  private final JudgementExports exports;
  private final JudgementExport export;
  private final JudgementImports imports;
  private final JudgementImport bringing;
  private final Attachments attachments;
  private final ProjectTabs tabs;
  private final Pagers pagers;
  private final Formats formats;
  private final Words words;

  ExchangeRooms(
      JudgedRows rows,
      JudgementExports exports,
      JudgementExport export,
      JudgementImports imports,
      JudgementImport bringing,
      Attachments attachments,
      ProjectTabs tabs,
      Pagers pagers,
      Formats formats,
      Words words) {
    this.rows = rows;
    this.exports = exports;
    this.export = export;
    this.imports = imports;
    this.bringing = bringing;
    this.attachments = attachments;
    this.tabs = tabs;
    this.pagers = pagers;
    this.formats = formats;
    this.words = words;
  }

  /// A format with what a file of it would hold now.
  ///
  /// @param withdrawn whether it can hold withdrawn judgements, too
  record FormatRow(
      String title,
      String name,
      String what,
      String holds,
      String label,
      boolean withdrawn,
      String withdrawnLabel) {}

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

  /// A file that was brought.
  ///
  /// @param runId the run that reads it, or null
  /// @param counts what it came to, in words, or null
  /// @param fault why nothing of it was taken, or null
  /// @param refused how much was left out, or null for nothing
  record ImportRow(
      long id,
      String name,
      String purpose,
      Chip state,
      String who,
      Moment when,
      @Nullable Long runId,
      @Nullable String counts,
      @Nullable String fault,
      @Nullable String refused,
      String refusedLabel) {}

  private List<Option> options(String prefix, String... values) {
    return Arrays.stream(values).map(value -> new Option(value, words.of(prefix + value))).toList();
  }

  @GetMapping(JUDGEMENTS)
  String judgements(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "importsBefore", defaultValue = "" + Long.MAX_VALUE) long importsBefore,
      @RequestParam(name = "exportsBefore", defaultValue = "" + Long.MAX_VALUE) long exportsBefore,
      Model model) {
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
    String here = "/projects/" + projectId + "/judgements";
    Shown<JudgementImportRow> brought =
        Shown.of(imports.latest(projectId, importsBefore, SHOWN + 1), SHOWN);
    model.addAttribute("imports", brought.rows().stream().map(this::row).toList());
    model.addAttribute(
        "importPager",
        pagers.of(
            here, "importsBefore", importsBefore, brought, JudgementImportRow::id, "#imports"));
    model.addAttribute(
        "busy", brought.rows().stream().anyMatch(row -> row.state() == State.WAITING));
    model.addAttribute("largest", formats.bytes(JudgementImport.LARGEST));
    model.addAttribute("purposes", options("exchange.purpose.", "JUDGEMENTS", "PAIRS"));
    model.addAttribute("strengths", options("exchange.strength.", "1", "2", "3", "4"));
    Shown<JudgementExportRow> taken =
        Shown.of(exports.latest(projectId, exportsBefore, SHOWN + 1), SHOWN);
    model.addAttribute("exports", taken.rows().stream().map(this::row).toList());
    model.addAttribute(
        "exportPager",
        pagers.of(here, "exportsBefore", exportsBefore, taken, JudgementExportRow::id, "#exports"));
    return "exchange/judgements";
  }

  /// Takes a file in; what is in it is looked at by a run.
  @PostMapping(JUDGEMENTS + "/imports")
  String bring(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "file", required = false) @Nullable MultipartFile file,
      @RequestParam(name = "purpose", defaultValue = "JUDGEMENTS") Purpose purpose,
      @RequestParam(name = "overlap", defaultValue = "1") int overlap,
      @RequestParam(name = "strength", defaultValue = "3") int strength,
      @RequestParam(name = "dryRun", defaultValue = "false") boolean dryRun,
      @RequestParam(name = "promptColumn", required = false) @Nullable String promptColumn,
      @RequestParam(name = "chosenColumn", required = false) @Nullable String chosenColumn,
      @RequestParam(name = "rejectedColumn", required = false) @Nullable String rejectedColumn,
      @AuthenticationPrincipal SignedInPerson person,
      Model model,
      RedirectAttributes flash)
      throws IOException {
    Project project = tabs.open(projectId, "labelling", model);
    flash.addFlashAttribute(
        "notice",
        file == null || file.isEmpty()
            ? Notice.of(Notice.Kind.BAD, "exchange.import.noFile")
            : bring(
                project,
                file,
                () ->
                    new JudgementImport.Wish(
                        purpose,
                        overlap,
                        strength,
                        dryRun,
                        new FieldNames(promptColumn, chosenColumn, rejectedColumn)),
                person));
    return "redirect:/projects/" + projectId + "/judgements#imports";
  }

  private Notice bring(
      Project project,
      MultipartFile file,
      Supplier<JudgementImport.Wish> wish,
      SignedInPerson person)
      throws IOException {
    try (InputStream in = file.getInputStream()) {
      JudgementImport.Accepted accepted =
          bringing.accept(
              project,
              in,
              String.valueOf(file.getOriginalFilename()),
              wish.get(),
              person.personId());
      List<String> name = List.of(accepted.row().fileName());
      return accepted.again()
          ? new Notice(Notice.Kind.INFO, "exchange.import.again", name)
          : new Notice(Notice.Kind.GOOD, "exchange.import.queued", name);
    } catch (IllegalArgumentException e) {
      return new Notice(
          Notice.Kind.BAD, "exchange.import.refused", List.of(String.valueOf(e.getMessage())));
    }
  }

  /// What was left out of a file: row, rule and reason, as a table for spreadsheets.
  @GetMapping(JUDGEMENTS + "/imports/{id:[0-9]{1,18}}/refused")
  ResponseEntity<FileSystemResource> refused(
      @PathVariable("projectId") long projectId, @PathVariable("id") long id, Model model)
      throws IOException {
    tabs.open(projectId, "labelling", model);
    String sha256 =
        imports
            .find(id)
            .filter(row -> row.projectId() == projectId)
            .map(JudgementImportRow::refusalsSha256)
            .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    return attachments.of(sha256, "text/csv;charset=utf-8", "import-" + id + "-refused.csv");
  }

  @PostMapping(JUDGEMENTS + "/exports")
  String export(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "format", defaultValue = "") String title,
      @RequestParam(name = "withdrawn", defaultValue = "false") boolean withdrawn,
      @AuthenticationPrincipal SignedInPerson person,
      Model model,
      RedirectAttributes flash) {
    Project project = tabs.open(projectId, "labelling", model);
    @Nullable JudgementFormat format = JudgementFormat.named(title);
    if (format == null) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "no format '" + title + "'");
    }
    if (withdrawn && !format.withWithdrawn()) {
      throw new ResponseStatusException(
          HttpStatus.BAD_REQUEST, "no withdrawn judgements in '" + title + "'");
    }
    JudgementExportRow made = export.make(project, format, withdrawn, person.personId());
    flash.addFlashAttribute(
        "notice",
        new Notice(
            Notice.Kind.GOOD,
            "exchange.exported",
            List.of(words.of("exchange.format." + title), holds(made))));
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
    return attachments.of(
        row.artifactSha256(), format.contentType(), JudgementExport.fileName(project, row, format));
  }

  private FormatRow row(JudgementFormat format, JudgedRows.Counts counts) {
    String name = words.of("exchange.format." + format.title());
    return new FormatRow(
        format.title(),
        name,
        words.of("exchange.format." + format.title() + ".what"),
        holds(counts.judged(), format.withSkipped() ? counts.skipped() : 0),
        words.of("exchange.export.as", name),
        format.withWithdrawn(),
        words.of("exchange.export.withdrawn.as", name));
  }

  private ExportRow row(JudgementExportRow row) {
    String name = words.orElse("exchange.format." + row.format(), row.format());
    return new ExportRow(
        row.id(),
        name,
        row.displayName() == null ? words.of("audit.nobody") : row.displayName(),
        formats.moment(row.createdAt()),
        holds(row),
        formats.bytes(row.bytes()),
        row.artifactSha256(),
        formats.shortHash(row.artifactSha256()),
        words.of("exchange.download.of", name, formats.shortHash(row.artifactSha256())));
  }

  private ImportRow row(JudgementImportRow row) {
    @Nullable ImportCounts counts = row.counts();
    return new ImportRow(
        row.id(),
        row.fileName(),
        words.of("exchange.purpose." + row.purpose()),
        new Chip(kind(row.state()), words.of("exchange.state." + row.state())),
        row.displayName() == null ? words.of("audit.nobody") : row.displayName(),
        formats.moment(row.createdAt()),
        row.runId(),
        counts == null || row.state() == State.REFUSED ? null : told(counts),
        row.fault(),
        row.refusalsSha256() == null || counts == null ? null : formats.number(counts.refused()),
        words.of("exchange.refused.of", row.fileName()));
  }

  private static String kind(State state) {
    return switch (state) {
      case WAITING -> "info";
      case TAKEN -> "good";
      case TRIED -> "neutral";
      case REFUSED, BROKEN -> "bad";
    };
  }

  private String told(ImportCounts counts) {
    return words.of(
        "exchange.counts",
        formats.number(counts.rows()),
        formats.number(counts.pairs()),
        formats.number(counts.judgements()),
        formats.number(counts.skips()),
        formats.number(counts.there()));
  }

  private String holds(JudgementExportRow row) {
    String counted = holds(row.judged(), row.skipped());
    return row.withdrawn() == 0
        ? counted
        : words.of("exchange.holds.withdrawn", counted, formats.number(row.withdrawn()));
  }

  private String holds(long judged, long skipped) {
    return skipped == 0
        ? words.of("exchange.holds", formats.number(judged))
        : words.of("exchange.holds.skipped", formats.number(judged), formats.number(skipped));
  }
}
