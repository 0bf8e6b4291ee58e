package org.alignmentworkbench.rlhf.training;

import java.util.ArrayList;
import java.util.List;

/// Cuts the rows of a step into parts small enough for memory. The cut depends on the order alone,
/// so a restart computes the same batches and with them the same bits.
public final class MicroBatches {
  private MicroBatches() {}

  /// Consecutive parts of at most `size` rows.
  public static <T> List<List<T>> of(List<T> rows, int size) {
    if (size < 1) {
      throw new IllegalArgumentException("rows of a micro-batch must be >= 1, was " + size);
    }
    var parts = new ArrayList<List<T>>();
    for (int from = 0; from < rows.size(); from += size) {
      parts.add(rows.subList(from, Math.min(rows.size(), from + size)));
    }
    return parts;
  }
}
