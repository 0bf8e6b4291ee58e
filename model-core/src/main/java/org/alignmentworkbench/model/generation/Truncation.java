package org.alignmentworkbench.model.generation;

/// Which tokens may be drawn at all, decided step after step on what the step before left, in the
/// order of transformers:
///
/// ```
/// top-k   the k likeliest (Fan et al. 2018); tokens as likely as the last of them stay
/// top-p   the fewest likeliest whose probabilities add up to p or more (Holtzman et al. 2020)
/// min-p   those at least m times as likely as the likeliest (Nguyen et al. 2024)
/// ```
///
/// Probabilities are those under the sampling temperature. The likeliest token always stays. A
/// truncated sample's log-probabilities are still those of the whole distribution: a trainer that
/// scores the sample gets the same numbers.
///
/// @param topK how many tokens; 0 for all
/// @param topP their least probability together, in (0, 1]; 1 for all
/// @param minP a token's least share of the likeliest one's probability, in [0, 1]; 0 for all
public record Truncation(int topK, double topP, double minP) {
  /// Every token may be drawn.
  public static final Truncation NONE = new Truncation(0, 1, 0);

  /// Checks the ranges.
  public Truncation {
    if (topK < 0) {
      throw new IllegalArgumentException("topK must be >= 0, was " + topK);
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException("topP must be in (0, 1], was " + topP);
    }
    if (!(minP >= 0 && minP <= 1)) {
      throw new IllegalArgumentException("minP must be in [0, 1], was " + minP);
    }
  }
}
