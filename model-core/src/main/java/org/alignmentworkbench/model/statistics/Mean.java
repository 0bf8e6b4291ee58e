package org.alignmentworkbench.model.statistics;

/// Adds up values for their mean and variance, one at a time (Welford, "Note on a method for
/// calculating corrected sums of squares and products", 1962): no loss of digits when the mean is
/// large against the spread.
///
/// ```
/// mean += (x - mean) / n,  squares += (x - mean_before)(x - mean_after),  variance = squares / (n - 1)
/// ```
public final class Mean {
  private long n;
  private double mean;
  private double squares;

  /// The mean of all values of an array.
  public static Mean of(double... values) {
    Mean mean = new Mean();
    for (double value : values) {
      mean.add(value);
    }
    return mean;
  }

  /// Adds a value.
  public void add(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("value " + n + " must be finite, was " + value);
    }
    n++;
    double before = value - mean;
    mean += before / n;
    squares += before * (value - mean);
  }

  /// Adds what another one has seen (Chan, Golub and LeVeque, 1979).
  public void add(Mean other) {
    if (other.n == 0) {
      return;
    }
    long total = n + other.n;
    double apart = other.mean - mean;
    squares += other.squares + apart * apart * n * other.n / total;
    mean += apart * other.n / total;
    n = total;
  }

  /// The number of values.
  public long n() {
    return n;
  }

  /// The mean.
  public double mean() {
    if (n == 0) {
      throw new IllegalStateException("the mean of no values is undefined");
    }
    return mean;
  }

  /// The sample variance, with divisor n - 1.
  public double variance() {
    if (n < 2) {
      throw new IllegalStateException("the variance of " + n + " values is undefined");
    }
    return squares / (n - 1);
  }

  /// The sample standard deviation.
  public double standardDeviation() {
    return Math.sqrt(variance());
  }

  /// The mean with its interval, or why it has none.
  public Estimate estimate() {
    return MeanInterval.of(this);
  }
}
