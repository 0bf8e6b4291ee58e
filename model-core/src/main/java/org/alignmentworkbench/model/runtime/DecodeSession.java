package org.alignmentworkbench.model.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.alignmentworkbench.model.llama.LinearModule;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.jspecify.annotations.Nullable;

/// One text being read and continued: the cached keys and values of its tokens, and an adapter that
/// belongs to this session alone. Not for several threads at once.
public final class DecodeSession {
  private final RuntimeModel model;
  private final LlamaConfig config;
  private final RotaryAngles rotary;
  private final List<EnumMap<LinearModule, RuntimeAdapter.Pair>> adapter = new ArrayList<>();
  private final float[][] keys;
  private final float[][] values;
  private final float[] hidden;
  private final float[] normed;
  private final float[] query;
  private final float[] key;
  private final float[] value;
  private final float[] mixed;
  private final float[] back;
  private final float[] gate;
  private final float[] up;
  private final float[] low;
  private final float[] logits;
  private int length;

  DecodeSession(RuntimeModel model, Optional<RuntimeAdapter> adapter) {
    this.model = model;
    this.config = model.config();
    this.rotary = new RotaryAngles(config);
    int rank = 0;
    for (int l = 0; l < config.layers(); l++) {
      int layer = l;
      EnumMap<LinearModule, RuntimeAdapter.Pair> pairs =
          adapter.map(a -> a.layer(layer)).orElseGet(() -> new EnumMap<>(LinearModule.class));
      for (RuntimeAdapter.Pair pair : pairs.values()) {
        rank = Math.max(rank, pair.rank());
      }
      this.adapter.add(pairs);
    }
    this.keys = new float[config.layers()][0];
    this.values = new float[config.layers()][0];
    this.hidden = new float[config.hiddenSize()];
    this.normed = new float[config.hiddenSize()];
    this.query = new float[config.heads() * config.headSize()];
    this.key = new float[config.keyValueHeads() * config.headSize()];
    this.value = new float[key.length];
    this.mixed = new float[query.length];
    this.back = new float[config.hiddenSize()];
    this.gate = new float[config.intermediateSize()];
    this.up = new float[config.intermediateSize()];
    this.low = new float[rank];
    this.logits = new float[config.vocabularySize()];
  }

  /// Tokens read so far.
  public int length() {
    return length;
  }

  /// Reads one token and returns the logits of the next; the array is used again by the next call.
  public float[] accept(int id) {
    if (id < 0 || id >= config.vocabularySize()) {
      throw new IllegalArgumentException(
          "a token id must lie in [0, " + config.vocabularySize() + "), was " + id);
    }
    if (length >= config.contextLength()) {
      throw new IllegalStateException(
          "the context holds " + config.contextLength() + " tokens, all are used");
    }
    rotary.reach(length + 1);
    model.embedding().row(id, hidden);
    for (int l = 0; l < config.layers(); l++) {
      RuntimeModel.Layer layer = model.layer(l);
      rmsNorm(hidden, layer.inputNorm(), normed);
      attention(l, layer);
      rmsNorm(hidden, layer.postAttentionNorm(), normed);
      feedForward(l, layer);
    }
    length++;
    rmsNorm(hidden, model.finalNorm(), normed);
    model.output().apply(normed, logits);
    return logits;
  }

  /// Reads a prompt and continues it with the likeliest token each time.
  ///
  /// @param stopIds tokens after which to stop; the stop token is part of the answer
  public int[] greedy(int[] prompt, int maxNewTokens, Set<Integer> stopIds) {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("a prompt needs at least one token");
    }
    int[] answer = new int[maxNewTokens];
    float[] next = logits;
    for (int id : prompt) {
      next = accept(id);
    }
    for (int n = 0; n < maxNewTokens; n++) {
      int best = 0;
      for (int v = 1; v < next.length; v++) {
        if (next[v] > next[best]) {
          best = v;
        }
      }
      answer[n] = best;
      if (stopIds.contains(best) || length >= config.contextLength()) {
        return Arrays.copyOf(answer, n + 1);
      }
      if (n + 1 < maxNewTokens) {
        next = accept(best);
      }
    }
    return answer;
  }

  private void attention(int l, RuntimeModel.Layer layer) {
    int size = config.headSize();
    int kvWidth = key.length;
    project(l, layer, LinearModule.Q_PROJ, normed, query);
    project(l, layer, LinearModule.K_PROJ, normed, key);
    project(l, layer, LinearModule.V_PROJ, normed, value);
    layer.dressing().apply(query, 0, key, 0, value, 0);
    rotary.turn(query, 0, config.heads(), length);
    rotary.turn(key, 0, config.keyValueHeads(), length);
    if (keys[l].length < (length + 1) * kvWidth) {
      int room = Math.max(32, 2 * length) * kvWidth;
      keys[l] = Arrays.copyOf(keys[l], room);
      values[l] = Arrays.copyOf(values[l], room);
    }
    System.arraycopy(key, 0, keys[l], length * kvWidth, kvWidth);
    System.arraycopy(value, 0, values[l], length * kvWidth, kvWidth);

    float[] k = keys[l];
    float[] v = values[l];
    float[] weight = new float[length + 1];
    float scale = (float) (1 / Math.sqrt(size));
    int share = config.heads() / config.keyValueHeads();
    Arrays.fill(mixed, 0);
    for (int h = 0; h < config.heads(); h++) {
      int q = h * size;
      int head = h / share * size;
      float largest = Float.NEGATIVE_INFINITY;
      for (int t = 0; t <= length; t++) {
        float dot = 0;
        for (int i = 0; i < size; i++) {
          dot += query[q + i] * k[t * kvWidth + head + i];
        }
        weight[t] = dot * scale;
        largest = Math.max(largest, weight[t]);
      }
      float sum = 0;
      for (int t = 0; t <= length; t++) {
        weight[t] = (float) Math.exp(weight[t] - largest);
        sum += weight[t];
      }
      for (int t = 0; t <= length; t++) {
        float part = weight[t] / sum;
        for (int i = 0; i < size; i++) {
          mixed[q + i] += part * v[t * kvWidth + head + i];
        }
      }
    }
    project(l, layer, LinearModule.O_PROJ, mixed, back);
    for (int i = 0; i < hidden.length; i++) {
      hidden[i] += back[i];
    }
  }

  private void feedForward(int l, RuntimeModel.Layer layer) {
    project(l, layer, LinearModule.GATE_PROJ, normed, gate);
    project(l, layer, LinearModule.UP_PROJ, normed, up);
    for (int i = 0; i < gate.length; i++) {
      gate[i] = gate[i] / (1 + (float) Math.exp(-gate[i])) * up[i];
    }
    project(l, layer, LinearModule.DOWN_PROJ, gate, back);
    for (int i = 0; i < hidden.length; i++) {
      hidden[i] += back[i];
    }
  }

  private void project(int l, RuntimeModel.Layer layer, LinearModule module, float[] x, float[] y) {
    layer.of(module).apply(x, y);
    RuntimeAdapter.@Nullable Pair pair = adapter.get(l).get(module);
    if (pair != null) {
      pair.addTo(x, y, low);
    }
  }

  private void rmsNorm(float[] x, float[] weight, float[] out) {
    double squares = 0;
    for (float each : x) {
      squares += (double) each * each;
    }
    float factor = (float) (1 / Math.sqrt(squares / x.length + config.rmsNormEps()));
    for (int i = 0; i < x.length; i++) {
      out[i] = weight[i] * (x[i] * factor);
    }
  }
}
