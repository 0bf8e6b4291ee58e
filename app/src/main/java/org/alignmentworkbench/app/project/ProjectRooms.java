package org.alignmentworkbench.app.project;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.alignmentworkbench.annotation.page.Chip;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Moment;
import org.alignmentworkbench.annotation.page.Progress;
import org.alignmentworkbench.annotation.page.Shown;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.evaluation.PassRates;
import org.alignmentworkbench.app.exchange.JudgementImport;
import org.alignmentworkbench.app.labelling.LabellingState;
import org.alignmentworkbench.app.run.RunPages;
import org.alignmentworkbench.app.web.JsonFacts;
import org.alignmentworkbench.app.web.Pagers;
import org.alignmentworkbench.app.web.ProjectTabs;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.run.RunState;
import org.alignmentworkbench.db.view.DatasetLine;
import org.alignmentworkbench.db.view.LoopCounts;
import org.alignmentworkbench.db.view.ModelLine;
import org.alignmentworkbench.db.view.ModelView;
import org.alignmentworkbench.db.view.ProjectLine;
import org.alignmentworkbench.db.view.ProjectView;
import org.alignmentworkbench.db.view.RunLine;
import org.alignmentworkbench.db.view.RunList;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.JsonNode;

/// The list of projects, a project's overview with the loop drawn, and its models.
@Controller
class ProjectRooms {
  private static final String PROJECT = "/projects/{projectId:[0-9]{1,18}}";

  /// The kinds of dataset that supervised fine-tuning can learn.
  private static final Set<String> LEARNT = Set.of("CONVERSATIONS", "DEMONSTRATIONS", "SELECTED");

  private static final Set<String> LEADING = Set.of("ADMIN", "LEAD");

  private static final int PAGE = 100;
  private static final int RECENT_RUNS = 8;

  private final ProjectView view;
  private final ModelView modelView;
  private final RunList runList;
  private final RunPages runPages;
  private final LoopDrawing drawing;
  private final PassRates passRates;
  private final LabellingState labelling;
  private final ProjectTabs tabs;
  private final Pagers pagers;
  private final Formats formats;
  private final Words words;
  private final Clock clock;

  ProjectRooms(
      ProjectView view,
      ModelView modelView,
      RunList runList,
      RunPages runPages,
      LoopDrawing drawing,
      PassRates passRates,
      LabellingState labelling,
      ProjectTabs tabs,
      Pagers pagers,
      Formats formats,
      Words words,
      Clock clock) {
    this.view = view;
    this.modelView = modelView;
    this.runList = runList;
    this.runPages = runPages;
    this.drawing = drawing;
    this.passRates = passRates;
    this.labelling = labelling;
    this.tabs = tabs;
    this.pagers = pagers;
    this.formats = formats;
    this.words = words;
    this.clock = clock;
  }

  /// A line of the list.
  record Row(
      long id,
      String name,
      Chip state,
      String prompts,
      @Nullable Progress judgements,
      String models,
      String evaluations,
      String activeRuns,
      Moment created) {}

  /// A run in the overview.
  record RecentRun(
      long id, String name, String job, Chip state, String where, @Nullable Moment started) {}

  /// A model in the list.
  record ModelRow(
      long id,
      boolean speaks,
      String name,
      String kind,
      String sha256,
      String shortHash,
      String size,
      boolean swept,
      String base,
      @Nullable Long runId,
      @Nullable String runName,
      @Nullable Long evaluationId,
      @Nullable String stage,
      String known,
      Moment created) {}

  /// A dataset in the list.
  record DatasetRow(
      long id,
      String name,
      String kind,
      String sha256,
      String shortHash,
      String rows,
      boolean learnt,
      @Nullable String refused,
      @Nullable String refusedFile,
      @Nullable Long runId,
      @Nullable String runName,
      Moment created) {}

  @GetMapping("/projects")
  String projects(
      @RequestParam(name = "before", defaultValue = "" + Long.MAX_VALUE) long before,
      @AuthenticationPrincipal SignedInPerson person,
      Model model) {
    Shown<ProjectLine> shown = Shown.of(view.projects(person.personId(), before, PAGE + 1), PAGE);
    model.addAttribute("rows", shown.rows().stream().map(this::row).toList());
    model.addAttribute(
        "pager", pagers.of("/projects", "before", before, shown, ProjectLine::id, ""));
    model.addAttribute("mayMake", !person.role().equals("VIEWER"));
    return "project/list";
  }

  @GetMapping(PROJECT)
  String overview(
      @PathVariable("projectId") long projectId,
      @AuthenticationPrincipal SignedInPerson person,
      Model model) {
    Project project = tabs.open(projectId, "overview", model);
    LoopCounts counts = view.loop(projectId, clock.instant());
    List<RunLine> recent =
        runList.older(new RunList.Filter(projectId, null, null), Long.MAX_VALUE, RECENT_RUNS);
    Optional<RunLine> active = active(projectId);
    boolean mayLabel = !person.role().equals("VIEWER");
    model.addAttribute("mayLaunch", !person.role().equals("VIEWER"));
    boolean leads = LEADING.contains(person.role());
    model.addAttribute("leads", leads);
    model.addAttribute("firstSteps", leads && counts.judged() == 0);
    model.addAttribute("round", counts.round());
    model.addAttribute("nodes", drawing.draw(projectId, counts, active.orElse(null), mayLabel));
    model.addAttribute("runs", recent.stream().map(this::recent).toList());
    model.addAttribute("live", recent.stream().anyMatch(run -> !run.state().ended()));
    model.addAttribute("current", active.map(this::recent).orElse(null));
    model.addAttribute("passRates", passRates.of(projectId));
    model.addAttribute("stuck", stuck(labelling.stuck(projectId, clock.instant())));
    model.addAttribute("seed", String.valueOf(project.seed()));
    model.addAttribute("created", formats.moment(project.createdAt()));
    model.addAttribute(
        "state",
        new Chip(
            project.state() == Project.State.ACTIVE ? "info" : "good",
            words.of("project.state." + project.state())));
    return "project/overview";
  }

  /// What a round waits for in vain, or null.
  private @Nullable String stuck(long slots) {
    if (slots == 0) {
      return null;
    }
    return slots == 1
        ? words.of("labelling.waits.one")
        : words.of("labelling.waits", formats.number(slots));
  }

  /// The run the loop is in: one that works, else one that waits for people, else one queued, else
  /// a last one that broke off.
  private Optional<RunLine> active(long projectId) {
    for (RunState state : List.of(RunState.RUNNING, RunState.WAITING, RunState.QUEUED)) {
      List<RunLine> found =
          runList.older(new RunList.Filter(projectId, state, null), Long.MAX_VALUE, 1);
      if (!found.isEmpty()) {
        return Optional.of(found.getFirst());
      }
    }
    return runList.older(new RunList.Filter(projectId, null, null), Long.MAX_VALUE, 1).stream()
        .filter(run -> run.state() == RunState.FAILED || run.state() == RunState.STOPPED)
        .findFirst();
  }

  @GetMapping(PROJECT + "/models")
  String models(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "modelsBefore", defaultValue = "" + Long.MAX_VALUE) long modelsBefore,
      @RequestParam(name = "datasetsBefore", defaultValue = "" + Long.MAX_VALUE)
          long datasetsBefore,
      @AuthenticationPrincipal SignedInPerson person,
      Model model) {
    tabs.open(projectId, "models", model);
    String here = "/projects/" + projectId + "/models";
    Map<Long, PassRates.Line> rates =
        passRates.of(projectId).stream()
            .collect(Collectors.toMap(PassRates.Line::id, Function.identity()));
    Shown<ModelLine> models = Shown.of(modelView.models(projectId, modelsBefore, PAGE + 1), PAGE);
    model.addAttribute("models", models.rows().stream().map(line -> model(line, rates)).toList());
    model.addAttribute(
        "modelPager", pagers.of(here, "modelsBefore", modelsBefore, models, ModelLine::id, ""));
    Shown<DatasetLine> datasets =
        Shown.of(modelView.datasets(projectId, datasetsBefore, PAGE + 1), PAGE);
    model.addAttribute("datasets", datasets.rows().stream().map(this::dataset).toList());
    model.addAttribute(
        "datasetPager",
        pagers.of(here, "datasetsBefore", datasetsBefore, datasets, DatasetLine::id, "#datasets"));
    model.addAttribute("mayBring", !person.role().equals("VIEWER"));
    model.addAttribute("largest", formats.bytes(JudgementImport.LARGEST));
    return "project/models";
  }

  private Row row(ProjectLine line) {
    return new Row(
        line.id(),
        line.name(),
        new Chip(
            line.state() == Project.State.ACTIVE ? "info" : "good",
            words.of("project.state." + line.state())),
        formats.number(line.prompts()),
        line.wanted() == 0
            ? null
            : new Progress(
                line.judged(),
                line.wanted(),
                words.of(
                    "run.steps", formats.number(line.judged()), formats.number(line.wanted()))),
        formats.number(line.models()),
        formats.number(line.evaluations()),
        formats.number(line.activeRuns()),
        formats.moment(line.createdAt()));
  }

  private RecentRun recent(RunLine run) {
    String where = runPages.where(run);
    if (run.detail().isEmpty() && run.state() == RunState.RUNNING && run.stage() != null) {
      where =
          run.step() != null && run.steps() != null
              ? words.of(
                  "project.run.where",
                  runPages.stage(run.stage()),
                  formats.number(run.step()),
                  formats.number(run.steps()))
              : runPages.stage(run.stage());
    }
    return new RecentRun(
        run.id(),
        run.name(),
        runPages.job(run.jobName()),
        runPages.chip(run.state()),
        where,
        formats.momentOrNull(run.startedAt()));
  }

  private ModelRow model(ModelLine line, Map<Long, PassRates.Line> rates) {
    return new ModelRow(
        line.id(),
        line.kind().equals("POLICY") && !line.swept(),
        line.name(),
        words.of("model.kind." + line.kind()),
        line.artifactSha256(),
        formats.shortHash(line.artifactSha256()),
        formats.bytes(line.bytes()),
        line.swept(),
        line.base() == null ? Formats.NONE : line.base(),
        line.runId(),
        line.runName(),
        line.evaluationId(),
        line.stage(),
        known(
            JsonFacts.tree(line.detail()),
            line.evaluationId() == null ? null : rates.get(line.evaluationId())),
        formats.moment(line.createdAt()));
  }

  /// What was measured of a model, in a few words: a reward model's accuracy on held-out pairs, a
  /// compressed model's size for each weight, the pass rate of its last evaluation.
  private String known(JsonNode detail, PassRates.@Nullable Line rate) {
    JsonNode heldOut = detail.path("heldOut");
    List<String> known = new ArrayList<>();
    if (heldOut.path("accuracy").isNumber()) {
      known.add(
          words.of(
              "model.known.accuracy",
              formats.percent(heldOut.path("accuracy").asDouble()),
              formats.percentInterval(
                  heldOut.path("ciLow").asDouble(Double.NaN),
                  heldOut.path("ciHigh").asDouble(Double.NaN)),
              formats.number(heldOut.path("n").asLong(0))));
    }
    if (detail.path("bitsPerWeight").isNumber()) {
      known.add(
          words.of(
              "model.known.bits", formats.decimal(detail.path("bitsPerWeight").asDouble(), 2)));
    }
    if (rate != null && rate.bar() != null) {
      known.add(words.of("model.known.passRate", rate.value(), rate.interval(), rate.n()));
    }
    return known.isEmpty() ? Formats.NONE : String.join(" · ", known);
  }

  private DatasetRow dataset(DatasetLine line) {
    return new DatasetRow(
        line.id(),
        line.name(),
        words.of("dataset.kind." + line.kind()),
        line.artifactSha256(),
        formats.shortHash(line.artifactSha256()),
        formats.number(line.rows()),
        LEARNT.contains(line.kind()),
        line.refusedFile() == null ? null : formats.number(line.refusedRows()),
        line.refusedFile(),
        line.runId(),
        line.runName(),
        formats.moment(line.createdAt()));
  }
}
