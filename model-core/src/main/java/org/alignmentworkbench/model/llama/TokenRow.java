package org.alignmentworkbench.model.llama;

import java.util.Arrays;

/// One sequence and which of its tokens matter.
///
/// `scored(t)` says that the log-probability of token `t` given tokens `0..t-1` is wanted: by a
/// trainer because the token carries loss, by an estimator because it belongs to the response. The
/// first token has no prefix and is never scored. Every array that belongs to a row
/// (log-probabilities, coefficients) is aligned with its ids, so value `t` is about token `t`.
public final class TokenRow {
  private final int[] ids;
  private final boolean[] scored;
  private final int scoredTokens;

  /// A row with its mask.
  ///
  /// @throws IllegalArgumentException if the row is empty, the lengths differ or the first token is
  ///   scored
  public TokenRow(int[] ids, boolean[] scored) {
    if (ids.length == 0) {
      throw new IllegalArgumentException("a row must hold at least one token");
    }
    if (scored.length != ids.length) {
      throw new IllegalArgumentException(
          "the mask must be as long as the ids, was " + scored.length + " for " + ids.length);
    }
    if (scored[0]) {
      throw new IllegalArgumentException("the first token has no prefix and cannot be scored");
    }
    this.ids = ids.clone();
    this.scored = scored.clone();
    int count = 0;
    for (boolean one : scored) {
      count += one ? 1 : 0;
    }
    this.scoredTokens = count;
  }

  /// A row in which every token but the first is scored.
  public static TokenRow of(int[] ids) {
    boolean[] scored = new boolean[ids.length];
    Arrays.fill(scored, Math.min(1, ids.length), ids.length, true);
    return new TokenRow(ids, scored);
  }

  /// A prompt followed by a response whose tokens are all scored, its end token included.
  public static TokenRow response(int[] prompt, int[] response) {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("a prompt must hold at least one token");
    }
    int[] ids = Arrays.copyOf(prompt, prompt.length + response.length);
    System.arraycopy(response, 0, ids, prompt.length, response.length);
    boolean[] scored = new boolean[ids.length];
    Arrays.fill(scored, prompt.length, ids.length, true);
    return new TokenRow(ids, scored);
  }

  /// A copy of the ids.
  public int[] ids() {
    return ids.clone();
  }

  /// A copy of the mask.
  public boolean[] scored() {
    return scored.clone();
  }

  /// Token `t`.
  public int id(int t) {
    return ids[t];
  }

  /// Whether token `t` is scored.
  public boolean scored(int t) {
    return scored[t];
  }

  /// The number of tokens.
  public int length() {
    return ids.length;
  }

  /// The number of scored tokens.
  public int scoredTokens() {
    return scoredTokens;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenRow row
        && Arrays.equals(ids, row.ids)
        && Arrays.equals(scored, row.scored);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(ids) + Arrays.hashCode(scored);
  }

  @Override
  public String toString() {
    return "TokenRow[" + ids.length + " tokens, " + scoredTokens + " scored]";
  }
}
