package org.alignmentworkbench.model.llama;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.alignmentworkbench.model.tensor.Tensor;

/// The model written as its formulas read, in double precision on the Java heap, one row at a time:
/// the naive twin that the kernels are compared with.
public final class NaiveLlama {
  private final LlamaConfig config;
  private final Map<String, double[]> weights = new HashMap<>();

  public NaiveLlama(LlamaConfig config, Map<String, Tensor> weights) {
    this.config = config;
    weights.forEach((name, tensor) -> {
      double[] values = new double[tensor.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = tensor.data()[i];
      }
      this.weights.put(name, values);
    });
  }

  /// Adds `by` to one weight.
  public void nudge(String name, int index, double by) {
    weights.get(name)[index] += by;
  }

  /// Adds scale * B A of an adapter to the weights.
  public void merge(LoraAdapter adapter) {
    LoraConfig lora = adapter.config();
    for (int layer = 0; layer < config.layers(); layer++) {
      for (LinearModule module : lora.modules()) {
        float[] a = adapter.weights().get(LoraConfig.nameA(layer, module)).data();
        float[] b = adapter.weights().get(LoraConfig.nameB(layer, module)).data();
        double[] w = weights.get(module.weightName(layer));
        int inputs = module.inputs(config);
        for (int i = 0; i < w.length; i++) {
          for (int k = 0; k < lora.rank(); k++) {
            w[i] += lora.scale() * b[i / inputs * lora.rank() + k] * a[k * inputs + i % inputs];
          }
        }
      }
    }
  }

  private static double[] multiply(double[] w, double[] x) {
    double[] y = new double[w.length / x.length];
    for (int i = 0; i < y.length; i++) {
      for (int j = 0; j < x.length; j++) {
        y[i] += w[i * x.length + j] * x[j];
      }
    }
    return y;
  }

  private double[] norm(double[] x, double[] w) {
    double square = 0;
    for (double v : x) {
      square += v * v;
    }
    double r = 1 / Math.sqrt(square / x.length + config.rmsNormEps());
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i] * r * w[i];
    }
    return y;
  }

  /// The norm of each head apart.
  private void normHeads(double[] x, int heads, double[] w) {
    for (int head = 0; head < heads; head++) {
      int from = head * config.headSize();
      double[] normed = norm(Arrays.copyOfRange(x, from, from + w.length), w);
      System.arraycopy(normed, 0, x, from, w.length);
    }
  }

  private void rotate(double[] x, int heads, int position) {
    int size = config.headSize();
    for (int head = 0; head < heads; head++) {
      for (int i = 0; i < size / 2; i++) {
        double angle = position * config.frequency(Math.pow(config.ropeTheta(), -2.0 * i / size));
        int first = head * size + i;
        int second = first + size / 2;
        double a = x[first];
        double b = x[second];
        x[first] = a * Math.cos(angle) - b * Math.sin(angle);
        x[second] = b * Math.cos(angle) + a * Math.sin(angle);
      }
    }
  }

  /// Hidden states after the last norm.
  public double[][] hidden(int[] ids) {
    int n = ids.length;
    int size = config.headSize();
    int group = config.heads() / config.keyValueHeads();
    double[][] x = new double[n][];
    for (int t = 0; t < n; t++) {
      x[t] =
          java.util.Arrays.copyOfRange(
              weights.get(LlamaConfig.EMBEDDING),
              ids[t] * config.hiddenSize(),
              (ids[t] + 1) * config.hiddenSize());
    }
    for (int layer = 0; layer < config.layers(); layer++) {
      double[][] q = new double[n][];
      double[][] k = new double[n][];
      double[][] v = new double[n][];
      for (int t = 0; t < n; t++) {
        double[] y = norm(x[t], weights.get(LlamaConfig.inputNormName(layer)));
        q[t] = multiply(weights.get(LinearModule.Q_PROJ.weightName(layer)), y);
        k[t] = multiply(weights.get(LinearModule.K_PROJ.weightName(layer)), y);
        v[t] = multiply(weights.get(LinearModule.V_PROJ.weightName(layer)), y);
        switch (config.architecture()) {
          case LLAMA -> {}
          case QWEN2 -> {
            add(q[t], weights.get(LinearModule.Q_PROJ.biasName(layer)));
            add(k[t], weights.get(LinearModule.K_PROJ.biasName(layer)));
            add(v[t], weights.get(LinearModule.V_PROJ.biasName(layer)));
          }
          case QWEN3 -> {
            normHeads(q[t], config.heads(), weights.get(LlamaConfig.queryNormName(layer)));
            normHeads(k[t], config.keyValueHeads(), weights.get(LlamaConfig.keyNormName(layer)));
          }
        }
        rotate(q[t], config.heads(), t);
        rotate(k[t], config.keyValueHeads(), t);
      }
      for (int t = 0; t < n; t++) {
        double[] mixed = new double[config.heads() * size];
        for (int head = 0; head < config.heads(); head++) {
          int kv = head / group * size;
          double[] p = new double[t + 1];
          double sum = 0;
          for (int s = 0; s <= t; s++) {
            double dot = 0;
            for (int i = 0; i < size; i++) {
              dot += q[t][head * size + i] * k[s][kv + i];
            }
            p[s] = Math.exp(dot / Math.sqrt(size));
            sum += p[s];
          }
          for (int s = 0; s <= t; s++) {
            for (int i = 0; i < size; i++) {
              mixed[head * size + i] += p[s] / sum * v[s][kv + i];
            }
          }
        }
        add(x[t], multiply(weights.get(LinearModule.O_PROJ.weightName(layer)), mixed));
        double[] y = norm(x[t], weights.get(LlamaConfig.postAttentionNormName(layer)));
        double[] gate = multiply(weights.get(LinearModule.GATE_PROJ.weightName(layer)), y);
        double[] up = multiply(weights.get(LinearModule.UP_PROJ.weightName(layer)), y);
        for (int i = 0; i < gate.length; i++) {
          gate[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
        }
        add(x[t], multiply(weights.get(LinearModule.DOWN_PROJ.weightName(layer)), gate));
      }
    }
    for (int t = 0; t < n; t++) {
      x[t] = norm(x[t], weights.get(LlamaConfig.FINAL_NORM));
    }
    return x;
  }

  private static void add(double[] x, double[] y) {
    for (int i = 0; i < x.length; i++) {
      x[i] += y[i];
    }
  }

  /// log p of each token given the ones before it; entry 0 is 0.
  public double[] tokenLogProbs(int[] ids, double temperature) {
    double[][] hidden = hidden(ids);
    double[] output =
        weights.get(config.tiedEmbeddings() ? LlamaConfig.EMBEDDING : LlamaConfig.OUTPUT);
    double[] logProbs = new double[ids.length];
    for (int t = 1; t < ids.length; t++) {
      double[] z = multiply(output, hidden[t - 1]);
      double sum = 0;
      for (double value : z) {
        sum += Math.exp(value / temperature);
      }
      logProbs[t] = z[ids[t]] / temperature - Math.log(sum);
    }
    return logProbs;
  }

  /// The reward heads at the last token: the score, then four times three grade logits.
  public double[] reward(int[] ids) {
    double[] h = hidden(ids)[ids.length - 1];
    double[] out = new double[13];
    out[0] = multiply(weights.get("score.weight"), h)[0];
    String[] grades = {"instruction_following", "concision", "truthfulness", "harmlessness"};
    for (int g = 0; g < 4; g++) {
      String head = "grade_heads." + grades[g] + ".";
      double[] a = multiply(weights.get(head + "dense.weight"), h);
      add(a, weights.get(head + "dense.bias"));
      for (int i = 0; i < a.length; i++) {
        a[i] = Math.tanh(a[i]);
      }
      double[] z = multiply(weights.get(head + "out.weight"), a);
      add(z, weights.get(head + "out.bias"));
      System.arraycopy(z, 0, out, 1 + 3 * g, 3);
    }
    return out;
  }
}
