package org.alignmentworkbench.model.generation;

import ai.djl.ndarray.NDArray;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.alignmentworkbench.model.llama.DecoderBody;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.llama.PackedRows;
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
    if (!settings.greedy() && streams.size() != prompts.size()) {
      throw new IllegalArgumentException(
          "must be one stream for each of " + prompts.size() + " prompts, was " + streams.size());
    }
    LlamaConfig config = model.config();
    for (int stop : settings.stopIds()) {
      if (stop < 0 || stop >= config.vocabularySize()) {
        throw new IllegalArgumentException(
            "a stop id must lie in [0, " + config.vocabularySize() + "), was " + stop);
      }
    }
    // Several samples of one prompt share its computation: buffers compare by content.
    SequencedMap<IntBuffer, Integer> indexOf = new LinkedHashMap<>();
    int count = prompts.size();
    long[] owner = new long[count];
    for (int row = 0; row < count; row++) {
      IntBuffer key = IntBuffer.wrap(prompts.get(row));
      indexOf.putIfAbsent(key, indexOf.size());
      owner[row] = indexOf.getOrDefault(key, 0);
    }
    PackedRows rows =
        PackedRows.padLeft(indexOf.keySet().stream().map(IntBuffer::array).toList(), config);
    int steps = settings.maxNewTokens();
    if (rows.longest() + steps > config.contextLength()) {
      throw new IllegalArgumentException(
          "prompt and new tokens must fit the context of "
              + config.contextLength()
              + ", was "
              + rows.longest()
              + " + "
              + steps);
    }
    long[] pads = new long[rows.rows()];
    for (int prompt = 0; prompt < pads.length; prompt++) {
      pads[prompt] = (long) rows.longest() - rows.length(prompt);
    }
    double[] uniforms = new double[settings.greedy() ? count : count * steps];
    if (!settings.greedy()) {
      for (int row = 0; row < count; row++) {
        for (int i = 0; i < steps; i++) {
          uniforms[row * steps + i] = streams.get(row).uniform(i);
        }
      }
    }
    long[] stops = settings.stopIds().stream().mapToLong(Integer::longValue).sorted().toArray();
    // An empty set of stops would be an array without extent: -1 is no token.
    long[] stopArray = stops.length == 0 ? new long[] {-1} : stops;
    DecoderBody body = model.body();
    return model
        .engine()
        .call(call -> {
          List<Object> arguments = new ArrayList<>();
          arguments.add(body.merged(call));
          arguments.add(body.dims());
          arguments.add(config.rmsNormEps());
          arguments.add(config.tiedEmbeddings());
          arguments.addAll(body.rowArguments(call, rows));
          arguments.add(call.longs(pads, pads.length));
          arguments.add(call.longs(owner, count));
          arguments.add(call.doubles(uniforms, count, uniforms.length / count));
          arguments.add(settings.temperature());
          arguments.add(settings.greedy());
          arguments.add(call.longs(stopArray, stopArray.length));
          arguments.add((long) steps);
          List<NDArray> out = call.tensors("generate", arguments.toArray());
          return rows(out.get(0).toLongArray(), out.get(1).toFloatArray(), count, steps, stops);
        });
  }

  /// From `[steps, rows]` with -1 after a row's end to rows.
  private static List<Generation> rows(
      long[] ids, float[] logProbs, int count, int steps, long[] stops) {
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
