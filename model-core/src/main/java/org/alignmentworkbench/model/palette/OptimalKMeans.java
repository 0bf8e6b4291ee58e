package org.alignmentworkbench.model.palette;

import java.util.Arrays;

/// Weighted k-means of numbers on a line, solved exactly.
///
/// ```
/// min over c_1..c_k of  E = sum_i a_i * min_j (x_i - c_j)^2
/// ```
///
/// | symbol | shape | unit |
/// |---|---|---|
/// | `x` | `[n]` | values, finite |
/// | `a` | `[n]` | importance of a value, finite, at least 0 |
/// | `k` | scalar | number of centres, at least 1 |
///
/// On a line an optimal cluster is an interval of the sorted values, so the best cut into `j`
/// intervals follows from the best cuts into `j - 1` (dynamic programming); the best last cut moves
/// right as more values are taken in, which divide and conquer uses: O(k n log n). The method is
/// that of Wang and Song, "Ckmeans.1d.dp" (2011), with weights.
///
/// Values are centred before their squares are summed, so that costs keep about 12 digits. Values
/// of importance 0 are ignored; if all are 0, all count alike. With fewer distinct values than
/// centres the largest centre is repeated and the cost is 0.
public final class OptimalKMeans {
  private OptimalKMeans() {}

  /// The centres in ascending order and the minimum of `E`.
  public record Solution(double[] centres, double cost) {}

  /// The global optimum for `values` of the given `importance`.
  public static Solution solve(double[] values, double[] importance, int k) {
    if (k < 1) {
      throw new IllegalArgumentException("k must be at least 1, was " + k);
    }
    if (values.length == 0) {
      throw new IllegalArgumentException("k-means needs at least one value");
    }
    if (importance.length != values.length) {
      throw new IllegalArgumentException(
          "importance must have one entry a value: "
              + values.length
              + " values, "
              + importance.length
              + " entries");
    }
    Distinct points = distinct(values, importance);
    int n = points.values.length;
    if (n <= k) {
      double[] centres = Arrays.copyOf(points.values, k);
      Arrays.fill(centres, n, k, points.values[n - 1]);
      return new Solution(centres, 0);
    }
    return cut(points, k);
  }

  private record Distinct(double[] values, double[] importance) {}

  private static Distinct distinct(double[] values, double[] importance) {
    boolean allZero = true;
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "values must be finite, value " + i + " was " + values[i]);
      }
      if (!(importance[i] >= 0 && Double.isFinite(importance[i]))) {
        throw new IllegalArgumentException(
            "importance must be finite and >= 0, entry " + i + " was " + importance[i]);
      }
      allZero &= importance[i] == 0;
    }
    int[] order = sortedOrder(values);
    double[] x = new double[values.length];
    double[] a = new double[values.length];
    int n = 0;
    for (int i : order) {
      double weight = allZero ? 1 : importance[i];
      if (weight == 0) {
        continue;
      }
      if (n > 0 && x[n - 1] == values[i]) {
        a[n - 1] += weight;
      } else {
        x[n] = values[i];
        a[n++] = weight;
      }
    }
    return new Distinct(Arrays.copyOf(x, n), Arrays.copyOf(a, n));
  }

  /// Ascending order of the values, equal values by position, so that sums have one order.
  private static int[] sortedOrder(double[] values) {
    Integer[] order = new Integer[values.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (p, q) -> Double.compare(values[p], values[q]));
    int[] plain = new int[order.length];
    Arrays.setAll(plain, i -> order[i]);
    return plain;
  }

  private static Solution cut(Distinct points, int k) {
    int n = points.values.length;
    double mass = 0;
    double moment = 0;
    for (int i = 0; i < n; i++) {
      mass += points.importance[i];
      moment += points.importance[i] * points.values[i];
    }
    double centre = moment / mass;
    double[] weight = new double[n + 1];
    double[] first = new double[n + 1];
    double[] second = new double[n + 1];
    for (int i = 0; i < n; i++) {
      double x = points.values[i] - centre;
      weight[i + 1] = weight[i] + points.importance[i];
      first[i + 1] = first[i] + points.importance[i] * x;
      second[i + 1] = second[i] + points.importance[i] * x * x;
    }
    Intervals intervals = new Intervals(weight, first, second);

    double[] best = new double[n + 1];
    for (int end = 1; end <= n; end++) {
      best[end] = intervals.cost(0, end);
    }
    int[][] start = new int[k][n + 1];
    for (int j = 1; j < k; j++) {
      double[] next = new double[n + 1];
      // j + 1 clusters need at least j + 1 values.
      lastCuts(intervals, best, next, start[j], j + 1, n, j, n - 1);
      best = next;
    }
    int[] bounds = new int[k + 1];
    bounds[k] = n;
    for (int j = k - 1; j > 0; j--) {
      bounds[j] = start[j][bounds[j + 1]];
    }
    double[] centres = new double[k];
    double cost = 0;
    for (int j = 0; j < k; j++) {
      double a = 0;
      double ax = 0;
      for (int i = bounds[j]; i < bounds[j + 1]; i++) {
        a += points.importance[i];
        ax += points.importance[i] * (points.values[i] - centre);
      }
      double c = ax / a;
      centres[j] = c + centre;
      for (int i = bounds[j]; i < bounds[j + 1]; i++) {
        double d = points.values[i] - centre - c;
        cost += points.importance[i] * d * d;
      }
    }
    return new Solution(centres, cost);
  }

  /// Prefix sums of importance, first and second moments: the cost of an interval in O(1).
  private record Intervals(double[] weight, double[] first, double[] second) {
    double cost(int from, int to) {
      double a = weight[to] - weight[from];
      double ax = first[to] - first[from];
      return Math.max(0, second[to] - second[from] - ax * ax / a);
    }
  }

  /// Fills `next[end]` for `end` in [low, high], whose last cluster starts in [from, to].
  private static void lastCuts(
      Intervals intervals,
      double[] best,
      double[] next,
      int[] start,
      int low,
      int high,
      int from,
      int to) {
    if (low > high) {
      return;
    }
    int middle = (low + high) >>> 1;
    double least = Double.POSITIVE_INFINITY;
    int at = from;
    for (int cut = from; cut <= Math.min(to, middle - 1); cut++) {
      double cost = best[cut] + intervals.cost(cut, middle);
      if (cost < least) {
        least = cost;
        at = cut;
      }
    }
    next[middle] = least;
    start[middle] = at;
    lastCuts(intervals, best, next, start, low, middle - 1, from, at);
    lastCuts(intervals, best, next, start, middle + 1, high, at, to);
  }
}
