package org.alignmentworkbench.app.run;

import java.util.List;
import org.alignmentworkbench.annotation.page.Chip;
import org.alignmentworkbench.annotation.page.Moment;
import org.alignmentworkbench.annotation.page.Progress;
import org.alignmentworkbench.app.web.JsonFacts.Fact;
import org.jspecify.annotations.Nullable;

/// The view records of the run rooms; every text is finished.
final class RunViews {
  private RunViews() {}

  /// A line of the list.
  record Row(
      long id,
      String name,
      String job,
      long projectId,
      String projectName,
      Chip state,
      String where,
      @Nullable Progress progress,
      @Nullable Moment started,
      String took) {}

  /// What changes while a run goes on.
  record Status(
      long id,
      Chip state,
      String detail,
      @Nullable String stage,
      @Nullable Progress progress,
      String rate,
      String left,
      String took,
      @Nullable Moment started,
      @Nullable Moment ended,
      @Nullable Moment beat,
      boolean silent,
      boolean mayStop,
      boolean mayRestart,
      boolean live) {}

  /// A line of the log.
  record Line(long id, Moment at, String level, String message) {}

  /// A plot.
  ///
  /// @param family tells it from the others of its stage
  record Plot(String family, String title) {}

  /// The plots of a stage.
  record PlotStage(String stage, String title, List<Plot> plots) {}

  /// Where a curve is drawn and how it is called there.
  record Legend(
      String series,
      String stage,
      String stageTitle,
      String family,
      String familyTitle,
      String label) {}

  /// A curve in figures, for those who do not see the plot.
  record Curve(
      String name, String points, String undefined, String last, String least, String most) {}

  /// An artefact that went in or came out.
  record Artifact(
      String sha256, String shortHash, String name, String kind, String role, String size) {}

  /// What does not change.
  record Run(
      long id,
      String name,
      String job,
      long projectId,
      String projectName,
      String seed,
      String codeVersion,
      String device,
      Moment created,
      List<Fact> configuration) {}
}
