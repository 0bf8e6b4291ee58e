package org.alignmentworkbench.model.export;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.model.gguf.GgufNames;
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
    return new TokenizerParts(
        preTokenizer(tokenizer, json.get("pre_tokenizer")), tokens, types, merges);
  }

  private static String preTokenizer(Tokenizer tokenizer, @Nullable JsonElement element) {
    return tokenizer
        .cut()
        .filter(cut -> tokenizer.wholeWordsFirst() == GgufNames.takesWholeWordsFirst(cut))
        .map(GgufNames::of)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "GGUF has a name for byte-level words with digits cut one by one or not at all,"
                    + " and for those of Llama 3 and Qwen 2; the pre-tokenizer is "
                    + element));
  }
}
