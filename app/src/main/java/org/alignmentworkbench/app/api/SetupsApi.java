package org.alignmentworkbench.app.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.alignmentworkbench.app.labelling.SetupDesk;
import org.alignmentworkbench.app.labelling.WorkDatasets;
import org.alignmentworkbench.app.labelling.WorkExport;
import org.alignmentworkbench.app.labelling.WorkFormat;
import org.alignmentworkbench.app.labelling.WorkLines;
import org.alignmentworkbench.app.security.Account;
import org.alignmentworkbench.app.web.Attachments;
import org.alignmentworkbench.db.exchange.WorkExports.WorkExportRow;
import org.alignmentworkbench.db.kind.KindJson;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.task.Setup;
import org.alignmentworkbench.db.task.Setups;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/// What annotators are asked to do, for leads.
@Tag(name = "Set-ups")
@RestController
class SetupsApi {
  private static final String SETUPS = "/api/v1/projects/{projectId:[0-9]{1,18}}/setups";
  private static final String SETUP = SETUPS + "/{setupId:[0-9]{1,18}}";
  private static final int USUAL_OVERLAP = 3;
  private static final int USUAL_MOST = 200;

  private final SetupDesk desk;
  private final WorkDatasets datasets;
  private final WorkExport export;
  private final Attachments attachments;
  private final OpenProject open;

  SetupsApi(
      SetupDesk desk,
      WorkDatasets datasets,
      WorkExport export,
      Attachments attachments,
      OpenProject open) {
    this.desk = desk;
    this.datasets = datasets;
    this.export = export;
    this.attachments = attachments;
    this.open = open;
  }

  /// What was asked for at one time.
  ///
  /// @param question its `kind` and what the kind has
  /// @param tasks how many were new
  /// @param wanted judgements that they want, of which `judged` are there
  /// @param repeatPercent of its choices that somebody is dealt, those they made before, asked
  ///   again with the sides swapped
  /// @param mixed whether its tasks are mixed with those that waited before it
  record SetupJson(
      long id,
      Map<String, Object> question,
      int overlap,
      Map<String, Object> source,
      int tasks,
      long judged,
      long wanted,
      long ties,
      long bothBad,
      int repeatPercent,
      boolean mixed,
      String madeBy,
      Instant madeAt) {
    static SetupJson of(Setup setup) {
      return new SetupJson(
          setup.id(),
          Json.object(KindJson.write(setup.question())),
          setup.overlap(),
          Json.object(setup.source()),
          setup.tasks(),
          setup.judged(),
          setup.wanted(),
          setup.undecided().ties(),
          setup.undecided().bothBad(),
          setup.repeatPercent(),
          setup.mixed(),
          setup.madeBy(),
          setup.madeAt());
    }
  }

  /// A prompt with its answers.
  ///
  /// @param language of the prompt, a BCP 47 tag; absent where it is not known
  record WorkItem(String prompt, @Nullable List<String> answers, @Nullable String language) {}

  /// What is asked for.
  ///
  /// @param question its `kind` and what the kind has: `bothBad`, `dimensions`, `ties`, `least`,
  ///   `reasons`, or `harm` and `policies`
  /// @param overlap judgements wanted of each task; 3 where it is left out
  /// @param answers of a ranking
  /// @param split TRAIN, PREFERENCE or HELD_OUT; all prompts where it is left out
  /// @param model name of the model whose responses are taken, or that a RED_TEAM task is about
  /// @param most tasks at most; 200 where it is left out
  /// @param repeatPercent of a CHOICE, 0 to 50: of the tasks somebody is dealt, those they did
  ///   before, asked again with the sides swapped; 0 where it is left out
  /// @param mixed whether the tasks are mixed with what waits already; where it is left out they
  ///   come after it
  /// @param work what the tasks are made of, instead of what the project has
  /// @param dryRun whether it is only counted
  record NewSetup(
      Map<String, Object> question,
      @Nullable Integer overlap,
      @Nullable Integer answers,
      @Nullable String split,
      @Nullable String model,
      @Nullable Integer most,
      @Nullable Integer repeatPercent,
      @Nullable Boolean mixed,
      @Nullable List<WorkItem> work,
      @Nullable Boolean dryRun) {}

  /// What came of it.
  ///
  /// @param setup null where nothing was made
  /// @param made tasks that are new
  /// @param there tasks that had been asked for in the same way before
  record MadeSetup(@Nullable Long setup, int made, int there) {}

  @Operation(summary = "Lists a project's set-ups, newest first")
  @GetMapping(SETUPS)
  List<SetupJson> list(@PathVariable("projectId") long projectId) {
    open.project(projectId);
    return desk.all(projectId).stream().map(SetupJson::of).toList();
  }

  @Operation(summary = "Shows a set-up and how far it is")
  @GetMapping(SETUP)
  SetupJson show(@PathVariable("projectId") long projectId, @PathVariable("setupId") long setupId) {
    return SetupJson.of(find(projectId, setupId));
  }

  @Operation(
      summary = "Makes tasks of one kind",
      description =
          "The same again makes nothing, and one that reaches further makes what is new. A dry run"
              + " answers 200 with how many tasks there would be.")
  @PostMapping(SETUPS)
  ResponseEntity<MadeSetup> make(
      @PathVariable("projectId") long projectId,
      @RequestBody NewSetup body,
      @AuthenticationPrincipal Account person)
      throws IOException {
    var project = open.project(projectId);
    SetupDesk.Wish wish = wish(body);
    int tasks = desk.count(projectId, wish);
    if (tasks == 0) {
      throw Problems.refused("there is nothing that such a task could be made of");
    }
    if (Boolean.TRUE.equals(body.dryRun())) {
      return ResponseEntity.ok(new MadeSetup(null, tasks, 0));
    }
    Setups.Made made = desk.make(project, wish, person.personId());
    return ResponseEntity.status(made.made() > 0 ? HttpStatus.CREATED : HttpStatus.OK)
        .body(new MadeSetup(made.setupId(), made.made(), made.there()));
  }

  private static SetupDesk.Wish wish(NewSetup body) throws IOException {
    if (body.question() == null) {
      throw Problems.refused("question must have a kind, was null");
    }
    Question question = KindJson.question(JsonMapper.shared().writeValueAsString(body.question()));
    TaskKind kind = question.kind();
    int answers = body.answers() == null || kind != TaskKind.RANK ? usual(kind) : body.answers();
    return new SetupDesk.Wish(
        question,
        body.overlap() == null ? USUAL_OVERLAP : body.overlap(),
        answers,
        body.split() == null ? "" : body.split(),
        body.model() == null ? "" : body.model(),
        body.most() == null ? USUAL_MOST : body.most(),
        body.repeatPercent() == null ? 0 : body.repeatPercent(),
        Boolean.TRUE.equals(body.mixed()),
        body.work() == null ? null : brought(body.work(), kind));
  }

  private static int usual(TaskKind kind) {
    return kind == TaskKind.RANK ? USUAL_OVERLAP : kind.mostAnswers();
  }

  /// By the rules of a file of the same rows, which is kept as what they come from.
  private static SetupDesk.Brought brought(List<WorkItem> work, TaskKind kind) throws IOException {
    byte[] lines =
        work.stream()
            .map(SetupsApi::row)
            .map(JsonMapper.shared()::writeValueAsString)
            .collect(Collectors.joining("\n"))
            .getBytes(StandardCharsets.UTF_8);
    return new SetupDesk.Brought(
        WorkLines.read(new ByteArrayInputStream(lines), kind),
        () -> new ByteArrayInputStream(lines));
  }

  private static Map<String, Object> row(WorkItem item) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("prompt", String.valueOf(item.prompt()));
    if (item.answers() != null) {
      row.put("answers", item.answers());
    }
    if (item.language() != null) {
      row.put("language", item.language());
    }
    return row;
  }

  /// A dataset that was made of texts.
  record LearntJson(long dataset, String name, String sha256, long rows) {}

  @Operation(
      summary = "Makes a data set of what was written or edited, for a fine-tuning to learn",
      description = "409 where nobody has written anything yet.")
  @PostMapping(SETUP + "/dataset")
  LearntJson learn(
      @PathVariable("projectId") long projectId,
      @PathVariable("setupId") long setupId,
      @AuthenticationPrincipal Account person)
      throws IOException {
    Setup setup = find(projectId, setupId);
    TaskKind kind = setup.question().kind();
    if (kind != TaskKind.DEMONSTRATION && kind != TaskKind.EDIT) {
      throw Problems.refused(
          "kind must be DEMONSTRATION or EDIT, was %s: its answers are no texts".formatted(kind));
    }
    return datasets
        .make(setup, person.personId())
        .map(made -> new LearntJson(made.id(), made.name(), made.artifactSha256(), made.rowCount()))
        .orElseThrow(
            () -> Problems.conflict("nobody has written anything for set-up " + setupId + " yet"));
  }

  /// A file of answers.
  ///
  /// @param sha256 of its content: what its lineage is asked for by
  /// @param withdrawn answers in it that count no more
  /// @param file where it is fetched
  record WorkExportJson(
      long id,
      String format,
      String sha256,
      long bytes,
      long judged,
      long skipped,
      long withdrawn,
      Instant createdAt,
      String file) {}

  /// What is wanted of an export.
  ///
  /// @param format jsonl, csv (for spreadsheets), csv-data (for programs) or parquet
  /// @param withdrawn whether answers that were withdrawn are in it too, by status, with who, when
  ///   and why; not where it is left out
  record NewWorkExport(String format, @Nullable Boolean withdrawn) {}

  @Operation(summary = "Lists the files of answers that were taken out of a set-up, newest first")
  @GetMapping(SETUP + "/exports")
  Page<WorkExportJson> exports(
      @PathVariable("projectId") long projectId,
      @PathVariable("setupId") long setupId,
      @RequestParam(name = "before", defaultValue = "" + Long.MAX_VALUE) long before,
      @RequestParam(name = "limit", defaultValue = Page.USUAL) int limit) {
    Setup setup = find(projectId, setupId);
    int most = Page.limit(limit);
    return Page.of(
        export.latest(setup.id(), before, most + 1).stream()
            .map(row -> json(projectId, row))
            .toList(),
        most,
        WorkExportJson::id);
  }

  private static WorkExportJson json(long projectId, WorkExportRow row) {
    return new WorkExportJson(
        row.id(),
        row.format(),
        row.artifactSha256(),
        row.bytes(),
        row.judged(),
        row.skipped(),
        row.withdrawn(),
        row.createdAt(),
        "/api/v1/projects/%d/setups/%d/exports/%d/file"
            .formatted(projectId, row.setupId(), row.id()));
  }

  @Operation(
      summary = "Writes all answers to a set-up into a file of one format",
      description = "The same answers in the same format again are the same file.")
  @PostMapping(SETUP + "/exports")
  ResponseEntity<WorkExportJson> export(
      @PathVariable("projectId") long projectId,
      @PathVariable("setupId") long setupId,
      @RequestBody NewWorkExport wish,
      @AuthenticationPrincipal Account person) {
    Setup setup = find(projectId, setupId);
    if (setup.question().kind() == TaskKind.PAIR) {
      throw Problems.refused("comparisons leave by judgements/exports, set-up " + setupId + " too");
    }
    WorkFormat format =
        WorkFormat.named(String.valueOf(wish.format()))
            .orElseThrow(() ->
                Problems.refused(
                    "format must be one of %s, was '%s'"
                        .formatted(
                            Stream.of(WorkFormat.values()).map(WorkFormat::title).toList(),
                            wish.format())));
    return ResponseEntity.status(HttpStatus.CREATED)
        .body(
            json(
                projectId,
                export.make(
                    setup, format, Boolean.TRUE.equals(wish.withdrawn()), person.personId())));
  }

  @Operation(summary = "Fetches a file of answers; it never changes")
  @GetMapping(SETUP + "/exports/{exportId:[0-9]{1,18}}/file")
  ResponseEntity<FileSystemResource> file(
      @PathVariable("projectId") long projectId,
      @PathVariable("setupId") long setupId,
      @PathVariable("exportId") long exportId)
      throws IOException {
    Setup setup = find(projectId, setupId);
    WorkExportRow row =
        export
            .find(setupId, exportId)
            .orElseThrow(
                () -> Problems.notFound("set-up %d has no export %d".formatted(setupId, exportId)));
    WorkFormat format = WorkFormat.named(row.format()).orElseThrow();
    return attachments.of(
        row.artifactSha256(), format.contentType(), WorkExport.fileName(setup, row, format));
  }

  private Setup find(long projectId, long setupId) {
    open.project(projectId);
    return desk.find(projectId, setupId)
        .orElseThrow(
            () -> Problems.notFound("project %d has no set-up %d".formatted(projectId, setupId)));
  }
}
