package org.alignmentworkbench.app.report;

import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The figures of one run of the whole loop.
///
/// Names are the JSON's names. A figure that is undefined is null and is still written.
///
/// | figure | unit |
/// |---|---|
/// | `seconds`, `buildSeconds` | wall clock |
/// | `peakMiB` | proportional set size of the process and its children, at its highest |
/// | `passRate`, `ciLow`, `ciHigh` | share of held-out prompts whose response passes every check; Wilson 95 % |
/// | `difference` | paired difference of pass rates on the same prompts, 95 % |
/// | `trueUtility` | mean, in 0..1 |
/// | `klToReference` | nats a response, against `sft` |
/// | `tokensPerSecond` | sampled tokens over the evaluation's own sampling time |
public record LoopReport(
    long seed,
    @Nullable Double buildSeconds,
    double seconds,
    @Nullable Double peakMiB,
    List<Stage> stages,
    List<Comparison> comparisons,
    @Nullable RewardModelFigures rewardModel,
    List<Export> exports,
    Lineage lineage) {

  /// One stage of the loop, evaluated on the held-out prompts.
  public record Stage(
      String stage,
      int n,
      @Nullable Double passRate,
      @Nullable Double ciLow,
      @Nullable Double ciHigh,
      @Nullable Difference vsPrevious,
      @Nullable Difference vsSft,
      @Nullable Double trueUtility,
      @Nullable Double rewardModelScore,
      @Nullable Double klToReference,
      @Nullable Double bitsPerWeight,
      @Nullable Double bitsPerParameter,
      @Nullable Double tokensPerSecond) {}

  /// A paired difference with its 95 % interval.
  public record Difference(double difference, double ciLow, double ciHigh) {}

  /// A further paired difference of pass rates: a stage minus one that is neither the one before it
  /// nor `sft`.
  public record Comparison(
      String stage, String with, double difference, double ciLow, double ciHigh) {}

  /// The last reward model on held-out comparisons. `accuracyByStrength` runs from 1 (negligibly
  /// better) to 4 (significantly better).
  public record RewardModelFigures(
      int n,
      @Nullable Double heldOutAccuracy,
      @Nullable Double ciLow,
      @Nullable Double ciHigh,
      SequencedMap<String, @Nullable Double> accuracyByStrength) {}

  /// One exported file or folder.
  public record Export(String format, long bytes, String sha256, String path) {}

  /// How much of the lineage stands in the database.
  public record Lineage(long edges) {}

  /// The report as indented JSON.
  public String toJson() {
    return JsonMapper.builder()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .build()
        .writeValueAsString(this);
  }
}
