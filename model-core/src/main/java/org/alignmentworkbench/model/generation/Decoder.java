package org.alignmentworkbench.model.generation;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.model.engine.KernelScope;
import org.alignmentworkbench.model.llama.DecoderBody;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.random.CounterStream;

/// A model made ready for decoding once, for many prompts: its weights (with the adapter merged, if
/// it has one) in the form in which decoding reads them, a second copy in memory.
///
/// Gives the bits of [Generator], in batches of any size or token by token. What is trained after
/// this was made does not show here.
public final class Decoder implements AutoCloseable {
  /// Rows that are decoded together at most: more cost memory and gain little.
  private static final int MOST_ROWS = 16;

  /// Bytes of cached keys and values of a batch at most.
  private static final long MOST_CACHE = 256L << 20;

  private final DecoderBody body;
  private final KernelScope scope;
  private final Object parameters;
  private final List<NDArray> weights;

  private Decoder(DecoderBody body, KernelScope scope, Object parameters, List<NDArray> weights) {
    this.body = body;
    this.scope = scope;
    this.parameters = parameters;
    this.weights = weights;
  }

  /// Prepares a model, which must stay open as long.
  public static Decoder of(LlamaModel model) {
    DecoderBody body = model.body();
    KernelScope scope = model.engine().scope();
    try {
      return scope.call(call -> {
        Object parameters = body.merged(call);
        List<NDArray> weights = call.tensors("decode_weights", decodeArguments(body, parameters));
        return new Decoder(body, scope, parameters, weights);
      });
    } catch (RuntimeException | Error failure) {
      scope.close();
      throw failure;
    }
  }

  private static Object[] decodeArguments(DecoderBody body, Object parameters) {
    List<Object> arguments = new ArrayList<>();
    arguments.add(parameters);
    arguments.add(body.dims());
    arguments.add(body.config().tiedEmbeddings());
    arguments.addAll(body.decodeForm());
    return arguments.toArray();
  }

  /// What is told while many prompts are continued.
  @FunctionalInterface
  public interface Progress {
    /// `done` prompts are continued, with `tokens` new tokens altogether.
    void continued(int done, long tokens);
  }

  /// Continues every prompt, as many at a time as fit a bounded cache.
  ///
  /// @param streams one for each prompt; unused if greedy, and may be empty then
  public List<Generation> generate(
      List<int[]> prompts,
      SamplingSettings settings,
      List<CounterStream> streams,
      Progress progress) {
    List<Generation> all = new ArrayList<>();
    long tokens = 0;
    int from = 0;
    while (from < prompts.size()) {
      int to = endOfBatch(prompts, from, settings);
      List<CounterStream> some = settings.greedy() ? List.of() : streams.subList(from, to);
      for (Generation one : generate(prompts.subList(from, to), settings, some)) {
        all.add(one);
        tokens += one.length();
      }
      from = to;
      progress.continued(from, tokens);
    }
    return List.copyOf(all);
  }

  private int endOfBatch(List<int[]> prompts, int from, SamplingSettings settings) {
    LlamaConfig config = body.config();
    long position = 2L * Float.BYTES * config.layers() * config.keyValueHeads() * config.headSize();
    int longest = prompts.get(from).length;
    int to = from + 1;
    while (to < prompts.size() && to - from < MOST_ROWS) {
      longest = Math.max(longest, prompts.get(to).length);
      long cache = (to - from + 1L) * (longest + settings.maxNewTokens()) * position;
      if (cache > MOST_CACHE) {
        break;
      }
      to++;
    }
    return to;
  }

  private List<Generation> generate(
      List<int[]> prompts, SamplingSettings settings, List<CounterStream> streams) {
    DecodeBatch batch = new DecodeBatch(body, prompts, settings, streams);
    try (Decoding decoding = new Decoding(body, parameters, weights, batch)) {
      return decoding.toTheEnd();
    }
  }

  /// Begins to continue prompts, all of them together, token by token.
  ///
  /// @param streams one for each prompt; unused if greedy, and may be empty then
  public Decoding begin(
      List<int[]> prompts, SamplingSettings settings, List<CounterStream> streams) {
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("there must be a prompt to continue");
    }
    return new Decoding(
        body, parameters, weights, new DecodeBatch(body, prompts, settings, streams));
  }

  @Override
  public void close() {
    scope.close();
  }
}
