package org.alignmentworkbench.model.llama;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.KernelCall;
import org.alignmentworkbench.model.engine.NativeFloats;
import org.alignmentworkbench.model.engine.ParameterLayout;
import org.alignmentworkbench.model.engine.ResidentArray;
import org.alignmentworkbench.model.tensor.Tensor;

/// A Llama decoder on an engine: scores tokens, and adds the gradient of any function of its token
/// log-probabilities to a gradient array.
///
/// For a token x_t after its prefix, with logits z over the vocabulary and temperature tau:
///
/// ```
/// log p(x_t | x_<t) = z[x_t] / tau - log sum_v exp(z[v] / tau)
/// ```
///
/// Log-probabilities are natural logarithms (nats), computed in float32.
public final class LlamaModel implements AutoCloseable {
  private static final int LOGITS_AT_ONCE = 64;

  private final DecoderBody body;

  private LlamaModel(DecoderBody body) {
    this.body = body;
  }

  /// Puts weights on an engine.
  ///
  /// @throws IllegalArgumentException if a weight is missing, unknown or of another shape
  public static LlamaModel load(Engine engine, LlamaConfig config, Map<String, Tensor> weights) {
    ParameterLayout layout = new ParameterLayout(config.weightShapes());
    float[] values = layout.pack(config.checkWeights(weights));
    return new LlamaModel(DecoderBody.load(engine, config, layout, values, true));
  }

  /// Puts weights on an engine that stand in canonical order in one piece, which the model takes
  /// over.
  public static LlamaModel load(Engine engine, LlamaConfig config, NativeFloats weights) {
    ParameterLayout layout = new ParameterLayout(config.weightShapes());
    if (weights.size() != layout.size()) {
      weights.close();
      throw new IllegalArgumentException(
          "must be " + layout.size() + " values, was " + weights.size());
    }
    return new LlamaModel(DecoderBody.load(engine, config, layout, engine.resident(weights), true));
  }

  /// A second model that shares this one's weights and adds an adapter to them. This model stays
  /// the base: it is exactly what the second computes with its adapter switched off.
  public LlamaModel withAdapter(LoraAdapter adapter) {
    return new LlamaModel(body.withAdapter(adapter));
  }

  /// Its shape.
  public LlamaConfig config() {
    return body.config();
  }

  /// The engine it lives on.
  public Engine engine() {
    return body.engine();
  }

  /// The layers as kernels take them.
  public DecoderBody body() {
    return body;
  }

  /// The base weights as they are now, in canonical order.
  public SequencedMap<String, Tensor> weights() {
    return body.layout().unpack(body.values().read());
  }

  /// The adapter as it is now.
  public Optional<LoraAdapter> adapter() {
    LoraConfig config = body.adapterConfig();
    if (config == null) {
      return Optional.empty();
    }
    return Optional.of(
        new LoraAdapter(config, body.trainedLayout().unpack(body.trainedValues().read())));
  }

  /// The weights with the adapter's products added to them.
  public SequencedMap<String, Tensor> mergedWeights() {
    if (body.adapterConfig() == null) {
      return weights();
    }
    float[] merged =
        engine()
            .call(call -> {
              NDArray array = (NDArray) body.merged(call);
              return array.toFloatArray();
            });
    return body.layout().unpack(merged);
  }

  /// Logits `[rows, width, vocabulary]`, zero on padding.
  public Tensor logits(TokenBatch batch) {
    int vocabulary = config().vocabularySize();
    PackedRows rows = PackedRows.padRight(batch.realTokens(), config());
    float[] packed =
        engine()
            .call(call ->
                call.tensor("logits", body.arguments(call, rows, config().tiedEmbeddings()))
                    .toFloatArray());
    Tensor logits = Tensor.zeros(batch.rows(), batch.width(), vocabulary);
    for (int row = 0; row < batch.rows(); row++) {
      System.arraycopy(
          packed,
          rows.index(row, 0) * vocabulary,
          logits.data(),
          (row * batch.width() + batch.start(row)) * vocabulary,
          rows.length(row) * vocabulary);
    }
    return logits;
  }

  /// Reads the logits of one position after another.
  @FunctionalInterface
  public interface LogitsReader {
    /// The logits that predict token `position + 1`; the array is used again for the next position.
    void read(int position, float[] logits);
  }

  /// The logits of a text from a position on, some positions at a time: those of a long text and a
  /// large vocabulary together would take gigabytes.
  public void logits(int[] ids, int first, LogitsReader reader) {
    int vocabulary = config().vocabularySize();
    PackedRows rows = PackedRows.padRight(List.of(ids), config());
    float[] one = new float[vocabulary];
    engine()
        .call(call -> {
          NDArray hidden = call.tensor("hidden", body.arguments(call, rows));
          for (int from = first; from < ids.length; from += LOGITS_AT_ONCE) {
            long count = Math.min(LOGITS_AT_ONCE, ids.length - from);
            NDArray block =
                call.tensor(
                    "project",
                    hidden,
                    body.values(),
                    body.lowWeights(),
                    body.dims(),
                    config().tiedEmbeddings(),
                    (long) from,
                    count);
            float[] logits = block.toFloatArray();
            block.close();
            for (int i = 0; i < count; i++) {
              System.arraycopy(logits, i * vocabulary, one, 0, vocabulary);
              reader.read(from + i, one);
            }
          }
          return true;
        });
  }

  /// The log-probability of every token of a text but the first, with the sum over the vocabulary
  /// in float64. [#tokenLogProbs] takes it in float32, which costs about 1e-5 nats a token for a
  /// large vocabulary: less than a sampler's ratio shows, more than a perplexity should.
  public double[] textLogProbs(int[] ids) {
    if (ids.length < 2) {
      throw new IllegalArgumentException(
          "a text must hold at least two tokens to have a log-probability, was " + ids.length);
    }
    PackedRows rows = PackedRows.padRight(List.of(ids), config());
    long[] targets = Arrays.stream(ids).skip(1).asLongStream().toArray();
    return engine()
        .call(call ->
            call.tensor(
                    "text_log_probs",
                    call.tensor("hidden", body.arguments(call, rows)),
                    body.values(),
                    body.lowWeights(),
                    body.dims(),
                    config().tiedEmbeddings(),
                    call.longs(targets, targets.length))
                .toDoubleArray());
  }

  /// The log-probability of every scored token, aligned with the ids; 0 where not scored.
  ///
  /// @param temperature what logits are divided by, > 0; the one a sample was drawn with, or 1
  public float[][] tokenLogProbs(List<TokenRow> rows, double temperature) {
    Scored scored = new Scored(rows, config(), temperature);
    if (scored.count() == 0) {
      return scored.spread(new float[0]);
    }
    return engine()
        .call(call -> {
          NDArray at = call.longs(scored.at, scored.count());
          NDArray targets = call.longs(scored.targets, scored.count());
          return scored.spread(
              call.tensor(
                      "score",
                      body.arguments(
                          call, scored.packed, config().tiedEmbeddings(), at, targets, temperature))
                  .toFloatArray());
        });
  }

  /// Adds the gradient of `sum_r sum_t c[r][t] * log p(ids[r][t] | prefix)` over the scored tokens
  /// to `gradient`, in one native call.
  ///
  /// With `c = d loss / d log p` this is the gradient of any loss that depends on the model through
  /// its token log-probabilities.
  ///
  /// @param gradient an array in the layout of what is trained
  /// @param coefficients aligned with the rows' ids; ignored where not scored
  /// @return the log-probabilities seen, aligned with the ids
  public float[][] addGradient(
      ResidentArray gradient, List<TokenRow> rows, double temperature, float[][] coefficients) {
    Scored scored = new Scored(rows, config(), temperature);
    float[] c = scored.gather(coefficients);
    if (scored.count() == 0) {
      return scored.spread(new float[0]);
    }
    return engine()
        .call(call -> {
          List<Object> arguments = new ArrayList<>(gradientPrefix(gradient));
          arguments.add(config().rmsNormEps());
          arguments.add(body.scale());
          arguments.addAll(body.rowArguments(call, scored.packed));
          arguments.addAll(scored.headArguments(call, temperature));
          arguments.add(call.floats(c, c.length));
          return scored.spread(call.tensor("gradient", arguments.toArray()).toFloatArray());
        });
  }

  /// The same for coefficients that depend on the log-probabilities: forward once, ask, backward.
  public float[][] addGradient(
      ResidentArray gradient,
      List<TokenRow> rows,
      double temperature,
      CoefficientFunction coefficients) {
    Scored scored = new Scored(rows, config(), temperature);
    if (scored.count() == 0) {
      return scored.spread(new float[0]);
    }
    return engine()
        .call(call -> {
          List<Object> rowArguments = body.rowArguments(call, scored.packed);
          List<Object> headArguments = scored.headArguments(call, temperature);
          List<Object> forward = new ArrayList<>();
          forward.add(body.values());
          forward.add(body.lowWeights());
          forward.add(body.trainedValues());
          forward.add(body.plan());
          forward.add(body.dims());
          forward.add(config().rmsNormEps());
          forward.add(body.scale());
          forward.addAll(rowArguments);
          forward.addAll(headArguments);
          List<NDArray> kept = call.tensors("forward_saved", forward.toArray());
          float[][] logProbs = scored.spread(kept.getFirst().toFloatArray());
          float[] c = scored.gather(coefficients.coefficients(logProbs));
          List<Object> backward = new ArrayList<>(gradientPrefix(gradient));
          backward.add(config().rmsNormEps());
          backward.add(body.scale());
          backward.addAll(rowArguments);
          backward.addAll(headArguments);
          backward.add(call.floats(c, c.length));
          backward.add(kept);
          call.tensor("backward_saved", backward.toArray());
          return logProbs;
        });
  }

  private List<Object> gradientPrefix(ResidentArray gradient) {
    return List.of(
        body.values(),
        body.lowWeights(),
        gradient,
        body.trainedValues(),
        gradient,
        body.plan(),
        body.dims());
  }

  /// Frees the adapter, and the weights if no other model shares them.
  @Override
  public void close() {
    body.close();
  }

  /// The scored tokens of a batch: where their logits are read, and who they are.
  private final class Scored {
    final PackedRows packed;
    final long[] at;
    final long[] targets;
    private final List<TokenRow> rows;

    Scored(List<TokenRow> rows, LlamaConfig config, double temperature) {
      if (!(temperature > 0 && Double.isFinite(temperature))) {
        throw new IllegalArgumentException(
            "temperature must be finite and > 0, was " + temperature);
      }
      this.rows = List.copyOf(rows);
      this.packed = PackedRows.sharing(rows.stream().map(TokenRow::ids).toList(), config);
      int count = rows.stream().mapToInt(TokenRow::scoredTokens).sum();
      this.at = new long[count];
      this.targets = new long[count];
      int next = 0;
      for (int r = 0; r < rows.size(); r++) {
        TokenRow row = rows.get(r);
        for (int t = 1; t < row.length(); t++) {
          if (row.scored(t)) {
            // token t is predicted by the logits one position earlier
            at[next] = packed.index(r, t - 1);
            targets[next] = row.id(t);
            next++;
          }
        }
      }
    }

    int count() {
      return at.length;
    }

    List<Object> headArguments(KernelCall call, double temperature) {
      return List.of(
          config().tiedEmbeddings(),
          call.longs(at, at.length),
          call.longs(targets, targets.length),
          temperature);
    }

    float[][] spread(float[] values) {
      float[][] aligned = new float[rows.size()][];
      int next = 0;
      for (int r = 0; r < aligned.length; r++) {
        TokenRow row = rows.get(r);
        aligned[r] = new float[row.length()];
        for (int t = 1; t < row.length(); t++) {
          if (row.scored(t)) {
            aligned[r][t] = values[next++];
          }
        }
      }
      return aligned;
    }

    float[] gather(float[][] aligned) {
      if (aligned.length != rows.size()) {
        throw new IllegalArgumentException(
            "must be coefficients for " + rows.size() + " rows, was " + aligned.length);
      }
      float[] values = new float[at.length];
      int next = 0;
      for (int r = 0; r < aligned.length; r++) {
        TokenRow row = rows.get(r);
        if (aligned[r].length != row.length()) {
          throw new IllegalArgumentException(
              "row " + r + ": must be " + row.length() + " coefficients, was " + aligned[r].length);
        }
        for (int t = 1; t < row.length(); t++) {
          if (row.scored(t)) {
            float c = aligned[r][t];
            if (!Float.isFinite(c)) {
              throw new IllegalArgumentException(
                  "row " + r + ", token " + t + ": a coefficient must be finite, was " + c);
            }
            values[next++] = c;
          }
        }
      }
      return values;
    }
  }
}
