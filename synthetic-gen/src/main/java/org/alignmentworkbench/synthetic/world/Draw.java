package org.alignmentworkbench.synthetic.world;

import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.model.random.CounterStream;

/// Reads a counter-based stream from its beginning, one value after the other.
///
/// Two draws over the same stream give the same values; nothing else can change them.
public final class Draw {
  private final CounterStream stream;
  private int next;

  public Draw(CounterStream stream) {
    this.stream = stream;
  }

  /// An integer in [0, bound).
  public int below(int bound) {
    return stream.below(next++, bound);
  }

  /// An integer in [low, high], both ends included.
  public int between(int low, int high) {
    return low + below(high - low + 1);
  }

  /// True with this probability.
  public boolean chance(double probability) {
    return stream.uniform(next++) < probability;
  }

  /// A standard normal value.
  public double normal() {
    return stream.normal(next++);
  }

  /// One of the values, each as likely as the others.
  public <T> T pick(List<T> values) {
    return values.get(below(values.size()));
  }

  /// An index, drawn in proportion to the weights.
  public int weighted(double... weights) {
    double total = 0;
    for (double weight : weights) {
      total += weight;
    }
    double at = stream.uniform(next++) * total;
    for (int i = 0; i < weights.length; i++) {
      at -= weights[i];
      if (at < 0) {
        return i;
      }
    }
    return weights.length - 1;
  }

  /// `count` different values, in drawn order.
  public <T> List<T> distinct(List<T> values, int count) {
    List<T> rest = new ArrayList<>(values);
    List<T> drawn = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      drawn.add(rest.remove(below(rest.size())));
    }
    return drawn;
  }
}
