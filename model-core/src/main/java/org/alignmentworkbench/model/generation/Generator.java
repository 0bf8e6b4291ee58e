package org.alignmentworkbench.model.generation;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.random.CounterStream;

/// Cached batch decoding.
///
/// Prompts of unequal length are padded on the left, equal prompts are computed once; the whole
/// loop is one native call, with the adapter merged into a copy of the weights first. Token `i` of
/// a row is drawn by inverting the cumulated distribution at `uniform(i)` of the row's stream:
///
/// ```
/// id = min { k : sum_{j <= k} p_j > u * sum_j p_j }     (sums in float64)
/// ```
///
/// so that a row depends on its prompt and its stream alone. Other rows of the batch can only
/// change it by rounding; a batch repeated is bitwise the same.
public final class Generator {
  private Generator() {}

  /// Continues every prompt.
  ///
  /// @param streams one for each prompt; unused if greedy, and may be empty then
  public static List<Generation> generate(
      LlamaModel model,
      List<int[]> prompts,
      SamplingSettings settings,
      List<CounterStream> streams) {
    if (prompts.isEmpty()) {
      return List.of();
    }
    DecodeBatch batch = new DecodeBatch(model.body(), prompts, settings, streams);
    return model
        .engine()
        .call(call -> {
          List<NDArray> out = call.tensors("generate", batch.whole(call));
          return rows(
              out.get(0).toLongArray(),
              out.get(1).toFloatArray(),
              batch.count(),
              settings.maxNewTokens(),
              batch.stops());
        });
  }

  /// From `[steps, rows]` with -1 after a row's end to rows.
  static List<Generation> rows(long[] ids, float[] logProbs, int count, int steps, long[] stops) {
    List<Generation> generations = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      int length = 0;
      while (length < steps && ids[length * count + row] >= 0) {
        length++;
      }
      int[] rowIds = new int[length];
      float[] rowLogProbs = new float[length];
      for (int i = 0; i < length; i++) {
        rowIds[i] = (int) ids[i * count + row];
        rowLogProbs[i] = logProbs[i * count + row];
      }
      for (int i = 0; i < length; i++) {
        if (!Float.isFinite(rowLogProbs[i])) {
          throw new NonFiniteSampleException(row, i, rowLogProbs[i]);
        }
      }
      boolean stopped = Arrays.binarySearch(stops, rowIds[length - 1]) >= 0;
      generations.add(new Generation(rowIds, rowLogProbs, stopped ? Finish.STOP : Finish.LENGTH));
    }
    return List.copyOf(generations);
  }
}
