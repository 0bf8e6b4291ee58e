package org.alignmentworkbench.app.quality;

import java.util.Map;
import org.alignmentworkbench.db.view.DecisionFigures;
import org.alignmentworkbench.db.view.QualityView;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The figures of the Quality page for programs.
@Component
public class QualityFigures {
  private final QualityView view;
  private final QualityReports reports;
  private final DecisionFigures decisions;

  QualityFigures(QualityView view, JdbcClient jdbc, QualityReports reports) {
    this.view = view;
    this.decisions = new DecisionFigures(jdbc);
    this.reports = reports;
  }

  /// The figures; people are told apart by number, not by name.
  ///
  /// @param judges `people` or `scripts`; anything else is people where there is a judgement of
  ///   theirs
  /// @param round null for all
  /// @param on the dimension's key; anything else is the strength
  public Map<String, Object> of(long projectId, String judges, @Nullable Integer round, String on) {
    QualityRooms.Wish wish = QualityRooms.wish(view.rounds(projectId), judges, round, on);
    Map<String, Object> json =
        QualityJson.of(wish, reports.of(projectId, wish.judges(), wish.round(), wish.dimension()));
    json.put("decisions", Decisions.of(decisions.of(projectId, wish.round())).json());
    return json;
  }
}
