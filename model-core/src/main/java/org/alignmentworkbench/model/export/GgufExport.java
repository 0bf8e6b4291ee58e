package org.alignmentworkbench.model.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.alignmentworkbench.model.llama.LinearModule;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.llama.LoraAdapter;
import org.alignmentworkbench.model.llama.LoraConfig;
import org.alignmentworkbench.model.tensor.Tensor;
import org.alignmentworkbench.model.tokenizer.Tokenizer;
import org.alignmentworkbench.model.tokenizer.TokenizerConfig;
import org.jspecify.annotations.Nullable;

/// GGUF files for llama.cpp and what builds on it: a model, and an adapter for it.
///
/// Matrices are F16, norms F32. llama.cpp turns neighbouring pairs `(2 i, 2 i + 1)` of a head where
/// transformers turns `(i, i + d/2)`, so the rows of queries and keys change places:
///
/// ```
/// row h * d + 2 i + j of the file  =  row h * d + j * d / 2 + i of the model,   j in {0, 1}
/// ```
///
/// with `h` over the query heads for Q and over the key-value heads for K. An adapter's B on these
/// two is permuted alike. The output matrix is left out of a model with tied embeddings.
///
/// Tokens are byte-level BPE (`gpt2`); the pre-tokenizer is named by what the tokenizer does:
/// `smollm` cuts digits one by one, `gpt-2` does not. Any other is refused, because a reader would
/// cut text differently without a word. No token is put before a text.
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
    out.text("general.architecture", "llama")
        .text("general.name", name)
        .number("llama.block_count", config.layers())
        .number("llama.context_length", config.contextLength())
        .number("llama.embedding_length", config.hiddenSize())
        .number("llama.feed_forward_length", config.intermediateSize())
        .number("llama.attention.head_count", config.heads())
        .number("llama.attention.head_count_kv", config.keyValueHeads());
    if (config.headSize() * config.heads() != config.hiddenSize()) {
      // Otherwise a reader takes the hidden size divided by the heads.
      out.number("llama.attention.key_length", config.headSize())
          .number("llama.attention.value_length", config.headSize());
    }
    out.real("llama.rope.freq_base", config.ropeTheta())
        .number("llama.rope.dimension_count", config.headSize())
        .real("llama.attention.layer_norm_rms_epsilon", config.rmsNormEps())
        .number("llama.vocab_size", config.vocabularySize())
        .number("general.file_type", 1);
    vocabulary(out, config, tokenizer, roles);
    tensors(out, config, checked);
    out.write(file);
  }

  /// Writes an adapter for a model that [#writeModel] wrote. Its values are F32, so that nothing is
  /// lost; llama.cpp scales by `alpha / rank`.
  public static void writeAdapter(Path file, String name, LlamaConfig config, LoraAdapter adapter)
      throws IOException {
    GgufWriter out = new GgufWriter();
    out.text("general.architecture", "llama")
        .text("general.type", "adapter")
        .text("general.name", name)
        .number("general.file_type", 0)
        .text("adapter.type", "lora")
        .real("adapter.lora.alpha", adapter.config().alpha());
    for (int layer = 0; layer < config.layers(); layer++) {
      for (LinearModule module : adapter.config().modules()) {
        Tensor a = find(adapter.weights(), LoraConfig.nameA(layer, module));
        Tensor b = find(adapter.weights(), LoraConfig.nameB(layer, module));
        String base = fileName(layer, module);
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
    out.flag("tokenizer.ggml.add_bos_token", false);
    String template = roles.chatTemplate();
    if (template != null) {
      out.text("tokenizer.chat_template", template);
    }
  }

  private static void role(
      GgufWriter out, String role, @Nullable String token, Tokenizer tokenizer) {
    if (token != null) {
      out.number("tokenizer.ggml." + role + "_token_id", tokenizer.idOf(token));
    }
  }

  private static void tensors(GgufWriter out, LlamaConfig config, Map<String, Tensor> weights) {
    out.tensor("token_embd.weight", find(weights, LlamaConfig.EMBEDDING), GgufWriter.Type.F16);
    out.tensor("output_norm.weight", find(weights, LlamaConfig.FINAL_NORM), GgufWriter.Type.F32);
    if (!config.tiedEmbeddings()) {
      out.tensor("output.weight", find(weights, LlamaConfig.OUTPUT), GgufWriter.Type.F16);
    }
    for (int layer = 0; layer < config.layers(); layer++) {
      out.tensor(
          "blk." + layer + ".attn_norm.weight",
          find(weights, LlamaConfig.inputNormName(layer)),
          GgufWriter.Type.F32);
      out.tensor(
          "blk." + layer + ".ffn_norm.weight",
          find(weights, LlamaConfig.postAttentionNormName(layer)),
          GgufWriter.Type.F32);
      for (LinearModule module : LinearModule.values()) {
        Tensor weight = find(weights, module.weightName(layer));
        out.tensor(fileName(layer, module), ordered(module, weight, config), GgufWriter.Type.F16);
      }
    }
  }

  private static String fileName(int layer, LinearModule module) {
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

  /// The rows in llama.cpp's order.
  private static Tensor ordered(LinearModule module, Tensor matrix, LlamaConfig config) {
    return switch (module) {
      case Q_PROJ, K_PROJ -> interleaved(matrix, config.headSize());
      case V_PROJ, O_PROJ, GATE_PROJ, UP_PROJ, DOWN_PROJ -> matrix;
    };
  }

  static Tensor interleaved(Tensor matrix, int headSize) {
    int columns = matrix.extent(1);
    float[] from = matrix.data();
    float[] to = new float[from.length];
    for (int row = 0; row < matrix.extent(0); row++) {
      int inHead = row % headSize;
      int source = row - inHead + inHead % 2 * (headSize / 2) + inHead / 2;
      System.arraycopy(from, source * columns, to, row * columns, columns);
    }
    return Tensor.of(to, matrix.extent(0), columns);
  }

  private static Tensor find(Map<String, Tensor> weights, String name) {
    Tensor tensor = weights.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("weight missing: " + name);
    }
    return tensor;
  }
}
