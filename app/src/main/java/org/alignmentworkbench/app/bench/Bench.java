package org.alignmentworkbench.app.bench;

import java.util.List;

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
  SCORE_NANO("score-nano", BenchShape.NANO, Kind.SCORING, 8, 256, 20);

  /// New tokens of a rollout.
  static final int NEW_TOKENS = 64;

  /// What is done again and again.
  enum Kind {
    ADAPTER_TRAINING,
    FULL_TRAINING,
    ROLLOUT,
    SCORING
  }

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

  String unit() {
    return kind == Kind.ROLLOUT ? "new tokens/s" : "tokens/s";
  }

  /// The peer's program with its arguments.
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
        };
    var all = new java.util.ArrayList<>(how);
    all.addAll(List.of("--shape", shape.peerName(), "--threads", Integer.toString(threads)));
    return all;
  }

  /// The field of the peer's line that is compared with ours.
  String peerField() {
    return kind == Kind.ROLLOUT ? "new_tokens_per_s" : "tokens_per_s";
  }
}
