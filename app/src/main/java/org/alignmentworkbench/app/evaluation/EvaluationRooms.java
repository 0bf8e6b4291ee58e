package org.alignmentworkbench.app.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.annotation.page.Chip;
import org.alignmentworkbench.annotation.page.Crumb;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Moment;
import org.alignmentworkbench.annotation.page.Pager;
import org.alignmentworkbench.app.web.Choice;
import org.alignmentworkbench.app.web.JsonFacts;
import org.alignmentworkbench.app.web.ProjectTabs;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.view.EvaluationView;
import org.alignmentworkbench.model.statistics.Estimate;
import org.alignmentworkbench.model.statistics.Proportion;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.databind.JsonNode;

/// The table of evaluated stages, and the answers behind each row.
@Controller
class EvaluationRooms {
  private static final String EVALUATIONS = "/projects/{projectId:[0-9]{1,18}}/evaluations";
  private static final String SFT = "sft";

  private static final int PAGE = 20;

  private final EvaluationView view;
  private final ProjectTabs tabs;
  private final Formats formats;
  private final Words words;

  EvaluationRooms(EvaluationView view, ProjectTabs tabs, Formats formats, Words words) {
    this.view = view;
    this.tabs = tabs;
    this.formats = formats;
    this.words = words;
  }

  /// A figure with its interval, or why there is none.
  ///
  /// @param interval in words, empty where there is none
  /// @param why empty where there is a figure
  /// @param style `up` or `down` where the whole interval is on one side of zero, else empty
  record Figure(String value, String interval, String why, String style) {}

  /// A row of the table.
  record Row(
      long id,
      String stage,
      String model,
      String modelSha256,
      @Nullable Long runId,
      Moment created,
      String n,
      Figure passRate,
      Scale.@Nullable Bar bar,
      Figure vsPrevious,
      String previous,
      Figure vsSft,
      Figure utility,
      Figure reward,
      Figure kl,
      Figure bitsPerWeight,
      Figure bitsPerParameter,
      Figure tokensPerSecond) {}

  /// A check of an answer.
  record CheckRow(String check, boolean passed, String reason) {}

  /// An answer.
  record Item(
      long promptId,
      String key,
      String kind,
      Chip outcome,
      String prompt,
      String text,
      List<CheckRow> checks,
      String utility,
      String reward,
      String logRatio,
      String tokens) {}

  @GetMapping(EVALUATIONS)
  String table(@PathVariable("projectId") long projectId, Model model) {
    tabs.open(projectId, "evaluations", model);
    List<EvaluationView.Stage> stages = view.stages(projectId);
    Map<Long, StageFigures> figures = StageFigures.of(view.results(projectId));
    model.addAttribute("rows", rows(stages, figures));
    return "evaluation/table";
  }

  private List<Row> rows(List<EvaluationView.Stage> stages, Map<Long, StageFigures> all) {
    Scale scale = Scale.of(all.values());
    EvaluationView.@Nullable Stage sft = named(stages, SFT);
    List<Row> rows = new ArrayList<>();
    EvaluationView.@Nullable Stage before = null;
    for (EvaluationView.Stage stage : stages) {
      JsonNode summary = JsonFacts.tree(stage.summary());
      JsonNode detail = JsonFacts.tree(stage.modelDetail());
      String named = summary.path("previousStage").asString("");
      EvaluationView.@Nullable Stage previous = named.isEmpty() ? before : named(stages, named);
      StageFigures own = all.getOrDefault(stage.id(), StageFigures.none());
      rows.add(
          new Row(
              stage.id(),
              stage.stage(),
              stage.model(),
              stage.modelSha256(),
              stage.runId(),
              formats.moment(stage.createdAt()),
              formats.number(own.n()),
              rate(own.passRate()),
              scale.bar(own.passRate()),
              previous == null
                  ? why("evaluation.why.first")
                  : difference(own, all.getOrDefault(previous.id(), StageFigures.none())),
              previous == null ? "" : words.of("evaluation.to", previous.stage()),
              sft == null
                  ? why("evaluation.why.noSft")
                  : sft.id() == stage.id()
                      ? why("evaluation.why.isSft")
                      : difference(own, all.getOrDefault(sft.id(), StageFigures.none())),
              mean(own.utility(), "evaluation.why.noItems"),
              mean(own.reward(), "evaluation.why.noReward"),
              mean(own.kl(), "evaluation.why.noReference"),
              measured("bitsPerWeight", 2, "evaluation.why.notCompressed", summary, detail),
              measured("bitsPerParameter", 2, "evaluation.why.notCompressed", summary, detail),
              measured("tokensPerSecond", 0, "evaluation.why.notMeasured", summary)));
      if (!isBesideTheLine(stage.stage())) {
        before = stage;
      }
    }
    return rows;
  }

  /// Controls are compared with, but no stage comes after them: `sft-more` has the same further
  /// tokens without the loop, and an unfiltered student stands beside the filtered one.
  static boolean isBesideTheLine(String stage) {
    return stage.equals("sft-more") || stage.endsWith("-unfiltered");
  }

  private static EvaluationView.@Nullable Stage named(
      List<EvaluationView.Stage> stages, String name) {
    for (EvaluationView.Stage stage : stages) {
      if (stage.stage().equals(name)) {
        return stage;
      }
    }
    return null;
  }

  private Figure rate(Estimate estimate) {
    return switch (estimate) {
      case Estimate.Known known ->
          new Figure(
              formats.percent(known.value()),
              formats.percentInterval(known.low(), known.high()),
              "",
              "");
      case Estimate.Point point -> new Figure(formats.percent(point.value()), "", point.why(), "");
      case Estimate.Undefined undefined -> new Figure(Formats.NONE, "", undefined.why(), "");
    };
  }

  private Figure difference(StageFigures own, StageFigures before) {
    return switch (own.differenceTo(before)) {
      case Estimate.Known known ->
          new Figure(
              formats.points(known.value()),
              formats.points(known.low()) + " – " + formats.points(known.high()),
              "",
              known.low() > 0 ? "up" : known.high() < 0 ? "down" : "");
      case Estimate.Point point -> new Figure(formats.points(point.value()), "", point.why(), "");
      case Estimate.Undefined _ -> why("evaluation.why.noShared");
    };
  }

  private Figure mean(Estimate estimate, String whyNot) {
    return switch (estimate) {
      case Estimate.Known known ->
          new Figure(
              formats.decimal(known.value(), 3),
              "± " + formats.decimal(known.high() - known.value(), 3),
              "",
              "");
      case Estimate.Point point ->
          new Figure(formats.decimal(point.value(), 3), "", point.why(), "");
      case Estimate.Undefined _ -> why(whyNot);
    };
  }

  /// A figure that the evaluation or the model's maker measured, from the first source that has it.
  /// A source may say why it has none.
  private Figure measured(String name, int digits, String whyNot, JsonNode... sources) {
    for (JsonNode source : sources) {
      JsonNode value = source.path(name);
      if (value.isNumber() && Double.isFinite(value.asDouble())) {
        return new Figure(formats.decimal(value.asDouble(), digits), "", "", "");
      }
      String reason = source.path("undefined").path(name).asString("");
      if (!reason.isEmpty()) {
        return new Figure(Formats.NONE, "", reason, "");
      }
    }
    return why(whyNot);
  }

  private Figure why(String key) {
    return new Figure(Formats.NONE, "", words.of(key), "");
  }

  @GetMapping(EVALUATIONS + "/{evaluationId:[0-9]{1,18}}")
  String items(
      @PathVariable("projectId") long projectId,
      @PathVariable("evaluationId") long evaluationId,
      @RequestParam(name = "passed", required = false) @Nullable Boolean passed,
      @RequestParam(name = "kind", required = false) @Nullable String kind,
      @RequestParam(name = "after", defaultValue = "0") long after,
      Model model) {
    var project = tabs.open(projectId, "evaluations", model);
    EvaluationView.Stage stage =
        view.stages(projectId).stream()
            .filter(s -> s.id() == evaluationId)
            .findFirst()
            .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    String path = "/projects/" + projectId + "/evaluations/" + evaluationId;
    List<EvaluationView.KindCount> kinds = view.kinds(evaluationId);
    long all = kinds.stream().mapToLong(EvaluationView.KindCount::items).sum();
    long good = kinds.stream().mapToLong(EvaluationView.KindCount::passed).sum();
    List<EvaluationView.Item> found = view.items(evaluationId, passed, kind, after, PAGE + 1);
    boolean more = found.size() > PAGE;
    List<EvaluationView.Item> shown = more ? found.subList(0, PAGE) : found;
    model.addAttribute("stage", stage);
    model.addAttribute("passRate", rate(new Proportion(good, all).estimate()));
    model.addAttribute("n", formats.number(all));
    model.addAttribute("items", shown.stream().map(this::item).toList());
    model.addAttribute(
        "outcomes",
        List.of(
            new Choice(
                words.of("evaluation.any", formats.number(all)),
                address(path, null, kind, 0),
                passed == null),
            new Choice(
                words.of("evaluation.passed", formats.number(good)),
                address(path, true, kind, 0),
                Boolean.TRUE.equals(passed)),
            new Choice(
                words.of("evaluation.failed", formats.number(all - good)),
                address(path, false, kind, 0),
                Boolean.FALSE.equals(passed))));
    List<Choice> kindChoices = new ArrayList<>();
    kindChoices.add(
        new Choice(words.of("evaluation.anyKind"), address(path, passed, null, 0), kind == null));
    for (EvaluationView.KindCount count : kinds) {
      kindChoices.add(
          new Choice(
              words.of(
                  "evaluation.kind",
                  words.orElse("kind." + count.kind(), count.kind()),
                  formats.number(count.passed()),
                  formats.number(count.items())),
              address(path, passed, count.kind(), 0),
              count.kind().equals(kind)));
    }
    model.addAttribute("kinds", kindChoices);
    if (!shown.isEmpty()) {
      model.addAttribute(
          "pager",
          new Pager(
              after > 0 ? address(path, passed, kind, 0) : null,
              more ? address(path, passed, kind, shown.getLast().promptId()) : null,
              words.of("runs.shown", formats.number(shown.size()))));
    }
    model.addAttribute(
        "crumbs",
        List.of(
            new Crumb(words.of("room.projects"), "/projects"),
            new Crumb(project.name(), "/projects/" + projectId),
            new Crumb(words.of("tab.evaluations"), "/projects/" + projectId + "/evaluations"),
            new Crumb(stage.stage(), null)));
    return "evaluation/items";
  }

  private Item item(EvaluationView.Item item) {
    List<CheckRow> checks = new ArrayList<>();
    for (JsonNode check : JsonFacts.tree(item.checks())) {
      checks.add(
          new CheckRow(
              check.path("check").asString(""),
              check.path("passed").asBoolean(false),
              check.path("reason").asString("")));
    }
    return new Item(
        item.promptId(),
        item.key(),
        words.orElse("kind." + item.kind(), item.kind()),
        item.passed()
            ? new Chip("good", words.of("evaluation.outcome.passed"))
            : new Chip("bad", words.of("evaluation.outcome.failed")),
        item.prompt(),
        item.text(),
        checks,
        formats.decimal(item.utility(), 3),
        item.reward() == null ? Formats.NONE : formats.decimal(item.reward(), 3),
        item.logRatio() == null ? Formats.NONE : formats.decimal(item.logRatio(), 3),
        formats.number(item.tokens()));
  }

  private static String address(
      String path, @Nullable Boolean passed, @Nullable String kind, long after) {
    UriComponentsBuilder uri = UriComponentsBuilder.fromPath(path);
    if (passed != null) {
      uri.queryParam("passed", passed);
    }
    if (kind != null) {
      uri.queryParam("kind", kind);
    }
    if (after > 0) {
      uri.queryParam("after", after);
    }
    return uri.encode().toUriString();
  }
}
