package org.alignmentworkbench.model.folder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.alignmentworkbench.model.file.DurableFile;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.template.ChatTemplate;
import org.alignmentworkbench.model.tensor.Tensor;
import org.alignmentworkbench.model.tokenizer.Tokenizer;
import org.alignmentworkbench.model.tokenizer.TokenizerConfig;

/// Everything about a model but its weights.
///
/// @param config the architecture's numbers
/// @param tokenizer the vocabulary
/// @param tokenizerConfig special tokens and chat template
/// @param generation the ids that begin and end a text
public record ModelDescription(
    LlamaConfig config,
    Tokenizer tokenizer,
    TokenizerConfig tokenizerConfig,
    GenerationConfig generation) {
  /// Checks that the vocabulary fits the embedding.
  public ModelDescription {
    if (tokenizer.vocabularySize() > config.vocabularySize()) {
      throw new IllegalArgumentException(
          "the embedding must have a row for each of the tokenizer's "
              + tokenizer.vocabularySize()
              + " tokens, has "
              + config.vocabularySize());
    }
    for (int id : generation.ids().eos()) {
      if (id < 0 || id >= config.vocabularySize()) {
        throw new IllegalArgumentException(
            "eos_token_id must be below the vocabulary's size "
                + config.vocabularySize()
                + ", was "
                + id);
      }
    }
  }

  /// Reads what a folder says besides its weights.
  public static ModelDescription read(Path folder) throws IOException {
    LlamaConfig config = ModelFolder.readConfig(folder);
    Tokenizer tokenizer = Tokenizer.load(folder);
    TokenizerConfig tokenizerConfig = TokenizerConfig.load(folder);
    GenerationConfig generation = GenerationConfig.load(folder, config.specialIds());
    try {
      return new ModelDescription(config, tokenizer, tokenizerConfig, generation);
    } catch (IllegalArgumentException mismatch) {
      throw new IllegalArgumentException(folder + ": " + mismatch.getMessage(), mismatch);
    }
  }

  /// Writes all files of a folder but the weights.
  ///
  /// @param dtype `float32`, `float16` or `bfloat16`: what the weights are stored as
  void write(Path folder, String dtype) throws IOException {
    tokenizer.save(folder, tokenizerConfig);
    generation.save(folder);
    DurableFile.writeText(folder.resolve(ModelFolder.CONFIG_FILE), config.toJson(dtype));
  }

  /// The whole model, with these weights.
  public ModelFolder withWeights(SequencedMap<String, Tensor> weights) {
    return new ModelFolder(config, weights, tokenizer, tokenizerConfig, generation);
  }

  /// Whether there is a chat template.
  public boolean hasChatTemplate() {
    return tokenizerConfig.chatTemplate() != null;
  }

  /// The chat template.
  ///
  /// @throws IllegalArgumentException if the model has none
  public ChatTemplate chatTemplate() {
    return ChatTemplate.of(tokenizer, tokenizerConfig);
  }

  /// The ids at which a generation stops: those that end a text, and the one by which the chat
  /// template ends an answer (some models list only the former).
  public List<Integer> stopIds() {
    Set<Integer> ids = new LinkedHashSet<>(generation.ids().eos());
    if (hasChatTemplate()) {
      Arrays.stream(chatTemplate().endOfTurnIds()).forEach(ids::add);
    }
    return List.copyOf(ids);
  }
}
