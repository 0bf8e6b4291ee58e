package org.alignmentworkbench.model.tokenizer;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignmentworkbench.model.tokenizer.PreTokenizer.Digits;
import org.jspecify.annotations.Nullable;

/// What a `tokenizer.json` says, and the writing of one.
record TokenizerJson(
    Map<String, Integer> vocabulary,
    List<Merge> merges,
    Map<String, AddedToken> added,
    PreTokenizer preTokenizer,
    boolean ignoreMerges) {

  private static final Gson PRETTY =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();

  /// Two tokens that become the token of their joined names.
  record Merge(String left, String right) {}

  static TokenizerJson parse(JsonElement root) {
    JsonObject file = object(root, "the file");
    refuseUnlessNull(file, "normalizer");
    checkPostProcessor(file);
    checkDecoder(file);
    JsonObject model = object(file.get("model"), "model");
    String type = string(model, "type");
    if (type != null && !type.equals("BPE")) {
      throw new UnsupportedTokenizerException("model type must be BPE, was " + type);
    }
    refuseUnlessNull(model, "dropout");
    refuseUnlessEmpty(model, "continuing_subword_prefix");
    refuseUnlessEmpty(model, "end_of_word_suffix");
    if (flag(model, "byte_fallback")) {
      throw new UnsupportedTokenizerException("model.byte_fallback is not supported");
    }
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    object(model.get("vocab"), "model.vocab")
        .entrySet()
        .forEach(entry -> vocabulary.put(entry.getKey(), entry.getValue().getAsInt()));
    return new TokenizerJson(
        vocabulary,
        merges(model),
        added(file),
        preTokenizer(file.get("pre_tokenizer")),
        flag(model, "ignore_merges"));
  }

  /// The text of a `tokenizer.json` with digits split singly and GPT-2's pattern.
  static String write(List<String> tokens, List<List<String>> merges, Set<String> specials) {
    JsonObject file = new JsonObject();
    file.addProperty("version", "1.0");
    file.add("truncation", JsonNull.INSTANCE);
    file.add("padding", JsonNull.INSTANCE);
    JsonArray added = new JsonArray();
    JsonObject vocabulary = new JsonObject();
    for (int id = 0; id < tokens.size(); id++) {
      String token = tokens.get(id);
      if (vocabulary.has(token)) {
        throw new IllegalArgumentException("token " + token + " is listed twice");
      }
      vocabulary.addProperty(token, id);
      if (specials.contains(token)) {
        JsonObject special = new JsonObject();
        special.addProperty("id", id);
        special.addProperty("content", token);
        for (String off : List.of("single_word", "lstrip", "rstrip", "normalized")) {
          special.addProperty(off, false);
        }
        special.addProperty("special", true);
        added.add(special);
      }
    }
    if (added.size() != specials.size()) {
      throw new IllegalArgumentException("every special token must be a token: " + specials);
    }
    file.add("added_tokens", added);
    file.add("normalizer", JsonNull.INSTANCE);
    JsonObject digits = new JsonObject();
    digits.addProperty("type", "Digits");
    digits.addProperty("individual_digits", true);
    JsonArray steps = new JsonArray();
    steps.add(digits);
    steps.add(byteLevel(false));
    JsonObject sequence = new JsonObject();
    sequence.addProperty("type", "Sequence");
    sequence.add("pretokenizers", steps);
    file.add("pre_tokenizer", sequence);
    file.add("post_processor", JsonNull.INSTANCE);
    file.add("decoder", byteLevel(true));
    JsonObject model = new JsonObject();
    model.addProperty("type", "BPE");
    for (String none :
        List.of("dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix")) {
      model.add(none, JsonNull.INSTANCE);
    }
    for (String off : List.of("fuse_unk", "byte_fallback", "ignore_merges")) {
      model.addProperty(off, false);
    }
    model.add("vocab", vocabulary);
    JsonArray pairs = new JsonArray();
    for (List<String> merge : merges) {
      JsonArray pair = new JsonArray();
      merge.forEach(pair::add);
      pairs.add(pair);
    }
    model.add("merges", pairs);
    file.add("model", model);
    return PRETTY.toJson(file) + "\n";
  }

  private static JsonObject byteLevel(boolean addPrefixSpace) {
    JsonObject byteLevel = new JsonObject();
    byteLevel.addProperty("type", "ByteLevel");
    byteLevel.addProperty("add_prefix_space", addPrefixSpace);
    byteLevel.addProperty("trim_offsets", true);
    byteLevel.addProperty("use_regex", true);
    return byteLevel;
  }

  private static List<Merge> merges(JsonObject model) {
    List<Merge> merges = new ArrayList<>();
    for (JsonElement element : array(model, "merges")) {
      // Two spellings: ["a", "b"], and the older "a b".
      String[] pair =
          element.isJsonArray()
              ? element.getAsJsonArray().asList().stream()
                  .map(JsonElement::getAsString)
                  .toArray(String[]::new)
              : element.getAsString().split(" ", -1);
      if (pair.length != 2) {
        throw new IllegalArgumentException(
            "merge " + merges.size() + " must join two tokens: " + element);
      }
      merges.add(new Merge(pair[0], pair[1]));
    }
    return merges;
  }

  private static Map<String, AddedToken> added(JsonObject file) {
    Map<String, AddedToken> added = new LinkedHashMap<>();
    for (JsonElement element : array(file, "added_tokens")) {
      JsonObject token = object(element, "added token");
      String content = string(token, "content");
      JsonElement id = token.get("id");
      if (content == null || id == null) {
        throw new IllegalArgumentException("an added token must have id and content: " + token);
      }
      for (String flag : List.of("single_word", "lstrip", "rstrip")) {
        if (flag(token, flag)) {
          throw new UnsupportedTokenizerException(
              "added token " + content + ": " + flag + " is not supported");
        }
      }
      AddedToken read = new AddedToken(id.getAsInt(), content, flag(token, "special"));
      if (added.put(content, read) != null) {
        throw new IllegalArgumentException("added token " + content + " is listed twice");
      }
    }
    return added;
  }

  private static PreTokenizer preTokenizer(@Nullable JsonElement element) {
    Digits digits = Digits.KEPT;
    Boolean words = null;
    for (JsonObject step : steps(object(element, "pre_tokenizer"))) {
      String type = string(step, "type");
      if (words == null && "Digits".equals(type) && digits == Digits.KEPT) {
        digits = flag(step, "individual_digits") ? Digits.SINGLE : Digits.RUNS;
      } else if (words == null && "ByteLevel".equals(type)) {
        if (flag(step, "add_prefix_space")) {
          throw new UnsupportedTokenizerException(
              "pre_tokenizer ByteLevel: add_prefix_space is not supported");
        }
        words = !step.has("use_regex") || flag(step, "use_regex");
      } else {
        throw new UnsupportedTokenizerException(
            "pre_tokenizer must be Digits (or nothing) and then ByteLevel, found " + type);
      }
    }
    if (words == null) {
      throw new UnsupportedTokenizerException("pre_tokenizer must end with ByteLevel");
    }
    return new PreTokenizer(digits, words);
  }

  private static List<JsonObject> steps(JsonObject preTokenizer) {
    if (!"Sequence".equals(string(preTokenizer, "type"))) {
      return List.of(preTokenizer);
    }
    return array(preTokenizer, "pretokenizers").asList().stream()
        .map(step -> object(step, "pre_tokenizer"))
        .toList();
  }

  /// Accepts what adds no tokens: nothing, `ByteLevel`, and a template of the sequence alone.
  private static void checkPostProcessor(JsonObject file) {
    JsonElement element = file.get("post_processor");
    if (element == null || element.isJsonNull()) {
      return;
    }
    JsonObject processor = object(element, "post_processor");
    String type = string(processor, "type");
    if ("ByteLevel".equals(type)) {
      return;
    }
    if (!"TemplateProcessing".equals(type)) {
      throw new UnsupportedTokenizerException("post_processor " + type + " is not supported");
    }
    for (JsonElement item : array(processor, "single")) {
      if (!object(item, "post_processor").has("Sequence")) {
        throw new UnsupportedTokenizerException(
            "post_processor TemplateProcessing: tokens around the text are not supported: " + item);
      }
    }
  }

  private static void checkDecoder(JsonObject file) {
    JsonElement element = file.get("decoder");
    String type =
        element == null || element.isJsonNull() ? null : string(object(element, ""), "type");
    if (!"ByteLevel".equals(type)) {
      throw new UnsupportedTokenizerException("decoder must be ByteLevel, was " + type);
    }
  }

  private static void refuseUnlessNull(JsonObject object, String key) {
    JsonElement value = object.get(key);
    if (value != null && !value.isJsonNull()) {
      throw new UnsupportedTokenizerException(key + " is not supported: " + value);
    }
  }

  private static void refuseUnlessEmpty(JsonObject object, String key) {
    String value = string(object, key);
    if (value != null && !value.isEmpty()) {
      throw new UnsupportedTokenizerException("model." + key + " is not supported: " + value);
    }
  }

  private static JsonObject object(@Nullable JsonElement element, String what) {
    if (element == null || !element.isJsonObject()) {
      throw new IllegalArgumentException(what + " must be a JSON object, was " + element);
    }
    return element.getAsJsonObject();
  }

  private static JsonArray array(JsonObject object, String key) {
    JsonElement element = object.get(key);
    if (element == null || !element.isJsonArray()) {
      throw new IllegalArgumentException(key + " must be a JSON array, was " + element);
    }
    return element.getAsJsonArray();
  }

  private static @Nullable String string(JsonObject object, String key) {
    JsonElement element = object.get(key);
    return element == null || element.isJsonNull() ? null : element.getAsString();
  }

  private static boolean flag(JsonObject object, String key) {
    JsonElement element = object.get(key);
    return element != null && !element.isJsonNull() && element.getAsBoolean();
  }
}
