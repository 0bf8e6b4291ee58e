package org.alignmentworkbench.model.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.safetensors.Dtype;
import org.alignmentworkbench.model.safetensors.SafetensorsWriter;
import org.alignmentworkbench.model.template.ChatTemplate;
import org.alignmentworkbench.model.tensor.Tensor;
import org.alignmentworkbench.model.tokenizer.Tokenizer;
import org.alignmentworkbench.model.tokenizer.TokenizerConfig;

/// A model with all that belongs to it.
///
/// | file | what |
/// |---|---|
/// | `config.json` | the architecture's numbers |
/// | `model.safetensors`, or shards with `model.safetensors.index.json` | the weights |
/// | `tokenizer.json`, `tokenizer_config.json` | vocabulary, special tokens, chat template |
/// | `generation_config.json` | the ids that end a text; optional |
///
/// Reading refuses a weight that is missing, unknown or of another shape than the configuration
/// says, and a vocabulary larger than the embedding, each by name. Writing is byte-deterministic.
///
/// @param config the architecture's numbers
/// @param weights the weights by transformers' names, in canonical order
/// @param tokenizer the vocabulary
/// @param tokenizerConfig special tokens and chat template
/// @param generation the ids that begin and end a text
public record ModelFolder(
    LlamaConfig config,
    SequencedMap<String, Tensor> weights,
    Tokenizer tokenizer,
    TokenizerConfig tokenizerConfig,
    GenerationConfig generation) {
  static final String CONFIG_FILE = "config.json";

  /// Checks that everything fits together.
  public ModelFolder {
    weights = config.checkWeights(weights);
    new ModelDescription(config, tokenizer, tokenizerConfig, generation);
  }

  /// Reads a folder.
  public static ModelFolder read(Path folder) throws IOException {
    try (StoredModel model = StoredModel.open(folder)) {
      return model.read();
    }
  }

  /// Reads the configuration alone.
  public static LlamaConfig readConfig(Path folder) throws IOException {
    Path file = folder.resolve(CONFIG_FILE);
    try {
      return LlamaConfig.fromJson(Files.readString(file));
    } catch (IllegalArgumentException invalid) {
      throw new IllegalArgumentException(folder + ": " + invalid.getMessage(), invalid);
    }
  }

  /// Writes a folder that transformers opens as it is.
  ///
  /// @param dtype F32, F16 or BF16
  public void write(Path folder, Dtype dtype) throws IOException {
    String name =
        switch (dtype) {
          case F32 -> "float32";
          case F16 -> "float16";
          case BF16 -> "bfloat16";
          default ->
              throw new IllegalArgumentException("dtype must be F32, F16 or BF16, was " + dtype);
        };
    SafetensorsWriter.write(
        folder.resolve(WeightFiles.SINGLE), weights, dtype, Map.of("format", "pt"));
    description().write(folder, name);
  }

  /// All but the weights.
  public ModelDescription description() {
    return new ModelDescription(config, tokenizer, tokenizerConfig, generation);
  }

  /// The same model with other weights of the same shapes.
  public ModelFolder withWeights(SequencedMap<String, Tensor> other) {
    return new ModelFolder(config, other, tokenizer, tokenizerConfig, generation);
  }

  /// The chat template.
  ///
  /// @throws IllegalArgumentException if the model has none
  public ChatTemplate chatTemplate() {
    return description().chatTemplate();
  }

  /// The ids at which a generation stops: those that end a text, and the one by which the chat
  /// template ends an answer (some models list only the former).
  public List<Integer> stopIds() {
    return description().stopIds();
  }
}
