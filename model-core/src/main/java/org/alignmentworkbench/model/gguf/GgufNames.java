package org.alignmentworkbench.model.gguf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.alignmentworkbench.model.llama.LinearModule;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.tokenizer.TextCut;

/// What llama.cpp calls the weights of a decoder, and the ways of cutting text.
public final class GgufNames {
  /// The embedding.
  public static final String EMBEDDING = "token_embd.weight";

  /// Keys of the metadata in which this product keeps how the rotary angles are stretched, since
  /// the divisors alone do not tell: factor, low, high and the original context.
  public static final List<String> ROPE_SCALING =
      List.of(
          "workbench.rope_scaling.factor",
          "workbench.rope_scaling.low_freq_factor",
          "workbench.rope_scaling.high_freq_factor",
          "workbench.rope_scaling.original_max_position_embeddings");

  /// What the rotary frequencies are divided by, `[head size / 2]`; absent where they are not.
  public static final String ROPE_DIVISORS = "rope_freqs.weight";

  /// The last norm.
  public static final String FINAL_NORM = "output_norm.weight";

  /// The output matrix; absent from a model with tied embeddings.
  public static final String OUTPUT = "output.weight";

  /// Names of pre-tokenizers that cut alike; the first of a kind is the one written.
  private static final SequencedMap<String, TextCut> CUTS = new LinkedHashMap<>();

  static {
    for (String name : new String[] {"gpt-2", "phi-2", "olmo"}) {
      CUTS.put(name, TextCut.GPT2);
    }
    for (String name :
        new String[] {"smollm", "starcoder", "refact", "command-r", "codeshell", "exaone"}) {
      CUTS.put(name, TextCut.GPT2_SINGLE_DIGITS);
    }
    for (String name : new String[] {"llama-bpe", "llama3", "llama-v3", "falcon3"}) {
      CUTS.put(name, TextCut.LLAMA3);
    }
    for (String name : new String[] {"qwen2", "deepseek-r1-qwen"}) {
      CUTS.put(name, TextCut.QWEN2);
    }
  }

  private GgufNames() {}

  /// The norm before attention of a layer.
  public static String inputNorm(int layer) {
    return "blk." + layer + ".attn_norm.weight";
  }

  /// The norm before the feed-forward part of a layer.
  public static String postAttentionNorm(int layer) {
    return "blk." + layer + ".ffn_norm.weight";
  }

  /// A linear map of a layer.
  public static String of(int layer, LinearModule module) {
    String name =
        switch (module) {
          case Q_PROJ -> "attn_q";
          case K_PROJ -> "attn_k";
          case V_PROJ -> "attn_v";
          case O_PROJ -> "attn_output";
          case GATE_PROJ -> "ffn_gate";
          case UP_PROJ -> "ffn_up";
          case DOWN_PROJ -> "ffn_down";
        };
    return "blk." + layer + "." + name + ".weight";
  }

  /// The bias of a linear map of a layer.
  public static String biasOf(int layer, LinearModule module) {
    return of(layer, module).replace(".weight", ".bias");
  }

  /// The norm of the query heads of a layer.
  public static String queryNorm(int layer) {
    return "blk." + layer + ".attn_q_norm.weight";
  }

  /// The norm of the key heads of a layer.
  public static String keyNorm(int layer) {
    return "blk." + layer + ".attn_k_norm.weight";
  }

  /// The name in a file of every weight, by transformers' name, in canonical order.
  public static SequencedMap<String, String> all(LlamaConfig config) {
    SequencedMap<String, String> names = new LinkedHashMap<>();
    config.weightShapes().keySet().forEach(name -> names.put(name, ""));
    names.replace(LlamaConfig.EMBEDDING, EMBEDDING);
    names.replace(LlamaConfig.FINAL_NORM, FINAL_NORM);
    names.replace(LlamaConfig.OUTPUT, OUTPUT);
    for (int layer = 0; layer < config.layers(); layer++) {
      names.replace(LlamaConfig.inputNormName(layer), inputNorm(layer));
      names.replace(LlamaConfig.postAttentionNormName(layer), postAttentionNorm(layer));
      names.replace(LlamaConfig.queryNormName(layer), queryNorm(layer));
      names.replace(LlamaConfig.keyNormName(layer), keyNorm(layer));
      for (LinearModule module : LinearModule.values()) {
        names.replace(module.weightName(layer), of(layer, module));
        names.replace(module.biasName(layer), biasOf(layer, module));
      }
    }
    return names;
  }

  /// The cut that a name stands for; empty if it is not known here.
  static Optional<TextCut> cut(String name) {
    return Optional.ofNullable(CUTS.get(name));
  }

  /// The names that are known here.
  static String knownCuts() {
    return String.join(", ", CUTS.keySet());
  }

  /// The name of a cut.
  public static String of(TextCut cut) {
    return CUTS.entrySet().stream()
        .filter(entry -> entry.getValue() == cut)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  /// Whether llama.cpp takes a word that is a token as it is when text is cut this way.
  public static boolean takesWholeWordsFirst(TextCut cut) {
    return cut == TextCut.LLAMA3;
  }
}
