package org.alignmentworkbench.app.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.alignmentworkbench.annotation.page.Chip;
import org.alignmentworkbench.annotation.page.Crumb;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.app.evaluation.RunFigures;
import org.alignmentworkbench.app.web.ProjectTabs;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunRepository;
import org.alignmentworkbench.db.view.CurveSummary;
import org.alignmentworkbench.db.view.RunList;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/// Some runs of a project beside each other: what they came to, their settings, their curves.
@Controller
class CompareRooms {
  static final int FEWEST = 2;
  static final int MOST = 4;

  private final RunRepository runs;
  private final RunList list;
  private final RunFigures figures;
  private final RunSettings settings;
  private final RunPages pages;
  private final ProjectTabs tabs;
  private final Words words;

  CompareRooms(
      RunRepository runs,
      RunList list,
      RunFigures figures,
      RunSettings settings,
      RunPages pages,
      ProjectTabs tabs,
      Words words) {
    this.runs = runs;
    this.list = list;
    this.figures = figures;
    this.settings = settings;
    this.pages = pages;
    this.tabs = tabs;
    this.words = words;
  }

  /// A run at the head of its column.
  ///
  /// @param number its place, which names its colour
  record Head(int number, long id, String name, String job, Chip state) {}

  /// A setting in every run.
  ///
  /// @param values one for each run; empty where it has no such setting
  record Row(String group, String label, String hint, List<String> values, boolean differs) {}

  /// What a run came to.
  record Outcome(Head run, RunFigures.Line line) {}

  /// A series of curves.
  record Series(String name, String title) {}

  /// The series of a stage.
  ///
  /// @param shared whether more than one run has it
  record Stage(String title, String count, boolean shared, List<Series> series) {}

  /// @param chosen numbers of the runs, in the order of the columns
  @GetMapping("/projects/{projectId:[0-9]{1,18}}/runs/compare")
  String compare(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "run", defaultValue = "") List<Long> chosen,
      Model model,
      RedirectAttributes flash) {
    Project project = tabs.open(projectId, "runs", model);
    List<Long> ids = chosen.stream().distinct().toList();
    if (ids.size() < FEWEST || ids.size() > MOST) {
      flash.addFlashAttribute("notice", Notice.of(Notice.Kind.WARN, "compare.howMany"));
      return "redirect:/projects/" + projectId + "/runs";
    }
    List<Run> found = new ArrayList<>();
    for (long id : ids) {
      found.add(
          runs.find(id)
              .filter(run -> run.projectId() == projectId)
              .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND)));
    }
    List<Head> heads = new ArrayList<>();
    for (Run run : found) {
      heads.add(
          new Head(
              heads.size() + 1,
              run.id(),
              run.name(),
              pages.job(run.jobName()),
              pages.chip(run.state())));
    }
    Map<Long, Head> byId = heads.stream().collect(Collectors.toMap(Head::id, head -> head));
    List<Row> rows = rows(found);
    model.addAttribute("heads", heads);
    model.addAttribute(
        "outcomes",
        figures.of(projectId, ids).stream()
            .map(line -> new Outcome(Objects.requireNonNull(byId.get(line.runId())), line))
            .toList());
    model.addAttribute("differing", rows.stream().filter(Row::differs).toList());
    model.addAttribute("same", rows.stream().filter(row -> !row.differs()).toList());
    model.addAttribute("stages", stages(ids));
    String root = "/projects/" + projectId;
    model.addAttribute(
        "crumbs",
        List.of(
            new Crumb(words.of("room.projects"), "/projects"),
            new Crumb(project.name(), root),
            new Crumb(words.of("runs.title"), root + "/runs"),
            new Crumb(words.of("compare.title"), null)));
    return "run/compare";
  }

  /// What a run is made of first, then its settings, record by record as the first run that has
  /// them puts them.
  private List<Row> rows(List<Run> found) {
    List<Row> rows = new ArrayList<>();
    rows.add(fact("run.job", found.stream().map(run -> pages.job(run.jobName())).toList()));
    rows.add(fact("run.seed", found.stream().map(run -> String.valueOf(run.seed())).toList()));
    rows.add(fact("run.codeVersion", found.stream().map(Run::codeVersion).toList()));
    rows.add(fact("run.device", found.stream().map(Run::device).toList()));
    Map<String, RunSettings.Line> known = new LinkedHashMap<>();
    List<Map<String, String>> values = new ArrayList<>();
    for (Run run : found) {
      Map<String, String> own = new LinkedHashMap<>();
      for (RunSettings.Line line : settings.lines(run.jobName(), run.configuration())) {
        known.putIfAbsent(line.path(), line);
        own.put(line.path(), line.value());
      }
      values.add(own);
    }
    known.forEach((path, line) -> {
      List<String> texts = values.stream().map(own -> own.getOrDefault(path, "")).toList();
      rows.add(new Row(line.group(), line.label(), line.hint(), texts, differ(texts)));
    });
    return rows;
  }

  private Row fact(String word, List<String> values) {
    return new Row("", words.of(word), "", values, differ(values));
  }

  private static boolean differ(List<String> values) {
    return values.stream().distinct().count() > 1;
  }

  private List<Stage> stages(List<Long> ids) {
    Map<String, Integer> runsWith = new LinkedHashMap<>();
    for (long id : ids) {
      for (CurveSummary curve : list.curves(id)) {
        runsWith.merge(curve.series(), 1, Integer::sum);
      }
    }
    Map<String, List<String>> byStage = new LinkedHashMap<>();
    for (String name : runsWith.keySet()) {
      byStage.computeIfAbsent(PlotKey.of(name).stage(), _ -> new ArrayList<>()).add(name);
    }
    List<Stage> stages = new ArrayList<>();
    byStage.forEach((stage, names) ->
        stages.add(
            new Stage(
                pages.stage(stage),
                words.of("run.plots", names.size()),
                names.stream().anyMatch(name -> runsWith.getOrDefault(name, 0) > 1),
                names.stream()
                    .sorted(Comparator.comparingInt(name -> PlotKey.of(name).rank()))
                    .map(name -> new Series(name, pages.title(name)))
                    .toList())));
    stages.sort(Comparator.comparing((Stage stage) -> !stage.shared()));
    return stages;
  }
}
