package org.alignmentworkbench.model.statistics;

import org.alignmentworkbench.model.random.CounterStream;

/// Draws counts with replacement from weighted kinds: what a bootstrap of `n` observations comes to
/// when many of them are alike, at a price that depends on the kinds and not on `n`.
///
/// ```
/// count[0] ~ Binomial(n, w[0] / W),  count[1] ~ Binomial(n - count[0], w[1] / (W - w[0])),  ...
/// ```
///
/// Value `i` of the stream decides kind `i`. Each binomial is inverted exactly: from zero where its
/// mean is small, else outwards from its mode.
public final class Multinomial {
  /// Above this mean the search starts at the mode: (1 - p)^n would be too small to start from.
  private static final double SMALL_MEAN = 30;

  private final long[] weights;

  /// The share of each kind in what earlier kinds leave.
  private final double[] shares;

  /// log(1 - share), which most draws begin with.
  private final double[] logRest;

  /// @param weights how often each kind was seen
  public Multinomial(long[] weights) {
    this.weights = weights.clone();
    this.shares = new double[weights.length];
    this.logRest = new double[weights.length];
    long left = 0;
    for (long weight : weights) {
      if (weight < 0) {
        throw new IllegalArgumentException("weights must be >= 0, one was " + weight);
      }
      left += weight;
    }
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        shares[i] = (double) weights[i] / left;
        logRest[i] = Math.log1p(-shares[i]);
        left -= weights[i];
      }
    }
  }

  /// Draws `n` observations.
  ///
  /// @param weights how often each kind was seen; at least one above zero
  /// @return how often each kind is drawn
  public static long[] draw(long n, long[] weights, CounterStream stream) {
    return new Multinomial(weights).draw(n, stream);
  }

  /// Draws `n` observations. At least one weight must be above zero where `n` is.
  ///
  /// @return how often each kind is drawn
  public long[] draw(long n, CounterStream stream) {
    long[] counts = new long[weights.length];
    long open = n;
    for (int i = 0; i < counts.length && open > 0; i++) {
      if (weights[i] > 0) {
        counts[i] = shares[i] == 1 ? open : kind(open, i, stream.uniform(i));
        open -= counts[i];
      }
    }
    if (open > 0) {
      throw new IllegalArgumentException("one weight at least must be > 0");
    }
    return counts;
  }

  private long kind(long n, int kind, double u) {
    return shares[kind] <= 0.5 && n * shares[kind] < SMALL_MEAN
        ? fromZero(n, shares[kind], logRest[kind], u)
        : binomial(n, shares[kind], u);
  }

  /// The binomial count that a uniform number in [0, 1) selects.
  static long binomial(long n, double p, double u) {
    if (p > 0.5) {
      return n - binomial(n, 1 - p, u);
    }
    return n * p < SMALL_MEAN ? fromZero(n, p, Math.log1p(-p), u) : fromMode(n, p, u);
  }

  /// @param logRest log(1 - p)
  private static long fromZero(long n, double p, double logRest, double u) {
    double odds = p / (1 - p);
    double probability = Math.exp(n * logRest);
    double left = u - probability;
    long k = 0;
    while (left >= 0 && k < n) {
      k++;
      probability *= odds * (n - k + 1) / k;
      left -= probability;
      if (probability < 1e-300) {
        break; // only rounding is left of u
      }
    }
    return k;
  }

  /// Uses up u outcome by outcome, the likeliest ones first.
  private static long fromMode(long n, double p, double u) {
    double odds = p / (1 - p);
    long mode = (long) Math.floor((n + 1) * p);
    double atMode =
        Math.exp(
            LogGamma.of(n + 1.0)
                - LogGamma.of(mode + 1.0)
                - LogGamma.of(n - mode + 1.0)
                + mode * Math.log(p)
                + (n - mode) * Math.log1p(-p));
    double left = u - atMode;
    if (left < 0) {
      return mode;
    }
    double above = atMode;
    double below = atMode;
    for (long step = 1; step <= n; step++) {
      long k = mode + step;
      if (k <= n) {
        above *= odds * (n - k + 1) / k;
        left -= above;
        if (left < 0) {
          return k;
        }
      }
      k = mode - step;
      if (k >= 0) {
        below *= (k + 1) / (odds * (n - k));
        left -= below;
        if (left < 0) {
          return k;
        }
      }
      if (above < 1e-300 && below < 1e-300) {
        break; // only rounding is left of u
      }
    }
    return mode;
  }
}
