package org.alignmentworkbench.app.run;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a curve is drawn: curves of one stage and one family, such as the loss on training and on
/// held-out rows, share a plot; all others have one of their own, because their scales differ.
///
/// @param stage what stands before the slash, empty where there is none
/// @param family what the plot shows
record PlotKey(String stage, String family) {
  /// What one looks at first, and what only tells how the machinery runs; all others between.
  private static final List<String> FIRST =
      List.of("passRate", "reward", "accuracy", "loss", "divergence");

  private static final List<String> LAST =
      List.of(
          "samplerMismatch",
          "largestLogRatio",
          "guarded",
          "flatGroups",
          "gradientNorm",
          "learningRate",
          "supervisedTokens",
          "tokensPerSecond",
          "residentMemory");

  private static final Pattern HELD_OUT = Pattern.compile("heldOut([A-Z].*)");
  private static final Map<String, String> FAMILIES =
      Map.of(
          "rankLoss", "loss",
          "gradeLoss", "loss",
          "leftOutTooLong", "leftOut",
          "leftOutUnended", "leftOut",
          "leftOutUnreadable", "leftOut",
          "logRatioChosen", "logRatio",
          "logRatioRejected", "logRatio",
          "shapedReward", "reward");

  static PlotKey of(String series) {
    int slash = series.indexOf('/');
    String stage = slash < 0 ? "" : series.substring(0, slash);
    String name = series.substring(slash + 1);
    Matcher heldOut = HELD_OUT.matcher(name);
    if (heldOut.matches()) {
      String rest = heldOut.group(1);
      name = rest.substring(0, 1).toLowerCase(Locale.ROOT) + rest.substring(1);
    }
    return new PlotKey(stage, FAMILIES.getOrDefault(name, name));
  }

  /// Place in the order of a stage's plots.
  int rank() {
    int first = FIRST.indexOf(family);
    return first >= 0 ? first : FIRST.size() + 1 + LAST.indexOf(family);
  }
}
