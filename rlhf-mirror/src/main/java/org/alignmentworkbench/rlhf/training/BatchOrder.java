package org.alignmentworkbench.rlhf.training;

import java.util.Arrays;
import org.alignmentworkbench.model.random.CounterStream;

/// Which rows a step trains on: every epoch is a fresh permutation of all rows, cut into steps; the
/// last step of an epoch takes what is left. A function of the step number alone.
public record BatchOrder(long seed, String purpose, int rows, int rowsPerStep) {
  /// Checks that there is something to order.
  public BatchOrder {
    if (rows < 1) {
      throw new IllegalArgumentException("there must be rows to train on, was " + rows);
    }
    if (rowsPerStep < 1) {
      throw new IllegalArgumentException("rows a step must be >= 1, was " + rowsPerStep);
    }
  }

  /// Steps in which every row is seen once.
  public int stepsPerEpoch() {
    return (rows + rowsPerStep - 1) / rowsPerStep;
  }

  /// The rows of step `step`, counted from 0 over all epochs.
  public int[] batch(long step) {
    int epoch = Math.toIntExact(step / stepsPerEpoch());
    int from = (int) (step % stepsPerEpoch()) * rowsPerStep;
    int[] order = CounterStream.of(seed, purpose, epoch, 0).permutation(rows);
    return Arrays.copyOfRange(order, from, Math.min(rows, from + rowsPerStep));
  }
}
