package org.alignmentworkbench.model.gguf;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignmentworkbench.model.llama.Architecture;
import org.alignmentworkbench.model.llama.LlamaConfig;

/// The shape of a decoder as a file's metadata say it.
///
/// Every key under the architecture's prefix, such as `llama.`, decides the computation or must
/// have the value at which it does nothing; a key that is not known here is refused, because a
/// model computed wrongly looks healthy.
final class GgufConfig {
  private static final String ARCHITECTURE = "general.architecture";

  /// Keys that say nothing about the computation, or that [#read] takes.
  private static final Set<String> READ =
      Set.of(
          "block_count",
          "context_length",
          "embedding_length",
          "feed_forward_length",
          "attention.head_count",
          "attention.head_count_kv",
          "attention.key_length",
          "attention.value_length",
          "attention.layer_norm_rms_epsilon",
          "rope.freq_base",
          "rope.dimension_count",
          "vocab_size",
          "tensor_data_layout");

  private GgufConfig() {}

  /// Reads the configuration of a file that [#check] let pass.
  ///
  /// @param vocabularySize the number of tokens listed in the file
  /// @param tied whether the file has no output matrix
  static LlamaConfig read(
      GgufMetadata metadata, int vocabularySize, boolean tied, LlamaConfig.SpecialIds ids) {
    Architecture architecture = architecture(metadata);
    String prefix = prefix(metadata);
    int hidden = metadata.needWhole(prefix + "embedding_length");
    int heads = metadata.needWhole(prefix + "attention.head_count");
    String keyLength = prefix + "attention.key_length";
    if (!metadata.has(keyLength) && (heads == 0 || hidden % heads != 0)) {
      throw metadata.refused(
          prefix + "attention.head_count",
          "must divide the embedding length " + hidden + " where no " + keyLength + " is given");
    }
    int headSize = metadata.whole(keyLength).orElseGet(() -> hidden / heads);
    for (String key : List.of("attention.value_length", "rope.dimension_count")) {
      if (metadata.whole(prefix + key).orElse(headSize) != headSize) {
        throw metadata.refused(prefix + key, "must be the head size " + headSize);
      }
    }
    if (metadata.whole(prefix + "vocab_size").orElse(vocabularySize) != vocabularySize) {
      throw metadata.refused(
          prefix + "vocab_size", "must be the number of tokens listed, " + vocabularySize);
    }
    String epsilon = prefix + "attention.layer_norm_rms_epsilon";
    return new LlamaConfig(
            vocabularySize,
            hidden,
            metadata.needWhole(prefix + "feed_forward_length"),
            metadata.needWhole(prefix + "block_count"),
            heads,
            metadata.whole(prefix + "attention.head_count_kv").orElse(heads),
            headSize,
            metadata.needWhole(contextLengthKey(metadata)),
            metadata.real(prefix + "rope.freq_base").orElse(10000.0),
            metadata.real(epsilon).orElseThrow(() -> metadata.missing(epsilon)),
            tied,
            ids)
        .withArchitecture(architecture);
  }

  /// The key of the largest number of positions.
  static String contextLengthKey(GgufMetadata metadata) {
    return prefix(metadata) + "context_length";
  }

  private static String prefix(GgufMetadata metadata) {
    return architecture(metadata).modelType() + ".";
  }

  private static Architecture architecture(GgufMetadata metadata) {
    String name = metadata.text(ARCHITECTURE).orElseThrow(() -> metadata.missing(ARCHITECTURE));
    return Arrays.stream(Architecture.values())
        .filter(known -> known.modelType().equals(name))
        .findFirst()
        .orElseThrow(() ->
            metadata.refused(
                ARCHITECTURE, "is not supported; \"llama\", \"qwen2\" and \"qwen3\" are"));
  }

  /// Refuses what is none of the architectures, or one that computes something else.
  static void check(GgufMetadata metadata) {
    String prefix = prefix(metadata);
    if (!metadata.text("general.type").orElse("model").equals("model")) {
      throw metadata.refused("general.type", "is no model");
    }
    if (metadata.whole("split.count").orElse(1) > 1) {
      throw metadata.refused("split.count", "is one of several files; join them first");
    }
    for (Map.Entry<String, GgufValue> pair : metadata.pairs().entrySet()) {
      String key = pair.getKey();
      if (key.startsWith(prefix) && !allowed(key.substring(prefix.length()), pair.getValue())) {
        throw metadata.refused(key, "asks for a computation this model does not do");
      }
    }
  }

  private static boolean allowed(String key, GgufValue value) {
    return switch (key) {
      case "rope.scaling.type" -> value.equals(new GgufValue.Text("none"));
      case "rope.scaling.finetuned" -> value instanceof GgufValue.Flag;
      case "expert_count", "expert_used_count" ->
          value instanceof GgufValue.Whole(_, long experts) && experts == 0;
      case "attention.causal" -> value.equals(new GgufValue.Flag(true));
      case "use_parallel_residual" -> value.equals(new GgufValue.Flag(false));
      default -> READ.contains(key);
    };
  }
}
