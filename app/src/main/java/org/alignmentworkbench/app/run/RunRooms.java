package org.alignmentworkbench.app.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.alignmentworkbench.annotation.page.Crumb;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.Pager;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.dataset.BroughtData;
import org.alignmentworkbench.app.web.Choice;
import org.alignmentworkbench.app.web.JsonFacts;
import org.alignmentworkbench.app.web.ProjectTabs;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.alignmentworkbench.db.run.Heartbeat;
import org.alignmentworkbench.db.run.LogLine;
import org.alignmentworkbench.db.run.MetricPoint;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunChange;
import org.alignmentworkbench.db.run.RunControl;
import org.alignmentworkbench.db.run.RunRepository;
import org.alignmentworkbench.db.run.RunState;
import org.alignmentworkbench.db.view.CurveSummary;
import org.alignmentworkbench.db.view.LineageView;
import org.alignmentworkbench.db.view.RunLine;
import org.alignmentworkbench.db.view.RunList;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/// The list of runs and the page of one run.
@Controller
class RunRooms {
  private static final String ID = "{id:[0-9]{1,18}}";
  private static final String PROJECT = "{projectId:[0-9]{1,18}}";
  private static final int PAGE = 40;
  private static final int LOG_LINES = 200;
  private static final int ARTIFACTS = 40;

  private final RunRepository runs;
  private final RunList list;
  private final ProjectRepository projects;
  private final LineageView lineage;
  private final AuditRepository audit;
  private final RunControl control;
  private final RunPages pages;
  private final RunStream stream;
  private final RunSettings settings;
  private final BroughtData data;
  private final ProjectTabs tabs;
  private final Formats formats;
  private final Words words;

  RunRooms(
      RunRepository runs,
      RunList list,
      ProjectRepository projects,
      LineageView lineage,
      AuditRepository audit,
      RunControl control,
      RunPages pages,
      RunStream stream,
      RunSettings settings,
      BroughtData data,
      ProjectTabs tabs,
      Formats formats,
      Words words) {
    this.runs = runs;
    this.list = list;
    this.projects = projects;
    this.lineage = lineage;
    this.audit = audit;
    this.control = control;
    this.pages = pages;
    this.stream = stream;
    this.settings = settings;
    this.data = data;
    this.tabs = tabs;
    this.formats = formats;
    this.words = words;
  }

  @GetMapping("/runs")
  String all(
      @RequestParam(name = "state", required = false) @Nullable RunState state,
      @RequestParam(name = "job", required = false) @Nullable String job,
      @RequestParam(name = "text", required = false) @Nullable String text,
      @RequestParam(name = "from", required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE)
          @Nullable LocalDate from,
      @RequestParam(name = "to", required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE)
          @Nullable LocalDate to,
      @RequestParam(name = "before", required = false) @Nullable Long before,
      @RequestParam(name = "after", required = false) @Nullable Long after,
      @AuthenticationPrincipal SignedInPerson person,
      Model model) {
    model.addAttribute("room", "runs");
    model.addAttribute("manyProjects", true);
    RunListAddress asked = RunListAddress.of("/runs", state, job, text, from, to);
    fill(asked, null, person, before, after, model);
    return "run/list";
  }

  @GetMapping("/projects/" + PROJECT + "/runs")
  String ofProject(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "state", required = false) @Nullable RunState state,
      @RequestParam(name = "job", required = false) @Nullable String job,
      @RequestParam(name = "text", required = false) @Nullable String text,
      @RequestParam(name = "from", required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE)
          @Nullable LocalDate from,
      @RequestParam(name = "to", required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE)
          @Nullable LocalDate to,
      @RequestParam(name = "before", required = false) @Nullable Long before,
      @RequestParam(name = "after", required = false) @Nullable Long after,
      @AuthenticationPrincipal SignedInPerson person,
      Model model) {
    Project project = tabs.open(projectId, "runs", model);
    model.addAttribute("room", "projects");
    model.addAttribute("manyProjects", false);
    model.addAttribute("comparable", "/projects/" + project.id() + "/runs/compare");
    model.addAttribute(
        "newRun", mayControl(person) ? "/projects/" + project.id() + "/runs/new" : null);
    String path = "/projects/" + project.id() + "/runs";
    fill(
        RunListAddress.of(path, state, job, text, from, to),
        project.id(),
        person,
        before,
        after,
        model);
    return "run/list";
  }

  private void fill(
      RunListAddress asked,
      @Nullable Long projectId,
      SignedInPerson person,
      @Nullable Long before,
      @Nullable Long after,
      Model model) {
    RunList.Filter filter =
        asked.filter(projectId, projectId == null ? person.personId() : null, formats.zone());
    // One row more than is shown tells whether there is another page.
    List<RunLine> found =
        after == null
            ? list.older(filter, before == null ? Long.MAX_VALUE : before, PAGE + 1)
            : list.newer(filter, after, PAGE + 1);
    boolean more = found.size() > PAGE;
    List<RunLine> shown =
        !more ? found : after == null ? found.subList(0, PAGE) : found.subList(1, PAGE + 1);
    boolean newer = after == null ? before != null : more;
    boolean older = after == null ? more : true;
    boolean may = mayControl(person);
    model.addAttribute("rows", shown.stream().map(run -> pages.row(run, may)).toList());
    model.addAttribute("live", shown.stream().anyMatch(run -> !run.state().ended()));
    model.addAttribute("states", stateChoices(asked, filter));
    model.addAttribute("jobs", jobChoices(asked, filter));
    model.addAttribute("filtered", asked.narrowed());
    model.addAttribute("asked", asked);
    model.addAttribute("path", asked.path());
    model.addAttribute("zone", formats.zone().getId());
    // Where a stop or restart leads back to: this very part of the list.
    model.addAttribute(
        "here",
        after != null
            ? asked.at("after", after)
            : before != null ? asked.at("before", before) : asked.href());
    if (!shown.isEmpty()) {
      model.addAttribute(
          "pager",
          new Pager(
              newer ? asked.at("after", shown.getFirst().id()) : null,
              older ? asked.at("before", shown.getLast().id()) : null,
              words.of("runs.shown", formats.number(shown.size()))));
    }
  }

  private List<Choice> stateChoices(RunListAddress asked, RunList.Filter filter) {
    Map<RunState, Long> counts = list.byState(filter);
    List<Choice> choices = new ArrayList<>();
    long all = counts.values().stream().mapToLong(Long::longValue).sum();
    choices.add(
        new Choice(
            words.of("runs.anyState", formats.number(all)),
            asked.withState(null).href(),
            asked.state() == null));
    counts.forEach((state, count) -> {
      if (count > 0 || state == asked.state()) {
        choices.add(
            new Choice(
                words.of("run.state." + state) + " " + formats.number(count),
                asked.withState(state).href(),
                state == asked.state()));
      }
    });
    return choices;
  }

  private List<Choice> jobChoices(RunListAddress asked, RunList.Filter filter) {
    List<Choice> choices = new ArrayList<>();
    choices.add(
        new Choice(words.of("runs.anyJob"), asked.withJob(null).href(), asked.job() == null));
    for (String name : list.jobNames(filter)) {
      choices.add(
          new Choice(pages.job(name), asked.withJob(name).href(), name.equals(asked.job())));
    }
    return choices;
  }

  @GetMapping("/runs/" + ID)
  String run(
      @PathVariable("id") long id, @AuthenticationPrincipal SignedInPerson person, Model model) {
    Run run = find(id);
    Project project = projects.find(run.projectId()).orElseThrow();
    List<CurveSummary> curves = list.curves(id);
    List<RunViews.Line> lines = runs.logTail(id, LOG_LINES).stream().map(pages::line).toList();
    model.addAttribute("run", pages.run(run, project));
    Optional<Heartbeat> beat = runs.heartbeat(id);
    boolean live = !run.state().ended();
    model.addAttribute("status", status(run, beat, person));
    model.addAttribute(
        "stages", pages.plots(curves, live ? beat.map(Heartbeat::stage).orElse(null) : null));
    model.addAttribute("curves", curves.stream().map(pages::curve).toList());
    List<RunSettings.Line> set = settings.lines(run.jobName(), run.configuration());
    model.addAttribute("settings", settings.groups(set));
    model.addAttribute("changed", set.stream().filter(RunSettings.Line::changed).toList());
    model.addAttribute("settingCount", formats.number(set.size()));
    model.addAttribute("lines", lines);
    model.addAttribute("lastLine", lines.isEmpty() ? 0 : lines.getLast().id());
    model.addAttribute("brought", brought(run));
    model.addAttribute("inputs", pages.inputs(lineage.usedBy(id, ARTIFACTS)));
    model.addAttribute(
        "outputs", lineage.madeBy(id, ARTIFACTS).stream().map(pages::output).toList());
    model.addAttribute(
        "crumbs",
        List.of(
            new Crumb(words.of("room.projects"), "/projects"),
            new Crumb(project.name(), "/projects/" + project.id()),
            new Crumb(words.of("runs.title"), "/projects/" + project.id() + "/runs"),
            new Crumb(run.name(), null)));
    return "run/run";
  }

  /// The files that a run's data were read from, where rows were left out and listed.
  private List<RunViews.Brought> brought(Run run) {
    @Nullable Dataset dataset = data.datasetOf(run);
    return dataset == null
        ? List.of()
        : data.filesOf(dataset).stream()
            .filter(file -> file.refusalsSha256() != null)
            .map(file ->
                new RunViews.Brought(
                    words.of("run.data.refused", file.name(), formats.number(file.refusedRows())),
                    "/projects/"
                        + run.projectId()
                        + "/datasets/"
                        + dataset.id()
                        + "/files/"
                        + file.artifactSha256()
                        + "/refused"))
            .toList();
  }

  private RunViews.Status status(Run run, Optional<Heartbeat> beat, SignedInPerson person) {
    boolean may = mayControl(person);
    return pages.status(run, beat, outcome(run), may, may && settings.known(run.jobName()) != null);
  }

  /// The last thing a run said of its work; that it completed is said anyway.
  private @Nullable String outcome(Run run) {
    return runs.logTail(run.id(), 2).stream()
        .map(LogLine::message)
        .filter(message -> !message.equals("Completed."))
        .reduce((_, later) -> later)
        .orElse(null);
  }

  /// The part that changes, alone.
  @GetMapping("/runs/" + ID + "/status")
  String status(
      @PathVariable("id") long id, @AuthenticationPrincipal SignedInPerson person, Model model) {
    Run run = find(id);
    model.addAttribute("status", status(run, runs.heartbeat(id), person));
    return "run/status :: status";
  }

  @GetMapping("/runs/" + ID + "/curves.json")
  @ResponseBody
  Curves curves(@PathVariable("id") long id) {
    find(id);
    // One statement, so that no point falls between two looks.
    return Curves.of(runs.pointsAfter(id, 0, Integer.MAX_VALUE), pages::legend);
  }

  @GetMapping("/runs/" + ID + "/events")
  SseEmitter events(
      @PathVariable("id") long id,
      @RequestParam(name = "after", defaultValue = "0.0") String after,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
      HttpServletResponse response) {
    find(id);
    // A proxy that collects the answer would hold the events back.
    response.setHeader("X-Accel-Buffering", "no");
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    return stream.open(id, StreamPosition.parse(Objects.requireNonNullElse(lastEventId, after)));
  }

  @GetMapping("/runs/" + ID + "/metrics.csv")
  void csv(@PathVariable("id") long id, HttpServletResponse response) throws IOException {
    find(id);
    download(response, "text/csv", "run-" + id + ".csv");
    var out = response.getWriter();
    out.write("series,step,value,at\n");
    for (MetricPoint point : runs.pointsAfter(id, 0, Integer.MAX_VALUE)) {
      out.write('"' + point.series().replace("\"", "\"\"") + "\"," + point.step() + ',');
      out.write((point.value() == null ? "" : point.value().toString()) + ',' + point.at() + '\n');
    }
  }

  @GetMapping("/runs/" + ID + "/log.txt")
  void log(@PathVariable("id") long id, HttpServletResponse response) throws IOException {
    find(id);
    download(response, "text/plain", "run-" + id + ".log.txt");
    var out = response.getWriter();
    long after = 0;
    while (true) {
      var lines = runs.logAfter(id, after, 1000);
      for (var line : lines) {
        out.write(line.at() + " " + line.level() + " " + line.message() + '\n');
        after = line.id();
      }
      if (lines.size() < 1000) {
        return;
      }
    }
  }

  @GetMapping("/runs/" + ID + "/settings.yaml")
  void settings(@PathVariable("id") long id, HttpServletResponse response) throws IOException {
    Run run = find(id);
    Project project = projects.find(run.projectId()).orElseThrow();
    download(response, "application/yaml", "run-" + id + ".settings.yaml");
    response
        .getWriter()
        .write(
            SettingsYaml.write(
                List.of(
                    words.of("run.yaml.head", Words.oneLine(run.name()), run.jobName()),
                    words.of(
                        "run.yaml.project",
                        Words.oneLine(project.name()),
                        String.valueOf(run.seed()))),
                settings.known(run.jobName()),
                JsonFacts.tree(run.configuration())));
  }

  @PostMapping("/runs/" + ID + "/stop")
  String stop(
      @PathVariable("id") long id,
      @RequestParam(name = "list", required = false) @Nullable String list,
      @AuthenticationPrincipal SignedInPerson person,
      RedirectAttributes flash) {
    return answer(find(id), "run.stop", control.stop(id), list, person, flash);
  }

  @PostMapping("/runs/" + ID + "/restart")
  String restart(
      @PathVariable("id") long id,
      @RequestParam(name = "list", required = false) @Nullable String list,
      @AuthenticationPrincipal SignedInPerson person,
      RedirectAttributes flash) {
    return answer(find(id), "run.restart", control.restart(id), list, person, flash);
  }

  /// Leads back to where it was asked for: the run, or the list that shows it among others.
  private String answer(
      Run run,
      String action,
      RunChange change,
      @Nullable String list,
      SignedInPerson person,
      RedirectAttributes flash) {
    boolean inList = RunListAddress.isOne(list);
    String word = inList ? "runs" + action.substring(3) : action;
    List<String> named = inList ? List.of(run.name()) : List.of();
    Notice notice =
        switch (change) {
          case RunChange.Changed _ -> {
            audit.record(person.personId(), action, "run " + run.id(), "{}");
            yield new Notice(Notice.Kind.GOOD, word + ".done", named);
          }
          case RunChange.Refused refused ->
              new Notice(
                  Notice.Kind.WARN,
                  word + ".refused",
                  Stream.concat(
                          Stream.of(words.of("run.state." + refused.actual())), named.stream())
                      .toList());
          case RunChange.NoSuchRun _ -> throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        };
    flash.addFlashAttribute("notice", notice);
    return "redirect:" + (inList ? list : "/runs/" + run.id());
  }

  /// Only keeps a button from being shown to whom the table of rules would refuse it.
  private static boolean mayControl(SignedInPerson person) {
    return !person.role().equals("VIEWER");
  }

  private Run find(long id) {
    return runs.find(id).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
  }

  private static void download(HttpServletResponse response, String type, String name) {
    response.setContentType(type);
    response.setCharacterEncoding(UTF_8.name());
    response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + name + "\"");
  }
}
