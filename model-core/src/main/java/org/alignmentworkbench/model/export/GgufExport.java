package org.alignmentworkbench.model.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.model.gguf.GgufNames;
import org.alignmentworkbench.model.gguf.RotaryRows;
import org.alignmentworkbench.model.llama.Architecture;
import org.alignmentworkbench.model.llama.LinearModule;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.llama.LoraAdapter;
import org.alignmentworkbench.model.llama.LoraConfig;
import org.alignmentworkbench.model.llama.RopeScaling;
import org.alignmentworkbench.model.tensor.Tensor;
import org.alignmentworkbench.model.tokenizer.Tokenizer;
import org.alignmentworkbench.model.tokenizer.TokenizerConfig;
import org.jspecify.annotations.Nullable;

/// GGUF files for llama.cpp and what builds on it: a model, and an adapter for it.
///
/// Matrices are F16, norms and biases F32. The rows of a Llama model's queries and keys change
/// places ([RotaryRows]); an adapter's B on these two is permuted alike. The output matrix is left
/// out of a model with tied embeddings.
///
/// Tokens are byte-level BPE (`gpt2`); the pre-tokenizer is named by what the tokenizer does
/// ([GgufNames]). That text is composed first (NFC), as Qwen's tokenizers ask, no key can say:
/// llama.cpp reads text as it stands. A tokenizer without a name is refused, because a reader would
/// cut text differently without a word.
public final class GgufExport {
  private GgufExport() {}

  /// Writes a model.
  ///
  /// @param name what the file says the model is called
  /// @param weights of the dense model; for a compressed one, its dense reconstruction
  public static void writeModel(
      Path file,
      String name,
      LlamaConfig config,
      Map<String, Tensor> weights,
      Tokenizer tokenizer,
      TokenizerConfig roles)
      throws IOException {
    Map<String, Tensor> checked = config.checkWeights(weights);
    GgufWriter out = new GgufWriter();
    String prefix = config.architecture().modelType();
    out.text("general.architecture", prefix)
        .text("general.name", name)
        .number(prefix + ".block_count", config.layers())
        .number(prefix + ".context_length", config.contextLength())
        .number(prefix + ".embedding_length", config.hiddenSize())
        .number(prefix + ".feed_forward_length", config.intermediateSize())
        .number(prefix + ".attention.head_count", config.heads())
        .number(prefix + ".attention.head_count_kv", config.keyValueHeads());
    if (config.headSize() * config.heads() != config.hiddenSize()) {
      // Otherwise a reader takes the hidden size divided by the heads.
      out.number(prefix + ".attention.key_length", config.headSize())
          .number(prefix + ".attention.value_length", config.headSize());
    }
    out.real(prefix + ".rope.freq_base", config.ropeTheta())
        .number(prefix + ".rope.dimension_count", config.headSize())
        .real(prefix + ".attention.layer_norm_rms_epsilon", config.rmsNormEps())
        .number(prefix + ".vocab_size", config.vocabularySize())
        .number("general.file_type", 1);
    RopeScaling scaling = config.ropeScaling();
    if (scaling != null && config.architecture() != Architecture.LLAMA) {
      throw new IllegalArgumentException(
          "in GGUF the rotary angles of Llama alone can be stretched; this model is "
              + prefix
              + " with "
              + scaling);
    }
    if (scaling != null) {
      double[] values = {
        scaling.factor(),
        scaling.lowFrequencyFactor(),
        scaling.highFrequencyFactor(),
        scaling.originalContext()
      };
      for (int i = 0; i < values.length; i++) {
        out.real(GgufNames.ROPE_SCALING.get(i), values[i]);
      }
    }
    vocabulary(out, config, tokenizer, roles);
    tensors(out, config, checked);
    out.write(file);
  }

  /// Writes an adapter for a model that [#writeModel] wrote. Its values are F32, so that nothing is
  /// lost; llama.cpp scales by `alpha / rank`.
  public static void writeAdapter(Path file, String name, LlamaConfig config, LoraAdapter adapter)
      throws IOException {
    GgufWriter out = new GgufWriter();
    out.text("general.architecture", config.architecture().modelType())
        .text("general.type", "adapter")
        .text("general.name", name)
        .number("general.file_type", 0)
        .text("adapter.type", "lora")
        .real("adapter.lora.alpha", adapter.config().alpha());
    for (int layer = 0; layer < config.layers(); layer++) {
      for (LinearModule module : adapter.config().modules()) {
        Tensor a = find(adapter.weights(), LoraConfig.nameA(layer, module));
        Tensor b = find(adapter.weights(), LoraConfig.nameB(layer, module));
        String base = GgufNames.of(layer, module);
        out.tensor(base + ".lora_a", a, GgufWriter.Type.F32);
        out.tensor(base + ".lora_b", ordered(module, b, config), GgufWriter.Type.F32);
      }
    }
    out.write(file);
  }

  private static void vocabulary(
      GgufWriter out, LlamaConfig config, Tokenizer tokenizer, TokenizerConfig roles) {
    TokenizerParts parts = TokenizerParts.of(tokenizer, config.vocabularySize());
    out.text("tokenizer.ggml.model", "gpt2")
        .text("tokenizer.ggml.pre", parts.preTokenizer())
        .texts("tokenizer.ggml.tokens", parts.tokens())
        .integers("tokenizer.ggml.token_type", parts.types())
        .texts("tokenizer.ggml.merges", parts.merges());
    role(out, "bos", roles.bosToken(), tokenizer);
    role(out, "eos", roles.eosToken(), tokenizer);
    role(out, "padding", roles.padToken(), tokenizer);
    role(out, "unknown", roles.unknownToken(), tokenizer);
    out.flag("tokenizer.ggml.add_bos_token", beginsTexts(tokenizer, roles));
    String template = roles.chatTemplate();
    if (template != null) {
      out.text("tokenizer.chat_template", template);
    }
  }

  /// Whether the token of the beginning stands before a text; anything else around a text cannot be
  /// told.
  private static boolean beginsTexts(Tokenizer tokenizer, TokenizerConfig roles) {
    String bos = roles.bosToken();
    List<Integer> told = bos == null ? List.of() : List.of(tokenizer.idOf(bos));
    if (!tokenizer.ending().isEmpty()
        || !(tokenizer.beginning().isEmpty() || tokenizer.beginning().equals(told))) {
      throw new IllegalArgumentException(
          "around a text GGUF puts bos_token or nothing; this tokenizer puts ids "
              + tokenizer.beginning()
              + " before and "
              + tokenizer.ending()
              + " after it");
    }
    return !tokenizer.beginning().isEmpty();
  }

  private static void role(
      GgufWriter out, String role, @Nullable String token, Tokenizer tokenizer) {
    if (token != null) {
      out.number("tokenizer.ggml." + role + "_token_id", tokenizer.idOf(token));
    }
  }

  private static void tensors(GgufWriter out, LlamaConfig config, Map<String, Tensor> weights) {
    Map<String, String> names = GgufNames.all(config);
    RopeScaling scaling = config.ropeScaling();
    if (scaling != null) {
      float[] divisors = scaling.divisors(config.ropeTheta(), config.headSize());
      out.tensor(
          GgufNames.ROPE_DIVISORS, Tensor.of(divisors, divisors.length), GgufWriter.Type.F32);
    }
    out.tensor(GgufNames.EMBEDDING, find(weights, LlamaConfig.EMBEDDING), GgufWriter.Type.F16);
    out.tensor(GgufNames.FINAL_NORM, find(weights, LlamaConfig.FINAL_NORM), GgufWriter.Type.F32);
    if (!config.tiedEmbeddings()) {
      out.tensor(GgufNames.OUTPUT, find(weights, LlamaConfig.OUTPUT), GgufWriter.Type.F16);
    }
    for (int layer = 0; layer < config.layers(); layer++) {
      out.tensor(
          GgufNames.inputNorm(layer),
          find(weights, LlamaConfig.inputNormName(layer)),
          GgufWriter.Type.F32);
      out.tensor(
          GgufNames.postAttentionNorm(layer),
          find(weights, LlamaConfig.postAttentionNormName(layer)),
          GgufWriter.Type.F32);
      for (LinearModule module : LinearModule.values()) {
        Tensor weight = find(weights, module.weightName(layer));
        out.tensor(
            GgufNames.of(layer, module), ordered(module, weight, config), GgufWriter.Type.F16);
      }
      for (String extra : config.extraNames(layer)) {
        out.tensor(names.getOrDefault(extra, extra), find(weights, extra), GgufWriter.Type.F32);
      }
    }
  }

  /// The rows in llama.cpp's order.
  private static Tensor ordered(LinearModule module, Tensor matrix, LlamaConfig config) {
    if (!config.architecture().interleavedInGguf()) {
      return matrix;
    }
    return switch (module) {
      case Q_PROJ, K_PROJ -> RotaryRows.interleaved(matrix, config.headSize());
      case V_PROJ, O_PROJ, GATE_PROJ, UP_PROJ, DOWN_PROJ -> matrix;
    };
  }

  private static Tensor find(Map<String, Tensor> weights, String name) {
    Tensor tensor = weights.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("weight missing: " + name);
    }
    return tensor;
  }
}
