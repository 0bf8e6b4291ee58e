package org.alignmentworkbench.app.evaluation;

import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.model.statistics.Estimate;
import org.springframework.stereotype.Component;

/// Estimates as pages show them: the figure, its interval, or why there is none.
@Component
class Figures {
  private final Formats formats;
  private final Words words;

  Figures(Formats formats, Words words) {
    this.formats = formats;
    this.words = words;
  }

  /// A figure with its interval, or why there is none.
  ///
  /// @param interval in words, empty where there is none
  /// @param why empty where there is a figure
  /// @param style `up` or `down` where the whole interval is on one side of zero, else empty
  record Figure(String value, String interval, String why, String style) {}

  Figure rate(Estimate estimate) {
    return switch (estimate) {
      case Estimate.Known known ->
          new Figure(
              formats.percent(known.value()),
              formats.percentInterval(known.low(), known.high()),
              "",
              "");
      case Estimate.Point point ->
          new Figure(formats.percent(point.value()), "", words.reason(point.why()), "");
      case Estimate.Undefined undefined ->
          new Figure(Formats.NONE, "", words.reason(undefined.why()), "");
    };
  }

  /// One stage's pass rate less another one's, on the prompts they share.
  Figure difference(StageFigures own, StageFigures other) {
    return switch (own.differenceTo(other)) {
      case Estimate.Known known ->
          new Figure(
              formats.points(known.value()),
              formats.pointsInterval(known.low(), known.high()),
              "",
              known.low() > 0 ? "up" : known.high() < 0 ? "down" : "");
      case Estimate.Point point ->
          new Figure(formats.points(point.value()), "", words.reason(point.why()), "");
      case Estimate.Undefined _ -> why("evaluation.why.noShared");
    };
  }

  Figure mean(Estimate estimate, String whyNot) {
    return switch (estimate) {
      case Estimate.Known known ->
          new Figure(
              formats.decimal(known.value(), 3),
              "± " + formats.decimal(known.high() - known.value(), 3),
              "",
              "");
      case Estimate.Point point ->
          new Figure(formats.decimal(point.value(), 3), "", words.reason(point.why()), "");
      case Estimate.Undefined _ -> why(whyNot);
    };
  }

  /// No figure, and why.
  Figure why(String key) {
    return new Figure(Formats.NONE, "", words.of(key), "");
  }

  /// No figure where none is expected.
  static Figure none() {
    return new Figure(Formats.NONE, "", "", "");
  }
}
