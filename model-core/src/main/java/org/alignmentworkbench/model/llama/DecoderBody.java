package org.alignmentworkbench.model.llama;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.KernelCall;
import org.alignmentworkbench.model.engine.ParameterLayout;
import org.alignmentworkbench.model.engine.Precision;
import org.alignmentworkbench.model.engine.ResidentArray;
import org.jspecify.annotations.Nullable;

/// The decoder layers as the kernels take them: one flat array of parameters, the rotary table, and
/// perhaps an adapter. A language model and a reward model are heads on this.
public final class DecoderBody implements AutoCloseable {
  /// 64 MiB of float32: more than the last cache of the processors this runs on.
  private static final int PACKED_FROM = 16 << 20;

  private final Engine engine;
  private final LlamaConfig config;
  private final ParameterLayout layout;
  private final ResidentArray values;
  private final ResidentArray rope;
  private final LowWeights low;

  /// Bodies that share `values`, `low` and `rope`; the last one to close frees them.
  private final AtomicInteger sharers;

  private final @Nullable Adapter adapter;
  private boolean recomputes;
  private boolean closed;

  private record Adapter(
      LoraConfig config, ParameterLayout layout, ResidentArray values, long[] plan) {}

  private DecoderBody(
      Engine engine,
      LlamaConfig config,
      ParameterLayout layout,
      ResidentArray values,
      ResidentArray rope,
      LowWeights low,
      AtomicInteger sharers,
      @Nullable Adapter adapter) {
    this.engine = engine;
    this.config = config;
    this.layout = layout;
    this.values = values;
    this.rope = rope;
    this.low = low;
    this.sharers = sharers;
    this.adapter = adapter;
    sharers.incrementAndGet();
  }

  /// A body from flat values, whose layout begins with the body's own parameters in canonical
  /// order.
  ///
  /// @param languageHead whether an output matrix follows them (or is the embedding)
  public static DecoderBody load(
      Engine engine,
      LlamaConfig config,
      ParameterLayout layout,
      float[] values,
      boolean languageHead) {
    return load(engine, config, layout, engine.resident(values), languageHead);
  }

  static DecoderBody load(
      Engine engine,
      LlamaConfig config,
      ParameterLayout layout,
      ResidentArray values,
      boolean languageHead) {
    return new DecoderBody(
        engine,
        config,
        layout,
        values,
        engine.resident(ropeTable(config)),
        new LowWeights(
            engine, values, dims(config, 0, false), config.tiedEmbeddings(), languageHead),
        new AtomicInteger(),
        null);
  }

  /// Cosines and signed sines of every position.
  ///
  /// ```
  /// angle(p, i) = p * theta^(-2i / s),  i < s/2      (stretched where the configuration says so)
  /// y = x * [cos, cos] + [x2, x1] * [-sin, sin]     for x = [x1, x2]
  /// ```
  static float[] ropeTable(LlamaConfig config) {
    int size = config.headSize();
    int half = size / 2;
    float[] table = new float[2 * config.contextLength() * size];
    int sines = config.contextLength() * size;
    for (int p = 0; p < config.contextLength(); p++) {
      for (int i = 0; i < half; i++) {
        double angle = p * config.frequency(Math.pow(config.ropeTheta(), -2.0 * i / size));
        float cos = (float) Math.cos(angle);
        float sin = (float) Math.sin(angle);
        int at = p * size + i;
        table[at] = cos;
        table[at + half] = cos;
        table[sines + at] = -sin;
        table[sines + at + half] = sin;
      }
    }
    return table;
  }

  /// The same body with an adapter, sharing the parameters.
  public DecoderBody withAdapter(LoraAdapter lora) {
    if (adapter != null) {
      throw new IllegalStateException("this model already has an adapter: merge it first");
    }
    LoraConfig lowRank = lora.config();
    ParameterLayout pairs = new ParameterLayout(lowRank.weightShapes(config));
    LinearModule[] modules = LinearModule.values();
    long[] plan = new long[config.layers() * modules.length * 2];
    Arrays.fill(plan, -1);
    int at = 0;
    for (int layer = 0; layer < config.layers(); layer++) {
      for (LinearModule module : modules) {
        if (lowRank.modules().contains(module)) {
          plan[at] = pairs.offset(LoraConfig.nameA(layer, module));
          plan[at + 1] = pairs.offset(LoraConfig.nameB(layer, module));
        }
        at += 2;
      }
    }
    ResidentArray adapterValues = engine.resident(pairs.pack(lora.weights()));
    return new DecoderBody(
        engine,
        config,
        layout,
        values,
        rope,
        low,
        sharers,
        new Adapter(lowRank, pairs, adapterValues, plan));
  }

  /// The engine it lives on.
  public Engine engine() {
    return engine;
  }

  /// Its shape.
  public LlamaConfig config() {
    return config;
  }

  /// All parameters but the adapter's.
  public ResidentArray values() {
    return values;
  }

  /// Their layout.
  public ParameterLayout layout() {
    return layout;
  }

  /// The rotary table.
  public ResidentArray rope() {
    return rope;
  }

  /// The adapter's shape, or null.
  public @Nullable LoraConfig adapterConfig() {
    return adapter == null ? null : adapter.config;
  }

  /// What a training of this body changes: the adapter if there is one, else all parameters.
  public ResidentArray trainedValues() {
    return adapter == null ? values : adapter.values;
  }

  /// The layout of what is trained.
  public ParameterLayout trainedLayout() {
    return adapter == null ? layout : adapter.layout;
  }

  /// The kernels' `dims`.
  public long[] dims() {
    return dims(config, adapter == null ? 0 : adapter.config.rank(), recomputes);
  }

  private static long[] dims(LlamaConfig config, int rank, boolean recomputes) {
    return new long[] {
      config.vocabularySize(),
      config.hiddenSize(),
      config.intermediateSize(),
      config.layers(),
      config.heads(),
      config.keyValueHeads(),
      config.headSize(),
      rank,
      recomputes ? 1 : 0,
      switch (config.architecture()) {
        case LLAMA -> 0;
        case QWEN2 -> 1;
        case QWEN3 -> 2;
      }
    };
  }

  /// Whether a gradient computes each layer once more on its way back, instead of keeping what the
  /// way forward made of it: about a third more work for a fraction of the memory, the same bits.
  public void recompute(boolean on) {
    recomputes = on;
  }

  /// The kernels' `lw`. To be asked for on the kernel thread, for the call at hand.
  public List<NDArray> lowWeights() {
    return low.now();
  }

  /// Whether decoding reads the weights in the layout of the packed product: it pays when they fit
  /// into no cache and come from memory for each token.
  public boolean packs() {
    return engine.canPack() && layout.size() >= PACKED_FROM;
  }

  /// The arguments of decoding that say in which form it reads the weights.
  public List<Object> decodeForm() {
    return List.of(engine.settings().precision() == Precision.BF16, packs());
  }

  /// The arguments by which a kernel that reads the body begins, up to `grid`.
  Object[] arguments(KernelCall call, PackedRows rows, Object... more) {
    List<Object> arguments = new ArrayList<>();
    arguments.add(values);
    arguments.add(lowWeights());
    arguments.add(trainedValues());
    arguments.add(plan());
    arguments.add(dims());
    arguments.add(config.rmsNormEps());
    arguments.add(scale());
    arguments.addAll(rowArguments(call, rows));
    arguments.addAll(List.of(more));
    return arguments.toArray();
  }

  /// Tokens, places, rotary table, positions, segments and grid.
  public List<Object> rowArguments(KernelCall call, PackedRows rows) {
    return List.of(
        call.longs(rows.tokens(), rows.tokens().length),
        call.longs(rows.places(), rows.places().length),
        rope,
        call.longs(rows.positions(), rows.positions().length),
        call.longs(rows.segments(), rows.segments().length),
        rows.grid());
  }

  /// The adapter's offsets as the kernels take them; empty without one.
  long[] plan() {
    return adapter == null ? new long[0] : adapter.plan;
  }

  /// The adapter's scale; 1 without one.
  double scale() {
    return adapter == null ? 1.0 : adapter.config.scale();
  }

  /// The parameters with the adapter added, for a call that reads them often: the parameters
  /// themselves without one.
  public Object merged(KernelCall call) {
    if (adapter == null) {
      return values;
    }
    NDArray merged = call.tensor("merge", values, adapter.values, plan(), dims(), scale());
    return merged;
  }

  /// Frees the adapter, and the parameters if nobody else shares them.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (adapter != null) {
      adapter.values.close();
    }
    if (sharers.decrementAndGet() == 0) {
      low.close();
      values.close();
      rope.close();
    }
  }
}
