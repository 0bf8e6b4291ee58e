package org.alignmentworkbench.model.runtime;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.alignmentworkbench.model.llama.LinearModule;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.tensor.Tensor;

/// The forward pass over whole texts, layer by layer, in plain Java: for measuring a model of a few
/// million parameters, and as the twin that cached decoding is compared with.
///
/// Hidden states of `T` tokens are arrays `[T * hidden]`. The layers can be run one at a time, so
/// that a change in layer `l` only costs the layers from `l` on. Not for several threads at once on
/// the same hidden states; the object itself is never changed and may be shared.
public final class SequenceForward {
  private final LlamaConfig config;
  private final Map<String, Tensor> weights;
  private final Map<String, float[]> transposed;

  /// What a projection is about to read.
  @FunctionalInterface
  public interface InputListener {
    /// Called once a projection and text.
    ///
    /// @param rows inputs, one a token, in `values` one after the other
    void input(LinearModule module, float[] values, int rows);
  }

  private SequenceForward(
      LlamaConfig config, Map<String, Tensor> weights, Map<String, float[]> transposed) {
    this.config = config;
    this.weights = weights;
    this.transposed = transposed;
  }

  /// The forward pass of these weights, which must not change afterwards.
  public static SequenceForward of(LlamaConfig config, Map<String, Tensor> weights) {
    Map<String, Tensor> checked = new HashMap<>(config.checkWeights(weights));
    Map<String, float[]> transposed = new HashMap<>();
    checked.forEach((name, weight) -> {
      if (weight.rank() == 2) {
        transposed.put(name, transpose(weight));
      }
    });
    return new SequenceForward(config, checked, transposed);
  }

  /// The same model with one matrix replaced; everything else is shared.
  public SequenceForward with(String name, Tensor matrix) {
    if (!Arrays.equals(weight(name).shape(), matrix.shape())) {
      throw new IllegalArgumentException(
          name + " must have the shape of " + weight(name) + ", was " + matrix);
    }
    Map<String, Tensor> changed = new HashMap<>(weights);
    changed.put(name, matrix);
    Map<String, float[]> turned = new HashMap<>(transposed);
    turned.put(name, transpose(matrix));
    return new SequenceForward(config, changed, turned);
  }

  /// The shape of the model.
  public LlamaConfig config() {
    return config;
  }

  /// The hidden states before the first layer.
  public float[] embed(int[] ids) {
    int size = config.hiddenSize();
    float[] table = weight(LlamaConfig.EMBEDDING).data();
    float[] hidden = new float[ids.length * size];
    for (int t = 0; t < ids.length; t++) {
      System.arraycopy(table, Math.multiplyExact(ids[t], size), hidden, t * size, size);
    }
    return hidden;
  }

  /// Runs one layer over the hidden states, in place.
  public void layer(int layer, float[] hidden, InputListener listener) {
    int rows = hidden.length / config.hiddenSize();
    float[] normed = rmsNorm(hidden, weight(LlamaConfig.inputNormName(layer)).data());
    listener.input(LinearModule.Q_PROJ, normed, rows);
    listener.input(LinearModule.K_PROJ, normed, rows);
    listener.input(LinearModule.V_PROJ, normed, rows);
    float[] mixed =
        attention(
            linear(LinearModule.Q_PROJ.weightName(layer), normed, rows),
            linear(LinearModule.K_PROJ.weightName(layer), normed, rows),
            linear(LinearModule.V_PROJ.weightName(layer), normed, rows),
            rows,
            HeadDressing.of(config, layer, name -> weight(name).data()));
    listener.input(LinearModule.O_PROJ, mixed, rows);
    add(hidden, linear(LinearModule.O_PROJ.weightName(layer), mixed, rows));

    float[] second = rmsNorm(hidden, weight(LlamaConfig.postAttentionNormName(layer)).data());
    listener.input(LinearModule.GATE_PROJ, second, rows);
    listener.input(LinearModule.UP_PROJ, second, rows);
    float[] gate = linear(LinearModule.GATE_PROJ.weightName(layer), second, rows);
    float[] up = linear(LinearModule.UP_PROJ.weightName(layer), second, rows);
    for (int i = 0; i < gate.length; i++) {
      gate[i] = gate[i] / (1 + (float) Math.exp(-gate[i])) * up[i];
    }
    listener.input(LinearModule.DOWN_PROJ, gate, rows);
    add(hidden, linear(LinearModule.DOWN_PROJ.weightName(layer), gate, rows));
  }

  /// The logits `[T * vocabulary]` of hidden states after the last layer.
  public float[] logits(float[] hidden) {
    int rows = hidden.length / config.hiddenSize();
    float[] normed = rmsNorm(hidden, weight(LlamaConfig.FINAL_NORM).data());
    return linear(
        config.tiedEmbeddings() ? LlamaConfig.EMBEDDING : LlamaConfig.OUTPUT, normed, rows);
  }

  /// The logits `[T * vocabulary]` of a whole text.
  public float[] logits(int[] ids) {
    float[] hidden = embed(ids);
    for (int l = 0; l < config.layers(); l++) {
      layer(l, hidden, (module, values, rows) -> {});
    }
    return logits(hidden);
  }

  private float[] attention(float[] q, float[] k, float[] v, int rows, HeadDressing dressing) {
    int size = config.headSize();
    int width = config.heads() * size;
    int kvWidth = config.keyValueHeads() * size;
    int share = config.heads() / config.keyValueHeads();
    RotaryAngles rotary = new RotaryAngles(config);
    rotary.reach(rows);
    for (int t = 0; t < rows; t++) {
      dressing.apply(q, t * width, k, t * kvWidth, v, t * kvWidth);
      rotary.turn(q, t * width, config.heads(), t);
      rotary.turn(k, t * kvWidth, config.keyValueHeads(), t);
    }
    float scale = (float) (1 / Math.sqrt(size));
    float[] mixed = new float[rows * width];
    double[] weight = new double[rows];
    for (int h = 0; h < config.heads(); h++) {
      int head = h / share * size;
      for (int t = 0; t < rows; t++) {
        int at = t * width + h * size;
        double largest = Double.NEGATIVE_INFINITY;
        for (int s = 0; s <= t; s++) {
          float dot = 0;
          for (int i = 0; i < size; i++) {
            dot += q[at + i] * k[s * kvWidth + head + i];
          }
          weight[s] = dot * scale;
          largest = Math.max(largest, weight[s]);
        }
        double sum = 0;
        for (int s = 0; s <= t; s++) {
          weight[s] = Math.exp(weight[s] - largest);
          sum += weight[s];
        }
        for (int s = 0; s <= t; s++) {
          float part = (float) (weight[s] / sum);
          for (int i = 0; i < size; i++) {
            mixed[at + i] += part * v[s * kvWidth + head + i];
          }
        }
      }
    }
    return mixed;
  }

  /// `Y = X W^T` with `W^T` at hand, so that the inner loop runs over neighbours.
  private float[] linear(String name, float[] x, int rows) {
    float[] turned = transposed.get(name);
    if (turned == null) {
      throw new IllegalArgumentException("no matrix of this name: " + name);
    }
    int outputs = weight(name).extent(0);
    int inputs = weight(name).extent(1);
    float[] y = new float[rows * outputs];
    for (int t = 0; t < rows; t++) {
      int i = 0;
      for (; i + 3 < inputs; i += 4) {
        addFour(x, t * inputs + i, turned, i * outputs, y, t * outputs, outputs);
      }
      for (; i < inputs; i++) {
        addOne(x[t * inputs + i], turned, i * outputs, y, t * outputs, outputs);
      }
    }
    return y;
  }

  private static void addOne(float a, float[] w, int from, float[] y, int to, int n) {
    for (int j = 0; j < n; j++) {
      y[to + j] += a * w[from + j];
    }
  }

  /// Four inputs in one pass over the outputs: the sums are read and written a quarter as often.
  private static void addFour(float[] x, int at, float[] w, int from, float[] y, int to, int n) {
    float a = x[at];
    float b = x[at + 1];
    float c = x[at + 2];
    float d = x[at + 3];
    int second = from + n;
    int third = from + 2 * n;
    int fourth = from + 3 * n;
    for (int j = 0; j < n; j++) {
      y[to + j] += (a * w[from + j] + b * w[second + j]) + (c * w[third + j] + d * w[fourth + j]);
    }
  }

  private float[] rmsNorm(float[] x, float[] weight) {
    int size = weight.length;
    float[] out = new float[x.length];
    for (int from = 0; from < x.length; from += size) {
      double squares = 0;
      for (int i = 0; i < size; i++) {
        squares += (double) x[from + i] * x[from + i];
      }
      float factor = (float) (1 / Math.sqrt(squares / size + config.rmsNormEps()));
      for (int i = 0; i < size; i++) {
        out[from + i] = weight[i] * (x[from + i] * factor);
      }
    }
    return out;
  }

  private static void add(float[] to, float[] what) {
    for (int i = 0; i < to.length; i++) {
      to[i] += what[i];
    }
  }

  private static float[] transpose(Tensor matrix) {
    int rows = matrix.extent(0);
    int columns = matrix.extent(1);
    float[] out = new float[rows * columns];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        out[c * rows + r] = matrix.data()[r * columns + c];
      }
    }
    return out;
  }

  private Tensor weight(String name) {
    Tensor weight = weights.get(name);
    if (weight == null) {
      throw new IllegalArgumentException("no weight of this name: " + name);
    }
    return weight;
  }
}
