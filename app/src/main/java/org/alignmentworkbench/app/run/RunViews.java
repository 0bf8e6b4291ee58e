package org.alignmentworkbench.app.run;

import java.util.List;
import org.alignmentworkbench.annotation.page.Chip;
import org.alignmentworkbench.annotation.page.Moment;
import org.alignmentworkbench.annotation.page.Progress;
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
      String took,
      boolean mayStop,
      boolean mayRestart) {}

  /// What changes while a run goes on.
  record Status(
      long id,
      long projectId,
      Chip state,
      String detail,
      @Nullable String stage,
      @Nullable Progress progress,
      @Nullable String rate,
      @Nullable String left,
      String took,
      @Nullable Moment started,
      @Nullable Moment ended,
      @Nullable Moment beat,
      boolean silent,
      boolean mayStop,
      boolean mayRestart,
      boolean mayRunAgain,
      boolean live) {}

  /// A line of the log.
  record Line(long id, Moment at, String level, String message) {}

  /// A plot.
  ///
  /// @param family tells it from the others of its stage
  record Plot(String family, String title) {}

  /// The plots of a stage.
  ///
  /// @param count how many, in words
  /// @param lead the last figure of the curve one looks at first
  record PlotStage(
      String stage, String title, String count, String lead, boolean open, List<Plot> plots) {
    PlotStage opened() {
      return new PlotStage(stage, title, count, lead, true, plots);
    }
  }

  /// Where a curve is drawn and how it is called there.
  record Legend(
      String series,
      String stage,
      String stageTitle,
      String family,
      String familyTitle,
      String label,
      int rank) {}

  /// A curve in figures, for those who do not see the plot.
  record Curve(
      String stage,
      String name,
      String points,
      String undefined,
      String last,
      String least,
      String most) {}

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
      Moment created) {}

  /// The list of what was left out of a file that a run learns from.
  record Brought(String text, String href) {}
}
