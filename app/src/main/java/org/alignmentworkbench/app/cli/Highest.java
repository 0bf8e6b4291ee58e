package org.alignmentworkbench.app.cli;

import java.util.Comparator;
import java.util.PriorityQueue;

/// The places of the highest of many values.
final class Highest {
  private Highest() {}

  /// At most `count` places, the highest value first; of equal values the first place first.
  static int[] of(float[] values, int count) {
    Comparator<Integer> worstFirst =
        Comparator.<Integer>comparingDouble(i -> values[i])
            .thenComparing(Comparator.reverseOrder());
    PriorityQueue<Integer> best = new PriorityQueue<>(worstFirst);
    for (int i = 0; i < values.length; i++) {
      if (best.size() < count) {
        best.add(i);
      } else if (values[i] > values[best.element()]) {
        best.remove();
        best.add(i);
      }
    }
    int[] places = new int[best.size()];
    for (int i = places.length - 1; i >= 0; i--) {
      places[i] = best.remove();
    }
    return places;
  }
}
