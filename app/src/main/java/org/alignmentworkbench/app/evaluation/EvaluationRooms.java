package org.alignmentworkbench.app.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.annotation.page.Chip;
import org.alignmentworkbench.annotation.page.Crumb;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Moment;
import org.alignmentworkbench.annotation.page.Pager;
import org.alignmentworkbench.annotation.page.Shown;
import org.alignmentworkbench.app.evaluation.Figures.Figure;
import org.alignmentworkbench.app.web.Choice;
import org.alignmentworkbench.app.web.JsonFacts;
import org.alignmentworkbench.app.web.ProjectTabs;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.view.EvaluationView;
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

  /// The same further tokens as the rounds' students, without the loop: what a loop must beat.
  private static final String CONTROL = "sft-more";

  private static final int PAGE = 20;

  private final EvaluationView view;
  private final Figures figures;
  private final ProjectTabs tabs;
  private final Formats formats;
  private final Words words;

  EvaluationRooms(
      EvaluationView view, Figures figures, ProjectTabs tabs, Formats formats, Words words) {
    this.view = view;
    this.figures = figures;
    this.tabs = tabs;
    this.formats = formats;
    this.words = words;
  }

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
      Figure vsStart,
      String start,
      Figure vsSft,
      @Nullable Figure vsChosen,
      Figure utility,
      Figure reward,
      Figure kl,
      Figure bitsPerWeight,
      String bitsPerParameter,
      Figure tokensPerSecond) {}

  /// One stage against another one.
  record Comparison(
      long id, String stage, String n, String gained, String lost, Figure difference) {}

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

  /// @param to the stage that all are compared with besides; the control where there is one
  @GetMapping(EVALUATIONS)
  String table(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "to", required = false) @Nullable String to,
      Model model) {
    tabs.open(projectId, "evaluations", model);
    List<EvaluationView.Stage> stages = view.stages(projectId);
    Map<Long, StageFigures> all = StageFigures.of(view.results(projectId));
    EvaluationView.@Nullable Stage chosen = named(stages, to == null ? CONTROL : to);
    model.addAttribute("rows", rows(stages, all, chosen));
    model.addAttribute("chosen", chosen == null ? null : chosen.stage());
    model.addAttribute("others", others(projectId, stages, chosen));
    return "evaluation/table";
  }

  private static List<Choice> others(
      long projectId, List<EvaluationView.Stage> stages, EvaluationView.@Nullable Stage chosen) {
    return stages.stream()
        .filter(stage -> !stage.stage().equals(SFT))
        .map(stage ->
            new Choice(
                stage.stage(),
                UriComponentsBuilder.fromPath("/projects/" + projectId + "/evaluations")
                    .queryParam("to", "{stage}")
                    .encode()
                    .buildAndExpand(stage.stage())
                    .toUriString(),
                stage.equals(chosen)))
        .toList();
  }

  private List<Row> rows(
      List<EvaluationView.Stage> stages,
      Map<Long, StageFigures> all,
      EvaluationView.@Nullable Stage chosen) {
    Scale scale = Scale.of(all.values());
    EvaluationView.@Nullable Stage sft = named(stages, SFT);
    List<Row> rows = new ArrayList<>();
    for (EvaluationView.Stage stage : stages) {
      JsonNode summary = JsonFacts.tree(stage.summary());
      JsonNode detail = JsonFacts.tree(stage.modelDetail());
      StageFigures own = all.getOrDefault(stage.id(), StageFigures.none());
      EvaluationView.@Nullable Stage start = start(stages, stage);
      rows.add(
          new Row(
              stage.id(),
              stage.stage(),
              stage.model().equals(stage.stage()) ? "" : stage.model(),
              stage.modelSha256(),
              stage.runId(),
              formats.moment(stage.createdAt()),
              formats.number(own.n()),
              figures.rate(own.passRate()),
              scale.bar(own.passRate()),
              start == null
                  ? figures.why("evaluation.why.noStart")
                  : figures.difference(own, all.getOrDefault(start.id(), StageFigures.none())),
              start == null ? "" : words.of("evaluation.to", start.stage()),
              sft == null ? figures.why("evaluation.why.noSft") : against(stage, sft, own, all),
              chosen == null ? null : against(stage, chosen, own, all),
              figures.mean(own.utility(), "evaluation.why.noItems"),
              figures.mean(own.reward(), "evaluation.why.noReward"),
              figures.mean(own.kl(), "evaluation.why.noReference"),
              measured("bitsPerWeight", 2, summary, detail),
              bitsPerParameter(summary, detail),
              measured("tokensPerSecond", 0, summary)));
    }
    return rows;
  }

  private Figure against(
      EvaluationView.Stage stage,
      EvaluationView.Stage other,
      StageFigures own,
      Map<Long, StageFigures> all) {
    return stage.id() == other.id()
        ? Figures.none()
        : figures.difference(own, all.getOrDefault(other.id(), StageFigures.none()));
  }

  /// The evaluation of the model that a stage's model was made from; a model can have several, of
  /// which the last one counts.
  static EvaluationView.@Nullable Stage start(
      List<EvaluationView.Stage> stages, EvaluationView.Stage stage) {
    EvaluationView.@Nullable Stage found = null;
    for (EvaluationView.Stage other : stages) {
      if (stage.baseModelId() != null && other.modelId() == stage.baseModelId()) {
        found = other;
      }
    }
    return found;
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

  private String bitsPerParameter(JsonNode summary, JsonNode detail) {
    Figure bits = measured("bitsPerParameter", 2, summary, detail);
    return bits.value().equals(Formats.NONE) ? "" : words.of("evaluation.bitsAll", bits.value());
  }

  /// A figure that the evaluation or the model's maker measured, from the first source that has it.
  /// A source may say why it has none.
  private Figure measured(String name, int digits, JsonNode... sources) {
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
    return Figures.none();
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
    List<EvaluationView.Stage> stages = view.stages(projectId);
    EvaluationView.Stage stage =
        stages.stream()
            .filter(s -> s.id() == evaluationId)
            .findFirst()
            .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    String path = "/projects/" + projectId + "/evaluations/" + evaluationId;
    List<EvaluationView.KindCount> kinds = view.kinds(evaluationId);
    long all = kinds.stream().mapToLong(EvaluationView.KindCount::items).sum();
    long good = kinds.stream().mapToLong(EvaluationView.KindCount::passed).sum();
    Shown<EvaluationView.Item> shown =
        Shown.of(view.items(evaluationId, passed, kind, after, PAGE + 1), PAGE);
    model.addAttribute("stage", stage);
    model.addAttribute("passRate", figures.rate(new Proportion(good, all).estimate()));
    model.addAttribute("n", formats.number(all));
    model.addAttribute("comparisons", comparisons(projectId, stages, stage));
    model.addAttribute("items", shown.rows().stream().map(this::item).toList());
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
    if (!shown.rows().isEmpty()) {
      model.addAttribute(
          "pager",
          new Pager(
              after > 0 ? address(path, passed, kind, 0) : null,
              shown.more() ? address(path, passed, kind, shown.rows().getLast().promptId()) : null,
              words.of("runs.shown", formats.number(shown.rows().size()))));
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

  private List<Comparison> comparisons(
      long projectId, List<EvaluationView.Stage> stages, EvaluationView.Stage stage) {
    Map<Long, StageFigures> all = StageFigures.of(view.results(projectId));
    StageFigures own = all.getOrDefault(stage.id(), StageFigures.none());
    List<Comparison> comparisons = new ArrayList<>();
    for (EvaluationView.Stage other : stages) {
      if (other.id() != stage.id()) {
        StageFigures others = all.getOrDefault(other.id(), StageFigures.none());
        StageFigures.Pairs pairs = own.pairsWith(others);
        comparisons.add(
            new Comparison(
                other.id(),
                other.stage(),
                formats.number(pairs.n()),
                formats.number(pairs.gained()),
                formats.number(pairs.lost()),
                figures.difference(own, others)));
      }
    }
    return comparisons;
  }

  private Item item(EvaluationView.Item item) {
    List<CheckRow> checks = new ArrayList<>();
    for (JsonNode check : JsonFacts.tree(item.checks())) {
      checks.add(
          new CheckRow(
              check.path("check").asString(""),
              check.path("passed").asBoolean(false),
              reason(check)));
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

  /// Why a check went as it did; nothing where that only says the check again.
  private static String reason(JsonNode check) {
    String reason = check.path("reason").asString("");
    return reason.equalsIgnoreCase(check.path("check").asString("")) ? "" : reason;
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
