package org.alignmentworkbench.app.quality;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.alignmentworkbench.annotation.page.Crumb;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Shown;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.quality.Cells.Cell;
import org.alignmentworkbench.app.quality.QualityPages.BarRow;
import org.alignmentworkbench.app.web.Choice;
import org.alignmentworkbench.app.web.ProjectTabs;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.kind.Dimension;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.task.Judges;
import org.alignmentworkbench.db.view.KindView.KindTask;
import org.alignmentworkbench.db.view.KindView.SetupCount;
import org.alignmentworkbench.db.view.QualityView;
import org.alignmentworkbench.model.agreement.ConfusionMatrix;
import org.alignmentworkbench.model.agreement.KrippendorffAlpha.Level;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.ExtendedModelMap;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.util.UriComponentsBuilder;

/// How good the answers of set-ups are whose tasks are no comparisons, as a page and as JSON.
@Controller
class KindQualityRooms {
  private static final String KINDS = "/projects/{projectId:[0-9]{1,18}}/quality/kinds";
  private static final int MOST_SETUPS = 20;
  private static final int PAGE = 50;
  private static final int EXCERPT = 120;

  private final KindQuality quality;
  private final QualityView view;
  private final QualityPages pages;
  private final ProjectTabs tabs;
  private final Formats formats;
  private final Words words;

  KindQualityRooms(
      KindQuality quality,
      QualityView view,
      QualityPages pages,
      ProjectTabs tabs,
      Formats formats,
      Words words) {
    this.quality = quality;
    this.view = view;
    this.pages = pages;
    this.tabs = tabs;
    this.formats = formats;
    this.words = words;
  }

  /// A figure of a kind itself.
  ///
  /// @param bar drawn from 0 to 1, or null without a figure
  record FigureRow(String name, Cell figure, Cells.@Nullable Bar bar) {}

  /// @param setupId 0 for the newest with an answer
  /// @param judges `people` or `scripts`; people where there is an answer of theirs
  /// @param on the measure's key
  /// @param after the key that the list of tasks goes on after
  @GetMapping(KINDS)
  String kinds(
      @AuthenticationPrincipal SignedInPerson person,
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "setup", defaultValue = "0") long setupId,
      @RequestParam(name = "judges", defaultValue = "") String judges,
      @RequestParam(name = "on", defaultValue = "") String on,
      @RequestParam(name = "after", defaultValue = "") String after,
      Model model) {
    Project project = tabs.open(projectId, "quality", model);
    Optional<KindQuality.Wish> wish = quality.wish(projectId, setupId, judges, on);
    if (wish.isEmpty() && setupId != 0) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
    model.addAttribute("any", wish.isPresent());
    model.addAttribute("leads", List.of("ADMIN", "LEAD").contains(person.role()));
    wish.ifPresent(found -> {
      show(projectId, found, model);
      tasks(projectId, found, after, model);
    });
    String root = "/projects/" + projectId;
    model.addAttribute(
        "crumbs",
        List.of(
            new Crumb(words.of("room.projects"), "/projects"),
            new Crumb(project.name(), root),
            new Crumb(words.of("tab.quality"), root + "/quality"),
            new Crumb(words.of("kindQuality.title"), null)));
    return "quality/kinds";
  }

  /// The same figures for programs. People are told apart by number, not by name.
  @GetMapping(path = KINDS + ".json", produces = MediaType.APPLICATION_JSON_VALUE)
  @ResponseBody
  Map<String, Object> json(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "setup", defaultValue = "0") long setupId,
      @RequestParam(name = "judges", defaultValue = "") String judges,
      @RequestParam(name = "on", defaultValue = "") String on) {
    tabs.open(projectId, "quality", new ExtendedModelMap());
    return quality
        .of(projectId, setupId, judges, on)
        .or(() ->
            setupId == 0 ? Optional.of(Map.<String, Object>of("judgements", 0)) : Optional.empty())
        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
  }

  private void show(long projectId, KindQuality.Wish wish, Model model) {
    KindReport report = quality.report(wish);
    Question question = report.question();
    choices(projectId, wish, report, model);
    model.addAttribute("none", report.judgements() == 0);
    model.addAttribute("chosenSetup", wish.setup().id());
    model.addAttribute("json", address(projectId, ".json", wish));
    model.addAttribute(
        "lead",
        words.of(
            "kindQuality.lead",
            formats.number(report.judgements()),
            formats.number(report.tasks()),
            formats.number(report.people())));
    model.addAttribute(
        "agreements",
        pages.agreements(
            report.agreements(), key -> name(question, key), key -> level(question, key)));
    figures(report, model);
    decisions(question, quality.decisions(wish.setup()), model);
    Measure chosen = report.chosen();
    Histogram histogram = report.histogram();
    model.addAttribute("measured", chosen != null);
    if (chosen != null && histogram != null) {
      Map<Long, String> names = view.names(projectId);
      model.addAttribute("about", name(question, chosen.key()));
      model.addAttribute("weeks", pages.groups(report.weeks(), chosen.level(), ""));
      model.addAttribute(
          "languages", pages.groups(report.languages(), chosen.level(), "quality.language."));
      model.addAttribute("pairs", pages.pairs(report.pairs(), names, null));
      model.addAttribute("pairsLeftOut", report.pairsInAll() > report.pairs().size());
      model.addAttribute("pairsShown", formats.number(report.pairs().size()));
      model.addAttribute("pairsInAll", formats.number(report.pairsInAll()));
      List<BarRow> bars = pages.histogram(histogram, value -> seenName(chosen, value));
      model.addAttribute("histogram", bars);
      model.addAttribute("sided", chosen.sided());
    }
    ConfusionMatrix confusion = report.confusion();
    if (chosen != null && confusion != null) {
      model.addAttribute(
          "confusion", pages.confusion(confusion, value -> valueName(chosen, value)));
    }
    sides(projectId, report, model);
  }

  /// What choices have beside the other kinds.
  private void sides(long projectId, KindReport report, Model model) {
    Position position = report.position();
    Votes votes = report.votes();
    model.addAttribute("compared", position != null);
    if (position == null || votes == null) {
      return;
    }
    model.addAllAttributes(pages.position(position));
    model.addAttribute("undecided", formats.number(position.undecided()));
    model.addAllAttributes(
        pages.votes(
            votes,
            shown ->
                pages.choices(
                    shown,
                    view.tasks(projectId, QualityRooms.numbers(shown)),
                    value -> words.of("kindQuality.choice." + (int) value))));
  }

  /// A task of the list.
  record TaskRow(long id, String key, String prompt, String answered, String known) {}

  private void tasks(long projectId, KindQuality.Wish wish, String after, Model model) {
    Shown<KindTask> shown = Shown.of(quality.tasks(wish.setup().id(), after, PAGE + 1), PAGE);
    model.addAttribute(
        "tasks",
        shown.rows().stream()
            .map(task ->
                new TaskRow(
                    task.id(),
                    task.key(),
                    formats.excerpt(task.prompt(), EXCERPT),
                    formats.number(task.answered()),
                    task.known() == null ? Formats.NONE : words.of("kindQuality.known.yes")))
            .toList());
    model.addAttribute(
        "more",
        shown.more()
            ? UriComponentsBuilder.fromUriString(address(projectId, "", wish))
                .queryParam("after", shown.rows().getLast().key())
                .build()
                .encode()
                .toUriString()
            : null);
  }

  private void figures(KindReport report, Model model) {
    String kind = report.question().kind().name();
    model.addAttribute(
        "figures",
        report.figures().entrySet().stream()
            .map(each ->
                new FigureRow(
                    figureName(each.getKey()),
                    each.getKey().equals("kendallW") || each.getKey().startsWith("f1")
                        ? pages.coefficient(each.getValue())
                        : pages.share(each.getValue()),
                    Cells.bar(each.getValue(), Cells.Scale.SHARES)))
            .toList());
    model.addAttribute("figuresOf", words.orElse("kindQuality.figures." + kind, ""));
    model.addAttribute("figuresWhy", words.orElse("kindQuality.figures.why." + kind, ""));
    model.addAttribute("written", report.agreements().isEmpty() && report.figures().isEmpty());
  }

  private void decisions(Question question, KindDecisions decisions, Model model) {
    model.addAttribute("decidedTasks", formats.number(decisions.counts().decided()));
    model.addAttribute("decidedWithout", formats.number(decisions.counts().withoutAnswer()));
    model.addAttribute("withdrawn", formats.number(decisions.counts().withdrawn()));
    model.addAttribute("undone", formats.number(decisions.counts().undone()));
    model.addAttribute(
        "decidedAgreement",
        decisions.agreement().entrySet().stream()
            .map(each ->
                new FigureRow(
                    question instanceof Question.Grade
                        ? words.of("kindQuality.decided.level", name(question, each.getKey()))
                        : words.of("kindQuality.decided." + each.getKey()),
                    each.getKey().equals("f1")
                        ? pages.coefficient(each.getValue())
                        : pages.share(each.getValue()),
                    Cells.bar(each.getValue(), Cells.Scale.SHARES)))
            .toList());
  }

  /// A part of the key after a point is the project's own word.
  private String figureName(String key) {
    int point = key.indexOf('.');
    return switch (point < 0 ? key : key.substring(0, point)) {
      case "f1" ->
          point < 0
              ? words.of("kindQuality.f1")
              : words.of("kindQuality.f1.reason", key.substring(point + 1));
      case "policy" -> words.of("kindQuality.policy", key.substring(point + 1));
      case "severity" -> words.of("work.severity." + key.substring(point + 1));
      default -> words.of("kindQuality." + key);
    };
  }

  private String name(Question question, String key) {
    if (question instanceof Question.Grade(var dimensions)) {
      return dimensions.stream()
          .filter(dimension -> dimension.key().equals(key))
          .map(Dimension::name)
          .findFirst()
          .orElse(key);
    }
    return words.of("kindQuality.on." + key);
  }

  private static Level level(Question question, String key) {
    return question instanceof Question.Choice && key.equals("choice")
        ? Level.NOMINAL
        : Level.ORDINAL;
  }

  /// A value by the side it was seen on, where it has one.
  private String seenName(Measure measure, double value) {
    boolean strength = measure.key().equals("strength");
    boolean prefers = value != 0 && (strength || Math.abs(value) == 1);
    return measure.sided() && prefers ? pages.sided(value, strength) : valueName(measure, value);
  }

  private String valueName(Measure measure, double value) {
    if (!measure.names().isEmpty()) {
      return measure.names().get((int) value);
    }
    return switch (measure.key()) {
      case "strength" -> words.of("work.choice." + (int) value);
      default -> words.of("kindQuality." + measure.key() + "." + (int) value);
    };
  }

  private void choices(long projectId, KindQuality.Wish wish, KindReport report, Model model) {
    List<SetupCount> counts = quality.counts(projectId);
    long own = wish.setup().id();
    model.addAttribute(
        "setups",
        counts.stream()
            .limit(MOST_SETUPS)
            .map(count ->
                new Choice(
                    words.of(
                        "kindQuality.setup",
                        words.of("setup.kind." + count.kind()),
                        String.valueOf(count.setupId()),
                        formats.number(count.people() + count.scripts())),
                    "/projects/%d/quality/kinds?setup=%d".formatted(projectId, count.setupId()),
                    count.setupId() == own))
            .toList());
    SetupCount count =
        counts.stream().filter(each -> each.setupId() == own).findFirst().orElseThrow();
    List<Choice> judges = new ArrayList<>();
    for (Judges each : Judges.values()) {
      judges.add(
          new Choice(
              words.of(
                  "quality.judges." + each,
                  formats.number(
                      switch (each) {
                        case PEOPLE -> count.people();
                        case SCRIPTS -> count.scripts();
                      })),
              address(projectId, "", new KindQuality.Wish(wish.setup(), each, wish.on())),
              each == wish.judges()));
    }
    model.addAttribute("judges", judges);
    Measure chosen = report.chosen();
    model.addAttribute(
        "on",
        report.agreements().keySet().stream()
            .map(key ->
                new Choice(
                    name(report.question(), key),
                    address(projectId, "", new KindQuality.Wish(wish.setup(), wish.judges(), key)),
                    chosen != null && chosen.key().equals(key)))
            .toList());
  }

  private static String address(long projectId, String format, KindQuality.Wish wish) {
    return UriComponentsBuilder.fromPath("/projects/" + projectId + "/quality/kinds" + format)
        .queryParam("setup", wish.setup().id())
        .queryParam("judges", wish.judges().name().toLowerCase(Locale.ROOT))
        .queryParam("on", wish.on())
        .toUriString();
  }
}
