package org.alignmentworkbench.app.quality;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.app.web.Choice;
import org.alignmentworkbench.app.web.ProjectTabs;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.alignmentworkbench.db.task.Judges;
import org.alignmentworkbench.db.task.Setups;
import org.alignmentworkbench.db.view.DecisionFigures;
import org.alignmentworkbench.db.view.QualityView;
import org.alignmentworkbench.db.view.QualityView.RoundCount;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.util.UriComponentsBuilder;

/// How good a project's judgements are, as a page and as JSON.
@Controller
class QualityRooms {
  private static final String QUALITY = "/projects/{projectId:[0-9]{1,18}}/quality";
  private static final int KNOWN = 100;

  private final QualityView view;
  private final DecisionFigures decisions;
  private final Setups setups;
  private final QualityReports reports;
  private final QualityPages pages;
  private final ProjectRepository projects;
  private final ProjectTabs tabs;
  private final Formats formats;
  private final Words words;

  QualityRooms(
      QualityView view,
      JdbcClient jdbc,
      QualityReports reports,
      QualityPages pages,
      ProjectRepository projects,
      ProjectTabs tabs,
      Formats formats,
      Words words) {
    this.view = view;
    this.decisions = new DecisionFigures(jdbc);
    this.setups = new Setups(jdbc);
    this.reports = reports;
    this.pages = pages;
    this.projects = projects;
    this.tabs = tabs;
    this.formats = formats;
    this.words = words;
  }

  /// Which judgements are meant, and what of them.
  ///
  /// @param round null for all
  record Wish(Judges judges, @Nullable Integer round, Dimension dimension) {}

  /// @param judges `people` or `scripts`; people where there is a judgement of theirs
  /// @param on the dimension's key
  /// @param pair two people's numbers, whose matrix is wanted
  @GetMapping(QUALITY)
  String quality(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "judges", defaultValue = "") String judges,
      @RequestParam(name = "round", required = false) @Nullable Integer round,
      @RequestParam(name = "on", defaultValue = "") String on,
      @RequestParam(name = "pair", defaultValue = "") String pair,
      Model model) {
    tabs.open(projectId, "quality", model);
    List<RoundCount> rounds = view.rounds(projectId);
    Wish wish = wish(rounds, judges, round, on);
    choices(projectId, rounds, wish, model);
    QualityReport report = report(projectId, wish);
    Map<Long, String> names = view.names(projectId);
    @Nullable PairAgreement chosen = chosen(report.pairs(), pair);
    Dimension dimension = wish.dimension();
    model.addAttribute("none", report.judgements() == 0);
    model.addAttribute("otherAnswers", report.judgements() == 0 && answersOfOtherKinds(projectId));
    model.addAttribute("address", address(projectId, wish));
    model.addAttribute("json", jsonAddress(projectId, wish));
    model.addAttribute("about", pages.name(dimension));
    model.addAttribute(
        "lead",
        words.of(
            "quality.lead",
            formats.number(report.judgements()),
            formats.number(report.tasks()),
            formats.number(report.people().size())));
    model.addAttribute("dimensions", pages.dimensions(report.dimensions()));
    model.addAttribute("weeks", pages.groups(report.weeks(), dimension.level(), ""));
    model.addAttribute(
        "languages", pages.groups(report.languages(), dimension.level(), "quality.language."));
    model.addAttribute("kinds", pages.groups(report.kinds(), dimension.level(), "kind."));
    model.addAttribute("pairs", pages.pairs(report.pairs(), names, chosen));
    model.addAttribute("pairsInAll", formats.number(report.pairsInAll()));
    model.addAttribute("pairsLeftOut", report.pairsInAll() > report.pairs().size());
    model.addAttribute("pairsShown", formats.number(report.pairs().size()));
    model.addAttribute("histogram", pages.histogram(report.histogram(), dimension));
    model.addAttribute("sided", dimension.sided());
    model.addAttribute(
        "confusion",
        pages.confusion(
            chosen == null ? report.confusion() : chosen.matrix(), dimension, chosen, names));
    model.addAttribute("pairChosen", chosen != null);
    model.addAllAttributes(pages.position(report.position()));
    model.addAttribute("gold", pages.share(report.gold().accuracy()));
    model.addAttribute("goldTasks", formats.number(report.gold().tasks()));
    model.addAttribute(
        "known", pages.known(view.known(projectId, wish.judges(), wish.round(), KNOWN)));
    model.addAttribute("time", pages.seconds(report.time().median()));
    model.addAttribute("timeQuarters", pages.quarters(report.time()));
    model.addAttribute("timeTotal", formats.duration(report.time().total()));
    model.addAttribute("untimed", formats.number(report.time().untimed()));
    model.addAttribute("someUntimed", report.time().untimed() > 0);
    model.addAttribute("people", pages.people(report.people(), names));
    decisions(Decisions.of(decisions.of(projectId, wish.round())), model);
    model.addAllAttributes(
        pages.votes(
            report.votes(), shown -> pages.votes(shown, view.tasks(projectId, numbers(shown)))));
    return "quality/quality";
  }

  /// The same figures for programs. People are told apart by number, not by name.
  @GetMapping(path = QUALITY + ".json", produces = MediaType.APPLICATION_JSON_VALUE)
  @ResponseBody
  Map<String, Object> json(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "judges", defaultValue = "") String judges,
      @RequestParam(name = "round", required = false) @Nullable Integer round,
      @RequestParam(name = "on", defaultValue = "") String on) {
    if (projects.find(projectId).isEmpty()) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
    Wish wish = wish(view.rounds(projectId), judges, round, on);
    Map<String, Object> json = QualityJson.of(wish, report(projectId, wish));
    json.put("decisions", Decisions.of(decisions.of(projectId, wish.round())).json());
    return json;
  }

  private boolean answersOfOtherKinds(long projectId) {
    return setups.ofProject(projectId).stream()
        .anyMatch(each -> each.question().kind() != TaskKind.PAIR && each.judged() > 0);
  }

  private QualityReport report(long projectId, Wish wish) {
    return reports.of(projectId, wish.judges(), wish.round(), wish.dimension());
  }

  static Wish wish(List<RoundCount> rounds, String judges, @Nullable Integer round, String on) {
    Judges whose =
        switch (judges) {
          case "people" -> Judges.PEOPLE;
          case "scripts" -> Judges.SCRIPTS;
          default ->
              rounds.stream().allMatch(r -> r.people() == 0)
                      && rounds.stream().anyMatch(r -> r.scripts() > 0)
                  ? Judges.SCRIPTS
                  : Judges.PEOPLE;
        };
    return new Wish(whose, round, Dimension.of(on).orElse(Dimension.STRENGTH));
  }

  private void choices(long projectId, List<RoundCount> rounds, Wish wish, Model model) {
    List<Choice> judges = new ArrayList<>();
    for (Judges each : Judges.values()) {
      judges.add(
          new Choice(
              words.of("quality.judges." + each, formats.number(count(rounds, each, wish.round()))),
              address(projectId, new Wish(each, wish.round(), wish.dimension())),
              each == wish.judges()));
    }
    List<Choice> ofRounds = new ArrayList<>();
    ofRounds.add(
        new Choice(
            words.of("quality.rounds.all"),
            address(projectId, new Wish(wish.judges(), null, wish.dimension())),
            wish.round() == null));
    for (RoundCount each : rounds) {
      ofRounds.add(
          new Choice(
              words.of("quality.round", formats.number(each.round())),
              address(projectId, new Wish(wish.judges(), each.round(), wish.dimension())),
              wish.round() != null && wish.round() == each.round()));
    }
    List<Choice> about = new ArrayList<>();
    for (Dimension each : Dimension.values()) {
      about.add(
          new Choice(
              pages.name(each),
              address(projectId, new Wish(wish.judges(), wish.round(), each)),
              each == wish.dimension()));
    }
    model.addAttribute("judges", judges);
    model.addAttribute("rounds", ofRounds);
    model.addAttribute("on", about);
  }

  private static long count(List<RoundCount> rounds, Judges judges, @Nullable Integer round) {
    return rounds.stream()
        .filter(each -> round == null || each.round() == round)
        .mapToLong(each ->
            switch (judges) {
              case PEOPLE -> each.people();
              case SCRIPTS -> each.scripts();
            })
        .sum();
  }

  private void decisions(Decisions decided, Model model) {
    model.addAttribute("decided", formats.number(decided.counts().decided()));
    model.addAttribute("decidedWithout", formats.number(decided.counts().withoutPreference()));
    model.addAttribute("decidedAgreement", pages.share(decided.agreement()));
    model.addAttribute("decidedOf", formats.number(decided.counts().judgements()));
    model.addAttribute("withdrawn", formats.number(decided.counts().withdrawn()));
    model.addAttribute("undone", formats.number(decided.counts().undone()));
  }

  static List<Long> numbers(List<Votes.Differing> tasks) {
    return tasks.stream().map(Votes.Differing::taskId).toList();
  }

  private static @Nullable PairAgreement chosen(List<PairAgreement> pairs, String pair) {
    for (PairAgreement each : pairs) {
      if (pair.equals(each.first() + "-" + each.second())) {
        return each;
      }
    }
    return null;
  }

  private static String address(long projectId, Wish wish) {
    return with("/projects/" + projectId + "/quality", wish);
  }

  private static String jsonAddress(long projectId, Wish wish) {
    return with("/projects/" + projectId + "/quality.json", wish);
  }

  private static String with(String path, Wish wish) {
    UriComponentsBuilder uri =
        UriComponentsBuilder.fromPath(path)
            .queryParam("judges", wish.judges().name().toLowerCase(Locale.ROOT))
            .queryParam("on", wish.dimension().key());
    if (wish.round() != null) {
      uri.queryParam("round", wish.round());
    }
    return uri.toUriString();
  }
}
