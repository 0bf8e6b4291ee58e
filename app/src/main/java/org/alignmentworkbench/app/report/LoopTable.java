package org.alignmentworkbench.app.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.alignmentworkbench.app.report.LoopReport.Comparison;
import org.alignmentworkbench.app.report.LoopReport.Difference;
import org.alignmentworkbench.app.report.LoopReport.Export;
import org.alignmentworkbench.app.report.LoopReport.RewardModelFigures;
import org.alignmentworkbench.app.report.LoopReport.Stage;
import org.jspecify.annotations.Nullable;

/// The report as a table in plain text, for the terminal.
public final class LoopTable {
  private static final String UNDEFINED = "-";

  private LoopTable() {}

  /// The stages, one line each, then the reward model, the exports and the run's own figures.
  public static String render(LoopReport report) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "stage",
            "n",
            "pass rate % [95 %]",
            "vs previous, points",
            "vs sft, points",
            "utility",
            "reward",
            "KL nats",
            "bits/weight",
            "bits/param",
            "tokens/s"));
    for (Stage stage : report.stages()) {
      rows.add(
          List.of(
              stage.stage(),
              Integer.toString(stage.n()),
              interval(stage.passRate(), stage.ciLow(), stage.ciHigh()),
              difference(stage.vsPrevious()),
              difference(stage.vsSft()),
              number("%.3f", stage.trueUtility()),
              number("%+.2f", stage.rewardModelScore()),
              number("%.2f", stage.klToReference()),
              number("%.2f", stage.bitsPerWeight()),
              number("%.2f", stage.bitsPerParameter()),
              number("%,.0f", stage.tokensPerSecond())));
    }
    StringBuilder out = new StringBuilder(align(rows));
    for (Comparison one : report.comparisons()) {
      out.append(
          String.format(
              Locale.ROOT,
              "%s minus %s: %s points%n",
              one.stage(),
              one.with(),
              difference(new Difference(one.difference(), one.ciLow(), one.ciHigh()))));
    }
    RewardModelFigures rewardModel = report.rewardModel();
    if (rewardModel != null) {
      out.append('\n')
          .append("Reward model on ")
          .append(rewardModel.n())
          .append(" held-out comparisons: right in ")
          .append(
              interval(rewardModel.heldOutAccuracy(), rewardModel.ciLow(), rewardModel.ciHigh()))
          .append(" %; by strength");
      rewardModel
          .accuracyByStrength()
          .forEach((strength, accuracy) ->
              out.append(' ').append(strength).append(": ").append(percent(accuracy)));
      out.append('\n');
    }
    if (!report.exports().isEmpty()) {
      out.append('\n');
      for (Export export : report.exports()) {
        out.append(
            String.format(
                Locale.ROOT,
                "%-12s %,10d bytes  %s  %s%n",
                export.format(),
                export.bytes(),
                export.sha256().substring(0, 12),
                export.path()));
      }
    }
    out.append(
        String.format(
            Locale.ROOT,
            "%nSeed %d, %.0f s, peak memory %s MiB, %d lineage edges%n",
            report.seed(),
            report.seconds(),
            number("%,.0f", report.peakMiB()),
            report.lineage().edges()));
    return out.toString();
  }

  private static String align(List<List<String>> rows) {
    int columns = rows.getFirst().size();
    int[] width = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        width[i] = Math.max(width[i], row.get(i).length());
      }
    }
    StringBuilder out = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        String cell = rows.get(r).get(i);
        String space = " ".repeat(width[i] - cell.length());
        line.append(i == 0 ? cell + space : "  " + space + cell);
      }
      out.append(line.toString().stripTrailing()).append('\n');
      if (r == 0) {
        out.append("-".repeat(line.length())).append('\n');
      }
    }
    return out.toString();
  }

  private static String interval(
      @Nullable Double value, @Nullable Double low, @Nullable Double high) {
    if (value == null || low == null || high == null) {
      return UNDEFINED;
    }
    return String.format(Locale.ROOT, "%.1f [%.1f, %.1f]", 100 * value, 100 * low, 100 * high);
  }

  private static String difference(@Nullable Difference difference) {
    if (difference == null) {
      return UNDEFINED;
    }
    return String.format(
        Locale.ROOT,
        "%+.1f [%+.1f, %+.1f]",
        100 * difference.difference(),
        100 * difference.ciLow(),
        100 * difference.ciHigh());
  }

  private static String percent(@Nullable Double share) {
    return share == null ? UNDEFINED : String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }

  private static String number(String format, @Nullable Double value) {
    return value == null ? UNDEFINED : String.format(Locale.ROOT, format, value);
  }
}
