package org.alignmentworkbench.app.bench;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The benches by name: what our side does, and which program of the peers' folder does the same.
enum Bench {
  /// Low-rank adapters of rank 16 on all seven linear maps: forward, backward, clip, AdamW.
  SFT_SMOL("sft-smol", BenchShape.SMOL, Kind.ADAPTER_TRAINING, 4, 256, 4),
  /// The same with layers computed once more on the way back.
  SFT_SMOL_RECOMPUTE("sft-smol-recompute", BenchShape.SMOL, Kind.ADAPTER_TRAINING, 4, 256, 4),
  /// Full fine-tuning.
  SFT_NANO("sft-nano", BenchShape.NANO, Kind.FULL_TRAINING, 16, 128, 30),
  /// Sampling with a key-value cache: 32-token prompts, 64 new tokens.
  ROLLOUT_SMOL("rollout-smol", BenchShape.SMOL, Kind.ROLLOUT, 16, 32, 3),
  /// The same on the small shape.
  ROLLOUT_NANO("rollout-nano", BenchShape.NANO, Kind.ROLLOUT, 16, 32, 10),
  /// Log-probabilities of every token.
  SCORE_SMOL("score-smol", BenchShape.SMOL, Kind.SCORING, 8, 256, 3),
  /// The same on the small shape.
  SCORE_NANO("score-nano", BenchShape.NANO, Kind.SCORING, 8, 256, 20),
  /// Adapters as in `sft-smol` on conversations of all lengths: ours packed, the peer's padded.
  RAGGED("ragged", BenchShape.SMOL, Kind.RAGGED_TRAINING, 8, 0, 12),
  /// A GGUF file to a registered model, and that model mapped again and again.
  IMPORT("import", BenchShape.SMOL, Kind.IMPORT, 1, 1, 9);

  /// New tokens of a rollout.
  static final int NEW_TOKENS = 64;

  /// What is done again and again.
  enum Kind {
    ADAPTER_TRAINING,
    FULL_TRAINING,
    ROLLOUT,
    SCORING,
    RAGGED_TRAINING,
    IMPORT
  }

  /// A figure that every process of a bench measures.
  ///
  /// @param peerField where the peer's line has it, null where the peer has none
  record Quantity(String name, String unit, boolean lessIsBetter, @Nullable String peerField) {}

  /// Resident set at its highest, null where the system does not tell.
  static final Quantity MEMORY = new Quantity("peak resident memory", "MiB", true, "peak_rss_mib");

  /// Operations of matrix products a second over the highest rate that a single large product of
  /// the model's shape reached in the same process; not for work that memory bounds.
  static final Quantity SHARE_OF_PEAK = new Quantity("share of product peak", "1", false, null);

  /// All tokens a second, where the headline counts the supervised ones.
  static final Quantity ALL_TOKENS = new Quantity("all tokens", "tokens/s", false, "tokens_per_s");

  /// From a folder to a model on a running engine, the median of a process.
  static final Quantity LOAD = new Quantity("load", "ms", true, null);

  /// The first of these, when code that reads a folder may run for the first time.
  static final Quantity FIRST_LOAD = new Quantity("first load", "ms", true, null);

  /// The same until there are logits: a mapped weight is read when it is first used.
  static final Quantity LOAD_AND_LOGITS = new Quantity("load and first logits", "ms", true, null);

  /// From the GGUF file to a registered model that is safe on the disk.
  static final Quantity IMPORT_TIME = new Quantity("import", "s", true, null);

  private final String label;
  private final BenchShape shape;
  private final Kind kind;
  private final int batch;
  private final int length;
  private final int repetitions;

  Bench(String label, BenchShape shape, Kind kind, int batch, int length, int repetitions) {
    this.label = label;
    this.shape = shape;
    this.kind = kind;
    this.batch = batch;
    this.length = length;
    this.repetitions = repetitions;
  }

  /// The bench that is called so.
  ///
  /// @throws IllegalArgumentException with the names there are
  static Bench labelled(String label) {
    for (Bench bench : values()) {
      if (bench.label.equals(label)) {
        return bench;
      }
    }
    throw new IllegalArgumentException(
        "no bench '" + label + "'; there are " + String.join(", ", labels()));
  }

  static List<String> labels() {
    return List.of(values()).stream().map(Bench::label).toList();
  }

  String label() {
    return label;
  }

  /// Whether gradients compute layers once more.
  boolean recomputes() {
    return this == SFT_SMOL_RECOMPUTE;
  }

  BenchShape shape() {
    return shape;
  }

  Kind kind() {
    return kind;
  }

  int batch() {
    return batch;
  }

  int length() {
    return length;
  }

  int repetitions() {
    return repetitions;
  }

  /// What its processes measure, the headline first.
  List<Quantity> quantities() {
    return switch (kind) {
      case IMPORT -> List.of(LOAD, FIRST_LOAD, LOAD_AND_LOGITS, IMPORT_TIME, MEMORY);
      case RAGGED_TRAINING -> List.of(speed(), ALL_TOKENS, MEMORY);
      case ADAPTER_TRAINING, FULL_TRAINING, ROLLOUT, SCORING ->
          List.of(speed(), MEMORY, SHARE_OF_PEAK);
    };
  }

  /// The speed that is compared.
  Quantity speed() {
    return switch (kind) {
      case ROLLOUT -> new Quantity("speed", "new tokens/s", false, "new_tokens_per_s");
      case RAGGED_TRAINING ->
          new Quantity("speed", "supervised tokens/s", false, "supervised_tokens_per_s");
      case ADAPTER_TRAINING, FULL_TRAINING, SCORING ->
          new Quantity("speed", "tokens/s", false, "tokens_per_s");
      case IMPORT -> throw new IllegalArgumentException("an import has no tokens");
    };
  }

  /// Whether it works on a real model, which is prepared before.
  boolean prepared() {
    return kind == Kind.RAGGED_TRAINING || kind == Kind.IMPORT;
  }

  /// The peer's program with its arguments; what is prepared for a bench is named besides.
  ///
  /// @throws IllegalArgumentException for a bench without a peer
  List<String> peer(int threads) {
    List<String> how =
        switch (kind) {
          case ADAPTER_TRAINING ->
              List.of(
                  "peer_sft.py",
                  "--mode",
                  "lora",
                  "--batch",
                  Integer.toString(batch),
                  "--seq",
                  Integer.toString(length),
                  "--steps",
                  Integer.toString(repetitions));
          case FULL_TRAINING ->
              List.of(
                  "peer_sft.py",
                  "--mode",
                  "full",
                  "--batch",
                  Integer.toString(batch),
                  "--seq",
                  Integer.toString(length),
                  "--steps",
                  Integer.toString(repetitions),
                  "--warmup",
                  "3");
          case ROLLOUT ->
              List.of(
                  "peer_rollout.py",
                  "--batch",
                  Integer.toString(batch),
                  "--prompt",
                  Integer.toString(length),
                  "--new",
                  Integer.toString(NEW_TOKENS),
                  "--repeats",
                  Integer.toString(repetitions));
          case SCORING ->
              List.of(
                  "peer_logprobs.py",
                  "--batch",
                  Integer.toString(batch),
                  "--seq",
                  Integer.toString(length),
                  "--repeats",
                  Integer.toString(repetitions));
          case RAGGED_TRAINING -> List.of(BenchFiles.RAGGED_PEER);
          case IMPORT ->
              throw new IllegalArgumentException("bench '" + label + "' has no peer: leave --peer");
        };
    var all = new ArrayList<>(how);
    if (!prepared()) {
      all.addAll(List.of("--shape", shape.peerName()));
    }
    all.addAll(List.of("--threads", Integer.toString(threads)));
    return all;
  }
}
