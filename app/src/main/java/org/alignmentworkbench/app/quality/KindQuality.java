package org.alignmentworkbench.app.quality;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.alignmentworkbench.db.task.Judges;
import org.alignmentworkbench.db.task.KindAdjudications;
import org.alignmentworkbench.db.task.Setup;
import org.alignmentworkbench.db.task.Setups;
import org.alignmentworkbench.db.view.KindView;
import org.alignmentworkbench.db.view.KindView.KindTask;
import org.alignmentworkbench.db.view.KindView.SetupCount;
import org.alignmentworkbench.model.agreement.ConfusionMatrix;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The figures of set-ups whose tasks are no comparisons, for the page and for programs.
@Component
public class KindQuality {
  private final KindView view;
  private final Setups setups;
  private final KindAdjudications adjudications;
  private final QualityReports reports;

  KindQuality(JdbcClient jdbc, KindView view, Setups setups, QualityReports reports) {
    this.adjudications = new KindAdjudications(jdbc);
    this.view = view;
    this.setups = setups;
    this.reports = reports;
  }

  /// Which answers are meant, and what of them.
  record Wish(Setup setup, Judges judges, String on) {}

  List<SetupCount> counts(long projectId) {
    return view.setups(projectId);
  }

  List<KindTask> tasks(long setupId, String after, int limit) {
    return view.tasks(setupId, after, limit);
  }

  /// The set-up of that number, the newest with an answer where none is named; empty where the
  /// project has no such set-up.
  ///
  /// @param judges `people` or `scripts`; people where there is an answer of theirs
  Optional<Wish> wish(long projectId, long setupId, String judges, String on) {
    List<SetupCount> counts = counts(projectId);
    return counts.stream()
        .filter(count ->
            setupId == 0 ? count.people() + count.scripts() > 0 : count.setupId() == setupId)
        .findFirst()
        .or(() -> setupId == 0 ? counts.stream().findFirst() : Optional.empty())
        .flatMap(count ->
            setups.ofProject(projectId).stream()
                .filter(setup -> setup.id() == count.setupId())
                .findFirst()
                .map(setup -> new Wish(setup, whose(judges, count), on)));
  }

  private static Judges whose(String judges, SetupCount count) {
    return switch (judges) {
      case "people" -> Judges.PEOPLE;
      case "scripts" -> Judges.SCRIPTS;
      default -> count.people() == 0 && count.scripts() > 0 ? Judges.SCRIPTS : Judges.PEOPLE;
    };
  }

  KindReport report(Wish wish) {
    return reports.of(wish.setup(), wish.judges(), wish.on());
  }

  /// How people's answers compare with what leads decided.
  KindDecisions decisions(Setup setup) {
    return KindDecisions.of(
        setup.question(), adjudications.figures(setup.id()), adjudications.compared(setup.id()));
  }

  /// The figures for programs; empty where the project has no such set-up of another kind. People
  /// are told apart by number, not by name.
  ///
  /// @param setupId 0 for the newest with an answer
  /// @param on a measure's key; anything else is the first
  public Optional<Map<String, Object>> of(long projectId, long setupId, String judges, String on) {
    return wish(projectId, setupId, judges, on)
        .map(wish -> {
          Map<String, Object> json = json(wish, report(wish));
          json.put("decisions", decisions(wish.setup()).json());
          return json;
        });
  }

  private static Map<String, Object> json(Wish wish, KindReport report) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("setup", wish.setup().id());
    json.put("kind", report.question().kind().name());
    json.put("judges", wish.judges().name().toLowerCase(Locale.ROOT));
    json.put("judgements", report.judgements());
    json.put("tasks", report.tasks());
    json.put("people", report.people());
    Map<String, Object> measures = new LinkedHashMap<>();
    report.agreements().forEach((key, each) -> measures.put(key, QualityJson.agreement(each)));
    json.put("measures", measures);
    Measure chosen = report.chosen();
    Histogram histogram = report.histogram();
    ConfusionMatrix confusion = report.confusion();
    if (chosen != null && histogram != null && confusion != null) {
      json.put("on", chosen.key());
      json.put("histogram", histogram.bars().stream().map(QualityJson::bar).toList());
      json.put("confusion", QualityJson.confusion(confusion));
      json.put("weeks", QualityJson.groups("week", report.weeks()));
      json.put("languages", QualityJson.groups("language", report.languages()));
      json.put("pairs", report.pairs().stream().map(QualityJson::pair).toList());
      json.put("pairsInAll", report.pairsInAll());
    }
    Position position = report.position();
    Votes votes = report.votes();
    if (position != null && votes != null) {
      Map<String, Object> sides = QualityJson.position(position);
      sides.put("undecided", position.undecided());
      json.put("position", sides);
      json.put("votes", QualityJson.choices(votes));
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    report.figures().forEach((key, each) -> figures.put(key, QualityJson.figure(each)));
    json.put("figures", figures);
    return json;
  }
}
