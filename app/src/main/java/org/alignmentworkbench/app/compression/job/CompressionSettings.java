package org.alignmentworkbench.app.compression.job;

/// How a policy is compressed and what its recovery adapter learns.
///
/// | component | meaning |
/// |---|---|
/// | `policy` | the model to compress |
/// | `compressed`, `recovered` | what to call the compressed model and its adapter |
/// | `firstPrompt`, `prompts` | the training prompts that the policy answers |
/// | `temperature` | of its answers; compressed and uncompressed model are compared at it; 1 is the policy itself |
/// | `maxNewTokens` | longest answer |
/// | `generationRows` | answers sampled together; part of what makes a run repeatable to the bit |
/// | `heldOutShare` | share of the prompts kept back to measure on |
/// | `calibrationTexts` | answers on which inputs are collected |
/// | `sensitivityTexts` | answers on which each projection is measured at 2 and at 4 bits |
/// | `bitsPerWeight` | the budget: indices and tables over palettized weights |
/// | `rank`, `alpha` | the recovery adapter's shape |
/// | `recovery` | its training |
public record CompressionSettings(
    String policy,
    String compressed,
    String recovered,
    int firstPrompt,
    int prompts,
    double temperature,
    int maxNewTokens,
    int generationRows,
    double heldOutShare,
    int calibrationTexts,
    int sensitivityTexts,
    double bitsPerWeight,
    int rank,
    double alpha,
    RecoverySettings recovery) {
  /// Rank 16 and 3.5 bits a weight, as the published models have, for a model of a few million
  /// parameters.
  public static final CompressionSettings DEFAULT =
      new CompressionSettings(
          "mdloo",
          "compressed",
          "recovered",
          0,
          1200,
          1,
          64,
          64,
          0.1,
          200,
          16,
          3.5,
          16,
          32,
          RecoverySettings.DEFAULT);

  /// Checks the ranges.
  public CompressionSettings {
    require(firstPrompt >= 0, "firstPrompt", ">= 0", firstPrompt);
    require(prompts >= 1, "prompts", ">= 1", prompts);
    require(
        temperature > 0 && Double.isFinite(temperature),
        "temperature",
        "finite and > 0",
        temperature);
    require(maxNewTokens >= 1, "maxNewTokens", ">= 1", maxNewTokens);
    require(generationRows >= 1, "generationRows", ">= 1", generationRows);
    require(heldOutShare > 0 && heldOutShare < 1, "heldOutShare", "in (0, 1)", heldOutShare);
    require(calibrationTexts >= 1, "calibrationTexts", ">= 1", calibrationTexts);
    require(sensitivityTexts >= 1, "sensitivityTexts", ">= 1", sensitivityTexts);
    require(
        bitsPerWeight > 2 && Double.isFinite(bitsPerWeight), "bitsPerWeight", "> 2", bitsPerWeight);
    require(rank >= 1, "rank", ">= 1", rank);
    require(alpha > 0 && Double.isFinite(alpha), "alpha", "finite and > 0", alpha);
  }

  private static void require(boolean holds, String name, String rule, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(name + " must be " + rule + ", was " + value);
    }
  }
}
