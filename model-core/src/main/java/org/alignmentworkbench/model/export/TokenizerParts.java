package org.alignmentworkbench.model.export;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.model.tokenizer.AddedToken;
import org.alignmentworkbench.model.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/// A tokenizer as GGUF lists it.
///
/// @param preTokenizer llama.cpp's name for how text is cut
/// @param tokens by id, in the byte alphabet
/// @param types by id: 1 normal, 3 control, 4 added but not control, 5 unused
/// @param merges "left right", first merges first
record TokenizerParts(String preTokenizer, List<String> tokens, int[] types, List<String> merges) {
  private static final int NORMAL = 1;
  private static final int CONTROL = 3;
  private static final int ADDED = 4;
  private static final int UNUSED = 5;

  /// The parts, filled up with unused tokens to the model's vocabulary.
  static TokenizerParts of(Tokenizer tokenizer, int vocabularySize) {
    if (tokenizer.vocabularySize() > vocabularySize) {
      throw new IllegalArgumentException(
          "the tokenizer has "
              + tokenizer.vocabularySize()
              + " tokens, the model only "
              + vocabularySize);
    }
    JsonObject json = JsonParser.parseString(tokenizer.json()).getAsJsonObject();
    JsonObject model = json.getAsJsonObject("model");
    @Nullable String[] byId = new String[vocabularySize];
    int[] types = new int[vocabularySize];
    for (Map.Entry<String, JsonElement> entry : model.getAsJsonObject("vocab").entrySet()) {
      int id = entry.getValue().getAsInt();
      byId[id] = entry.getKey();
      types[id] = NORMAL;
    }
    for (AddedToken token : tokenizer.addedTokens()) {
      byId[token.id()] = token.content();
      types[token.id()] = token.special() ? CONTROL : ADDED;
    }
    List<String> tokens = new ArrayList<>();
    for (int id = 0; id < vocabularySize; id++) {
      String token = byId[id];
      if (token == null) {
        types[id] = UNUSED;
      }
      tokens.add(token == null ? "[PAD" + id + "]" : token);
    }
    List<String> merges = new ArrayList<>();
    for (JsonElement merge : model.getAsJsonArray("merges")) {
      if (merge.isJsonArray()) {
        JsonArray pair = merge.getAsJsonArray();
        merges.add(pair.get(0).getAsString() + " " + pair.get(1).getAsString());
      } else {
        merges.add(merge.getAsString());
      }
    }
    return new TokenizerParts(preTokenizer(json.get("pre_tokenizer")), tokens, types, merges);
  }

  private static String preTokenizer(@Nullable JsonElement element) {
    if (element == null || !element.isJsonObject()) {
      throw refused("none");
    }
    JsonObject object = element.getAsJsonObject();
    if (isWords(object)) {
      return "gpt-2";
    }
    if (type(object).equals("Sequence")) {
      JsonArray parts = object.getAsJsonArray("pretokenizers");
      if (parts.size() == 2) {
        JsonObject first = parts.get(0).getAsJsonObject();
        if (type(first).equals("Digits")
            && first.get("individual_digits").getAsBoolean()
            && isWords(parts.get(1).getAsJsonObject())) {
          return "smollm";
        }
      }
    }
    throw refused(element.toString());
  }

  private static boolean isWords(JsonObject object) {
    return type(object).equals("ByteLevel")
        && !object.get("add_prefix_space").getAsBoolean()
        && (!object.has("use_regex") || object.get("use_regex").getAsBoolean());
  }

  private static String type(JsonObject object) {
    return object.get("type").getAsString();
  }

  private static IllegalArgumentException refused(String what) {
    return new IllegalArgumentException(
        "GGUF has a name for byte-level words with digits cut one by one or not at all; the"
            + " pre-tokenizer is "
            + what);
  }
}
