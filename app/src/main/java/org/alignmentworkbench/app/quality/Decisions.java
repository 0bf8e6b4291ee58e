package org.alignmentworkbench.app.quality;

import java.util.LinkedHashMap;
import java.util.Map;
import org.alignmentworkbench.db.view.DecisionFigures.Decided;
import org.alignmentworkbench.model.statistics.Estimate;
import org.alignmentworkbench.model.statistics.Proportion;

/// How often people's judgements choose the side that a lead decided for. Judgements of one
/// comparison are not independent, so the interval is too narrow where few comparisons are decided;
/// and leads decide where judges disagree, so it is no figure of all judgements.
record Decisions(Decided counts, Estimate agreement) {
  private static final Estimate NONE =
      new Estimate.Undefined("no judged comparison was decided for a side");

  static Decisions of(Decided counts) {
    return new Decisions(
        counts,
        counts.judgements() == 0
            ? NONE
            : new Proportion(counts.agreeing(), counts.judgements()).estimate());
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("comparisons", counts.decided());
    json.put("withoutPreference", counts.withoutPreference());
    json.put("agreement", QualityJson.figure(agreement));
    json.put("withdrawn", counts.withdrawn());
    json.put("undone", counts.undone());
    return json;
  }
}
