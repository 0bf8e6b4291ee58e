package org.alignmentworkbench.model.generation;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignmentworkbench.model.engine.KernelCall;
import org.alignmentworkbench.model.engine.KernelScope;
import org.alignmentworkbench.model.llama.DecoderBody;

/// Continuations in the making: the cached keys and values of their tokens, and how far they are.
///
/// ```
/// while (decoding.next()) { show(decoding.id(0)); }
/// ```
///
/// Not for several threads at once.
public final class Decoding implements AutoCloseable {
  private final DecoderBody body;
  private final Object parameters;
  private final List<NDArray> weights;
  private final DecodeBatch batch;
  private final KernelScope scope;
  private final List<Object> sampling = new ArrayList<>();
  private final boolean[] ended;
  private List<NDArray> state;
  private long[] ids;
  private float[] logProbs = new float[0];
  private int step;

  Decoding(DecoderBody body, Object parameters, List<NDArray> weights, DecodeBatch batch) {
    this.body = body;
    this.parameters = parameters;
    this.weights = weights;
    this.batch = batch;
    this.ended = new boolean[batch.count()];
    this.ids = new long[0];
    this.scope = body.engine().scope();
    try {
      this.state = scope.call(this::prefill);
    } catch (RuntimeException | Error failure) {
      scope.close();
      throw failure;
    }
  }

  private List<NDArray> prefill(KernelCall call) {
    batch.addSampling(call, sampling);
    List<Object> arguments = new ArrayList<>();
    arguments.add(parameters);
    arguments.add(weights);
    arguments.add(body.dims());
    arguments.add(body.config().rmsNormEps());
    batch.addPrompts(call, arguments);
    arguments.add((long) batch.settings().maxNewTokens());
    return call.tensors("prefill", arguments.toArray());
  }

  /// Takes steps up to before `until`; ids and log-probabilities `[steps, rows]`, then the new
  /// state. The old state's handles are freed, what they stood for lives on in the new ones.
  private List<NDArray> advance(KernelCall call, int until) {
    List<Object> arguments = new ArrayList<>();
    arguments.add(parameters);
    arguments.add(weights);
    arguments.add(state);
    arguments.add(body.dims());
    arguments.add(body.config().rmsNormEps());
    arguments.add(body.rope());
    arguments.addAll(sampling);
    arguments.add(batch.promptLength());
    arguments.add((long) step);
    arguments.add((long) until);
    List<NDArray> out = call.tensors("decode", arguments.toArray());
    state.forEach(NDArray::close);
    state = out.subList(2, out.size());
    step = until;
    return out.subList(0, 2);
  }

  List<Generation> toTheEnd() {
    int steps = batch.settings().maxNewTokens();
    return scope.call(call -> {
      List<NDArray> out = advance(call, steps);
      return Generator.rows(
          out.get(0).toLongArray(), out.get(1).toFloatArray(), batch.count(), steps, batch.stops());
    });
  }

  /// Draws the next token of every row that has not ended; false if there is none.
  public boolean next() {
    boolean allEnded = true;
    for (boolean one : ended) {
      allEnded &= one;
    }
    if (allEnded || step == batch.settings().maxNewTokens()) {
      return false;
    }
    scope.call(call -> {
      List<NDArray> out = advance(call, step + 1);
      ids = out.get(0).toLongArray();
      logProbs = out.get(1).toFloatArray();
      out.forEach(NDArray::close);
      return true;
    });
    for (int row = 0; row < ended.length; row++) {
      if (ids[row] >= 0 && !Float.isFinite(logProbs[row])) {
        throw new NonFiniteSampleException(row, step - 1, logProbs[row]);
      }
      ended[row] |= ids[row] < 0 || Arrays.binarySearch(batch.stops(), ids[row]) >= 0;
    }
    return true;
  }

  /// The token of a row that [#next()] drew, or -1 if the row had ended before.
  public int id(int row) {
    return (int) ids[row];
  }

  /// Its log-probability (nats) under the sampling temperature.
  public float logProb(int row) {
    return logProbs[row];
  }

  /// Whether a row has drawn a stop token.
  public boolean ended(int row) {
    return ended[row];
  }

  @Override
  public void close() {
    scope.close();
  }
}
