package org.alignmentworkbench.model.tokenizer;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.alignmentworkbench.model.file.DurableFile;
import org.jspecify.annotations.Nullable;

/// `tokenizer_config.json`: the roles of special tokens and the chat template.
///
/// @param bosToken the token at the beginning of a text, if there is one
/// @param eosToken the token at the end of a text or turn, if there is one
/// @param padToken the token that fills up a batch, if there is one
/// @param unknownToken the token of what the vocabulary lacks, if there is one
/// @param contextLength the longest text the model was made for, in tokens
/// @param chatTemplate the template in Jinja, if there is one
public record TokenizerConfig(
    @Nullable String bosToken,
    @Nullable String eosToken,
    @Nullable String padToken,
    @Nullable String unknownToken,
    int contextLength,
    @Nullable String chatTemplate) {

  /// The file's name in a model folder.
  public static final String FILE = "tokenizer_config.json";

  private static final String TEMPLATE_FILE = "chat_template.jinja";
  private static final Gson PRETTY =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  public TokenizerConfig {
    if (contextLength <= 0) {
      throw new IllegalArgumentException("contextLength must be > 0, was " + contextLength);
    }
  }

  /// Reads the file of a model folder. A `chat_template.jinja` beside it goes before the template
  /// inside, as in transformers.
  public static TokenizerConfig load(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    TokenizerConfig config;
    try {
      config = parse(Files.readString(file));
    } catch (IllegalArgumentException invalid) {
      throw new IllegalArgumentException(file + ": " + invalid.getMessage(), invalid);
    }
    Path template = folder.resolve(TEMPLATE_FILE);
    return Files.exists(template) ? config.withTemplate(Files.readString(template)) : config;
  }

  /// Reads the text of the file.
  public static TokenizerConfig parse(String json) {
    JsonObject object;
    try {
      object = JsonParser.parseString(json).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException malformed) {
      throw new IllegalArgumentException(
          "must be a JSON object: " + malformed.getMessage(), malformed);
    }
    JsonElement template = object.get("chat_template");
    if (template != null && template.isJsonArray()) {
      throw new IllegalArgumentException("chat_template must be one template, is a list of them");
    }
    // transformers writes a huge number (1e30) for "no limit".
    double limit =
        object.has("model_max_length") && !object.get("model_max_length").isJsonNull()
            ? object.get("model_max_length").getAsDouble()
            : Integer.MAX_VALUE;
    return new TokenizerConfig(
        token(object, "bos_token"),
        token(object, "eos_token"),
        token(object, "pad_token"),
        token(object, "unk_token"),
        (int) Math.min(limit, Integer.MAX_VALUE),
        template == null || template.isJsonNull() ? null : template.getAsString());
  }

  /// The same with another template.
  public TokenizerConfig withTemplate(String template) {
    return new TokenizerConfig(bosToken, eosToken, padToken, unknownToken, contextLength, template);
  }

  /// The text of the file, readable by transformers.
  public String toJson() {
    JsonObject object = new JsonObject();
    object.addProperty("add_prefix_space", false);
    object.addProperty("clean_up_tokenization_spaces", false);
    put(object, "bos_token", bosToken);
    put(object, "eos_token", eosToken);
    put(object, "pad_token", padToken);
    put(object, "unk_token", unknownToken);
    object.addProperty("model_max_length", contextLength);
    object.addProperty("tokenizer_class", "PreTrainedTokenizerFast");
    put(object, "chat_template", chatTemplate);
    return PRETTY.toJson(object) + "\n";
  }

  /// Writes the file into a model folder.
  public void save(Path folder) throws IOException {
    DurableFile.writeText(folder.resolve(FILE), toJson());
    Files.deleteIfExists(folder.resolve(TEMPLATE_FILE));
  }

  private static void put(JsonObject object, String key, @Nullable String value) {
    if (value != null) {
      object.addProperty(key, value);
    }
  }

  /// A token is written as its text, or as an object that holds the text.
  private static @Nullable String token(JsonObject object, String key) {
    JsonElement element = object.get(key);
    if (element == null || element.isJsonNull()) {
      return null;
    }
    JsonElement text = element.isJsonObject() ? element.getAsJsonObject().get("content") : element;
    if (text == null || !text.isJsonPrimitive()) {
      throw new IllegalArgumentException(key + " must be a string, was " + element);
    }
    return text.getAsString();
  }
}
