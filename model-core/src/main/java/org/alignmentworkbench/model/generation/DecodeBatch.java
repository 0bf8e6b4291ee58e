package org.alignmentworkbench.model.generation;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.alignmentworkbench.model.engine.KernelCall;
import org.alignmentworkbench.model.llama.DecoderBody;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.llama.PackedRows;
import org.alignmentworkbench.model.random.CounterStream;

/// Prompts and settings as the kernels of decoding take them.
final class DecodeBatch {
  private final DecoderBody body;
  private final SamplingSettings settings;
  private final PackedRows rows;
  private final long[] owner;
  private final long[] pads;
  private final double[] uniforms;
  private final long[] stops;

  DecodeBatch(
      DecoderBody body,
      List<int[]> prompts,
      SamplingSettings settings,
      List<CounterStream> streams) {
    this.body = body;
    this.settings = settings;
    if (!settings.greedy() && streams.size() != prompts.size()) {
      throw new IllegalArgumentException(
          "must be one stream for each of " + prompts.size() + " prompts, was " + streams.size());
    }
    LlamaConfig config = body.config();
    for (int stop : settings.stopIds()) {
      if (stop < 0 || stop >= config.vocabularySize()) {
        throw new IllegalArgumentException(
            "a stop id must lie in [0, " + config.vocabularySize() + "), was " + stop);
      }
    }
    // Several samples of one prompt share its computation: buffers compare by content.
    SequencedMap<IntBuffer, Integer> indexOf = new LinkedHashMap<>();
    int count = prompts.size();
    this.owner = new long[count];
    for (int row = 0; row < count; row++) {
      IntBuffer key = IntBuffer.wrap(prompts.get(row));
      indexOf.putIfAbsent(key, indexOf.size());
      owner[row] = indexOf.getOrDefault(key, 0);
    }
    this.rows =
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
    this.pads = new long[rows.rows()];
    for (int prompt = 0; prompt < pads.length; prompt++) {
      pads[prompt] = (long) rows.longest() - rows.length(prompt);
    }
    this.uniforms = new double[settings.greedy() ? count : count * steps];
    if (!settings.greedy()) {
      for (int row = 0; row < count; row++) {
        for (int i = 0; i < steps; i++) {
          uniforms[row * steps + i] = streams.get(row).uniform(i);
        }
      }
    }
    this.stops = settings.stopIds().stream().mapToLong(Integer::longValue).sorted().toArray();
  }

  /// The number of continuations.
  int count() {
    return owner.length;
  }

  /// The length of the longest prompt.
  long promptLength() {
    return rows.longest();
  }

  /// The stop ids in order.
  long[] stops() {
    return stops.clone();
  }

  /// Shape and prompts, of which each distinct one stands there once.
  void addPrompts(KernelCall call, List<Object> arguments) {
    arguments.addAll(body.rowArguments(call, rows));
    arguments.add(call.longs(pads, pads.length));
    arguments.add(call.longs(owner, owner.length));
  }

  /// How tokens are drawn.
  void addSampling(KernelCall call, List<Object> arguments) {
    // An empty set of stops would be an array without extent: -1 is no token.
    long[] stopArray = stops.length == 0 ? new long[] {-1} : stops;
    arguments.add(call.doubles(uniforms, count(), uniforms.length / count()));
    arguments.add(settings.temperature());
    arguments.add(settings.greedy());
    arguments.add((long) settings.truncation().topK());
    arguments.add(settings.truncation().topP());
    arguments.add(settings.truncation().minP());
    arguments.add(call.longs(stopArray, stopArray.length));
  }

  /// The settings.
  SamplingSettings settings() {
    return settings;
  }

  /// The arguments of the kernel that does everything in one call.
  Object[] whole(KernelCall call) {
    List<Object> arguments = new ArrayList<>();
    arguments.add(body.merged(call));
    arguments.add(body.dims());
    arguments.add(body.config().rmsNormEps());
    arguments.add(body.config().tiedEmbeddings());
    arguments.addAll(body.decodeForm());
    addPrompts(call, arguments);
    addSampling(call, arguments);
    arguments.add((long) settings.maxNewTokens());
    return arguments.toArray();
  }
}
