package org.alignmentworkbench.app.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.app.evaluation.Figures.Figure;
import org.alignmentworkbench.db.view.EvaluationView;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// What runs came to: the evaluations they made, and those of the models they made.
@Component
public class RunFigures {
  private final EvaluationView view;
  private final Figures figures;
  private final Formats formats;

  RunFigures(EvaluationView view, Figures figures, Formats formats) {
    this.view = view;
    this.figures = figures;
    this.formats = formats;
  }

  /// One evaluated stage of one run.
  ///
  /// @param first whether all others are compared with it
  public record Line(
      long runId,
      long evaluationId,
      String stage,
      String n,
      String passRate,
      String interval,
      Scale.@Nullable Bar bar,
      boolean first,
      String difference,
      String differenceInterval,
      String style,
      String utility,
      String utilityInterval) {}

  /// In the order of the runs, differences to the first line.
  public List<Line> of(long projectId, List<Long> runIds) {
    List<EvaluationView.Stage> stages = view.stages(projectId);
    Map<Long, StageFigures> all = StageFigures.of(view.results(projectId));
    Scale scale = Scale.of(all.values());
    List<Line> lines = new ArrayList<>();
    @Nullable StageFigures first = null;
    for (long runId : runIds) {
      for (EvaluationView.Stage stage : stages) {
        boolean measured = stage.runId() != null && stage.runId() == runId;
        boolean made = stage.modelRunId() != null && stage.modelRunId() == runId;
        if (!measured && !made) {
          continue;
        }
        StageFigures own = all.getOrDefault(stage.id(), StageFigures.none());
        Figure rate = figures.rate(own.passRate());
        Figure utility = figures.mean(own.utility(), "evaluation.why.noItems");
        Figure difference = first == null ? Figures.none() : figures.difference(own, first);
        lines.add(
            new Line(
                runId,
                stage.id(),
                stage.stage(),
                formats.number(own.n()),
                rate.value(),
                rate.interval().isEmpty() ? rate.why() : rate.interval(),
                scale.bar(own.passRate()),
                first == null,
                difference.value(),
                difference.interval().isEmpty() ? difference.why() : difference.interval(),
                difference.style(),
                utility.value(),
                utility.interval()));
        if (first == null) {
          first = own;
        }
      }
    }
    return lines;
  }
}
