package org.alignmentworkbench.app.quality;

import java.util.Locale;
import java.util.function.DoubleFunction;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.model.statistics.Estimate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Estimates as the Quality page shows them: the figure, its interval and n, or why there is none.
@Component
class Cells {
  /// Units of a drawing; a small margin keeps the ends' strokes inside.
  private static final double WIDTH = 200;

  private static final double MARGIN = 4;

  private final Formats formats;
  private final Words words;

  Cells(Formats formats, Words words) {
    this.formats = formats;
    this.words = words;
  }

  /// A figure.
  ///
  /// @param interval in words, empty where there is none
  /// @param n in words, empty without a figure
  /// @param why no figure, or no interval; empty where there are both
  record Cell(String value, String interval, String n, String why) {}

  /// An interval as the page draws it, in the drawing's units.
  record Bar(String low, String high, String at) {}

  /// What a drawing's ends mean.
  record Scale(double least, double most) {
    /// Shares, and what lies within them.
    static final Scale SHARES = new Scale(0, 1);

    /// From the lowest end of some coefficients, but from 0 at least, to 1.
    static Scale of(Iterable<Estimate> estimates) {
      double least = 0;
      for (Estimate estimate : estimates) {
        switch (estimate) {
          case Estimate.Known known -> least = Math.min(least, known.low());
          case Estimate.Point point -> least = Math.min(least, point.value());
          case Estimate.Undefined _ -> {}
        }
      }
      return new Scale(least, 1);
    }
  }

  /// A coefficient with three digits.
  Cell coefficient(Estimate estimate) {
    return cell(estimate, value -> formats.decimal(value, 3));
  }

  /// A share in percent.
  Cell share(Estimate estimate) {
    return cell(estimate, formats::percent);
  }

  /// A difference of shares in percentage points.
  Cell difference(Estimate estimate) {
    return cell(estimate, formats::points);
  }

  /// A time in seconds.
  Cell seconds(Estimate estimate) {
    return cell(estimate, this::seconds);
  }

  private Cell cell(Estimate estimate, DoubleFunction<String> format) {
    return switch (estimate) {
      case Estimate.Known known ->
          new Cell(
              format.apply(known.value()),
              words.of("quality.cell", format.apply(known.low()), format.apply(known.high())),
              n(known.n()),
              "");
      case Estimate.Point point ->
          new Cell(format.apply(point.value()), "", n(point.n()), words.reason(point.why()));
      case Estimate.Undefined undefined ->
          new Cell(Formats.NONE, "", "", words.reason(undefined.why()));
    };
  }

  /// A number of seconds.
  String seconds(double seconds) {
    return words.of("quality.seconds", formats.decimal(seconds, 1));
  }

  /// The interval as a drawing, or null without a figure.
  static @Nullable Bar bar(Estimate estimate, Scale scale) {
    return switch (estimate) {
      case Estimate.Known known ->
          new Bar(at(known.low(), scale), at(known.high(), scale), at(known.value(), scale));
      case Estimate.Point point ->
          new Bar(at(point.value(), scale), at(point.value(), scale), at(point.value(), scale));
      case Estimate.Undefined _ -> null;
    };
  }

  /// A length from the drawing's left end.
  static String length(double share) {
    return String.format(Locale.ROOT, "%.1f", share * WIDTH);
  }

  private static String at(double value, Scale scale) {
    double share = (value - scale.least()) / (scale.most() - scale.least());
    return String.format(Locale.ROOT, "%.1f", MARGIN + share * (WIDTH - 2 * MARGIN));
  }

  private String n(long n) {
    return words.of("quality.n", formats.number(n));
  }
}
