package org.alignmentworkbench.app.evaluation;

import java.util.List;
import java.util.Map;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.view.EvaluationView;
import org.alignmentworkbench.model.statistics.Estimate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// The pass rates of a project's stages in short, for its overview.
@Component
public class PassRates {
  private final EvaluationView view;
  private final Formats formats;
  private final Words words;

  PassRates(EvaluationView view, Formats formats, Words words) {
    this.view = view;
    this.formats = formats;
    this.words = words;
  }

  /// A stage in short.
  public record Line(
      long id, String stage, String value, String interval, Scale.@Nullable Bar bar, String n) {}

  /// In the order in which the stages' models were made.
  public List<Line> of(long projectId) {
    Map<Long, StageFigures> all = StageFigures.of(view.results(projectId));
    Scale scale = Scale.of(all.values());
    return view.stages(projectId).stream()
        .map(stage -> line(stage, all.getOrDefault(stage.id(), StageFigures.none()), scale))
        .toList();
  }

  private Line line(EvaluationView.Stage stage, StageFigures figures, Scale scale) {
    return switch (figures.passRate()) {
      case Estimate.Known known ->
          new Line(
              stage.id(),
              stage.stage(),
              formats.percent(known.value()),
              formats.percentInterval(known.low(), known.high()),
              scale.bar(known),
              formats.number(known.n()));
      case Estimate.Point point ->
          new Line(
              stage.id(),
              stage.stage(),
              formats.percent(point.value()),
              words.reason(point.why()),
              null,
              formats.number(point.n()));
      case Estimate.Undefined undefined ->
          new Line(
              stage.id(), stage.stage(), Formats.NONE, words.reason(undefined.why()), null, "0");
    };
  }
}
