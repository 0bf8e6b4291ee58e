package org.alignmentworkbench.model.generation;

/// One sampled continuation.
public final class Generation {
  private final int[] ids;
  private final float[] logProbs;
  private final Finish finish;

  /// A continuation; the arrays are copied.
  public Generation(int[] ids, float[] logProbs, Finish finish) {
    if (ids.length != logProbs.length) {
      throw new IllegalArgumentException(
          "must be as many log-probabilities as ids, was "
              + logProbs.length
              + " for "
              + ids.length);
    }
    this.ids = ids.clone();
    this.logProbs = logProbs.clone();
    this.finish = finish;
  }

  /// The new tokens; a stop token is the last of them.
  public int[] ids() {
    return ids.clone();
  }

  /// Each token's log-probability (nats) under the sampling temperature.
  public float[] logProbs() {
    return logProbs.clone();
  }

  /// Why it ended.
  public Finish finish() {
    return finish;
  }

  /// The number of new tokens.
  public int length() {
    return ids.length;
  }

  @Override
  public String toString() {
    return "Generation[" + ids.length + " tokens, " + finish + "]";
  }
}
