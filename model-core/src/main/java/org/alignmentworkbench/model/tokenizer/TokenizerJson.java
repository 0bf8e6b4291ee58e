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
import org.alignmentworkbench.model.tokenizer.PreTokenizer.Digits;
import org.alignmentworkbench.model.tokenizer.PreTokenizer.Words;
import org.jspecify.annotations.Nullable;

/// What a `tokenizer.json` says, and the writing of one.
record TokenizerJson(
    Map<String, Integer> vocabulary,
    List<Merge> merges,
    Map<String, AddedToken> added,
    PreTokenizer preTokenizer,
    boolean ignoreMerges,
    Around around,
    boolean composes) {

  private static final Gson PRETTY =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();

  /// The ids before and after a text that stands alone.
  record Around(List<Integer> before, List<Integer> after) {
    static final Around NOTHING = new Around(List.of(), List.of());
  }

  /// Two tokens that become the token of their joined names.
  record Merge(String left, String right) {}

  static TokenizerJson parse(JsonElement root) {
    JsonObject file = object(root, "the file");
    boolean composes = composes(file.get("normalizer"));
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
        added(file, composes),
        preTokenizer(file.get("pre_tokenizer")),
        flag(model, "ignore_merges"),
        around(file.get("post_processor")),
        composes);
  }

  /// Nothing, `NFC`, or a `Sequence` of it alone.
  private static boolean composes(@Nullable JsonElement element) {
    if (element == null || element.isJsonNull()) {
      return false;
    }
    JsonObject normalizer = object(element, "normalizer");
    if ("Sequence".equals(string(normalizer, "type"))) {
      List<JsonElement> steps = array(normalizer, "normalizers").asList();
      if (steps.size() == 1) {
        return composes(steps.getFirst());
      }
    } else if ("NFC".equals(string(normalizer, "type"))) {
      return true;
    }
    throw new UnsupportedTokenizerException(
        "normalizer must be NFC (or nothing), was " + normalizer);
  }

  /// The text of a `tokenizer.json`.
  static String write(BpeParts parts) {
    JsonObject file = new JsonObject();
    file.addProperty("version", "1.0");
    file.add("truncation", JsonNull.INSTANCE);
    file.add("padding", JsonNull.INSTANCE);
    JsonObject vocabulary = new JsonObject();
    for (int id = 0; id < parts.tokens().size(); id++) {
      String token = parts.tokens().get(id);
      if (token == null) {
        continue;
      }
      if (vocabulary.has(token)) {
        throw new IllegalArgumentException("token " + token + " is listed twice");
      }
      vocabulary.addProperty(token, id);
    }
    JsonArray added = new JsonArray();
    for (AddedToken token : parts.added()) {
      JsonObject special = new JsonObject();
      special.addProperty("id", token.id());
      special.addProperty("content", token.content());
      for (String off : List.of("single_word", "lstrip", "rstrip", "normalized")) {
        special.addProperty(off, false);
      }
      special.addProperty("special", token.special());
      added.add(special);
    }
    file.add("added_tokens", added);
    file.add("normalizer", JsonNull.INSTANCE);
    file.add("pre_tokenizer", preTokenizer(parts.cut()));
    file.add("post_processor", beginning(parts.beginning()));
    file.add("decoder", byteLevel(true, true));
    JsonObject model = new JsonObject();
    model.addProperty("type", "BPE");
    for (String none :
        List.of("dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix")) {
      model.add(none, JsonNull.INSTANCE);
    }
    for (String off : List.of("fuse_unk", "byte_fallback")) {
      model.addProperty(off, false);
    }
    model.addProperty("ignore_merges", parts.wholeWordsFirst());
    model.add("vocab", vocabulary);
    JsonArray pairs = new JsonArray();
    for (List<String> merge : parts.merges()) {
      JsonArray pair = new JsonArray();
      merge.forEach(pair::add);
      pairs.add(pair);
    }
    model.add("merges", pairs);
    file.add("model", model);
    return PRETTY.toJson(file) + "\n";
  }

  private static JsonObject preTokenizer(TextCut cut) {
    return switch (cut) {
      case GPT2 -> byteLevel(false, true);
      case GPT2_SINGLE_DIGITS -> {
        JsonObject digits = new JsonObject();
        digits.addProperty("type", "Digits");
        digits.addProperty("individual_digits", true);
        yield sequence("pretokenizers", digits, byteLevel(false, true));
      }
      case LLAMA3, QWEN2 -> {
        JsonObject pattern = new JsonObject();
        pattern.addProperty("Regex", cut.regex());
        JsonObject split = new JsonObject();
        split.addProperty("type", "Split");
        split.add("pattern", pattern);
        split.addProperty("behavior", "Isolated");
        split.addProperty("invert", false);
        yield sequence("pretokenizers", split, byteLevel(false, false));
      }
    };
  }

  private static JsonObject sequence(String key, JsonObject... parts) {
    JsonArray steps = new JsonArray();
    for (JsonObject part : parts) {
      steps.add(part);
    }
    JsonObject sequence = new JsonObject();
    sequence.addProperty("type", "Sequence");
    sequence.add(key, steps);
    return sequence;
  }

  /// A post-processor that puts a token before a text; none for none.
  private static JsonElement beginning(@Nullable AddedToken token) {
    if (token == null) {
      return JsonNull.INSTANCE;
    }
    JsonArray single = new JsonArray();
    JsonArray pair = new JsonArray();
    for (String text : List.of("A", "B")) {
      JsonObject special = new JsonObject();
      special.addProperty("id", token.content());
      special.addProperty("type_id", text.equals("A") ? 0 : 1);
      JsonObject sequence = new JsonObject();
      sequence.addProperty("id", text);
      sequence.addProperty("type_id", text.equals("A") ? 0 : 1);
      for (JsonArray array : text.equals("A") ? List.of(single, pair) : List.of(pair)) {
        array.add(wrapped("SpecialToken", special));
        array.add(wrapped("Sequence", sequence));
      }
    }
    JsonArray ids = new JsonArray();
    ids.add(token.id());
    JsonArray tokens = new JsonArray();
    tokens.add(token.content());
    JsonObject described = new JsonObject();
    described.addProperty("id", token.content());
    described.add("ids", ids);
    described.add("tokens", tokens);
    JsonObject processor = new JsonObject();
    processor.addProperty("type", "TemplateProcessing");
    processor.add("single", single);
    processor.add("pair", pair);
    processor.add("special_tokens", wrapped(token.content(), described));
    return processor;
  }

  private static JsonObject wrapped(String key, JsonObject value) {
    JsonObject wrapper = new JsonObject();
    wrapper.add(key, value);
    return wrapper;
  }

  private static JsonObject byteLevel(boolean addPrefixSpace, boolean useRegex) {
    JsonObject byteLevel = new JsonObject();
    byteLevel.addProperty("type", "ByteLevel");
    byteLevel.addProperty("add_prefix_space", addPrefixSpace);
    byteLevel.addProperty("trim_offsets", true);
    byteLevel.addProperty("use_regex", useRegex);
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

  private static Map<String, AddedToken> added(JsonObject file, boolean composes) {
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
      // It would have to be looked for after composing, where a mark behind it may change its last
      // sign.
      if (composes && flag(token, "normalized")) {
        throw new UnsupportedTokenizerException(
            "added token " + content + ": normalized is not supported beside a normalizer");
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
    TextCut split = null;
    Boolean words = null;
    for (JsonObject step : steps(object(element, "pre_tokenizer"))) {
      String type = string(step, "type");
      if (words == null && split == null && "Digits".equals(type) && digits == Digits.KEPT) {
        digits = flag(step, "individual_digits") ? Digits.SINGLE : Digits.RUNS;
      } else if (words == null && split == null && "Split".equals(type) && digits == Digits.KEPT) {
        split = split(step);
      } else if (words == null && "ByteLevel".equals(type)) {
        if (flag(step, "add_prefix_space")) {
          throw new UnsupportedTokenizerException(
              "pre_tokenizer ByteLevel: add_prefix_space is not supported");
        }
        words = !step.has("use_regex") || flag(step, "use_regex");
      } else {
        throw new UnsupportedTokenizerException(
            "pre_tokenizer must be Digits or Split (or nothing) and then ByteLevel, found " + type);
      }
    }
    if (words == null) {
      throw new UnsupportedTokenizerException("pre_tokenizer must end with ByteLevel");
    }
    if (split == null) {
      return new PreTokenizer(digits, words ? Words.GPT2 : Words.NONE);
    }
    if (words) {
      throw new UnsupportedTokenizerException(
          "pre_tokenizer Split and then ByteLevel with use_regex is not supported");
    }
    return PreTokenizer.of(split);
  }

  private static TextCut split(JsonObject step) {
    String regex = string(object(step.get("pattern"), "pre_tokenizer Split: pattern"), "Regex");
    if (!"Isolated".equals(string(step, "behavior")) || flag(step, "invert") || regex == null) {
      throw new UnsupportedTokenizerException(
          "pre_tokenizer Split must isolate a Regex, is " + step);
    }
    return TextCut.ofRegex(regex)
        .orElseThrow(() ->
            new UnsupportedTokenizerException(
                "pre_tokenizer Split: the pattern is not one of Llama 3 or Qwen 2: " + regex));
  }

  private static List<JsonObject> steps(JsonObject preTokenizer) {
    if (!"Sequence".equals(string(preTokenizer, "type"))) {
      return List.of(preTokenizer);
    }
    return array(preTokenizer, "pretokenizers").asList().stream()
        .map(step -> object(step, "pre_tokenizer"))
        .toList();
  }

  /// Nothing, `ByteLevel`, which adds no token, a template of the text with special tokens around
  /// it, and a `Sequence` of these.
  private static Around around(@Nullable JsonElement element) {
    if (element == null || element.isJsonNull()) {
      return Around.NOTHING;
    }
    JsonObject processor = object(element, "post_processor");
    String type = string(processor, "type");
    return switch (type) {
      case "ByteLevel" -> Around.NOTHING;
      case "TemplateProcessing" -> aroundTemplate(processor);
      case "Sequence" -> {
        Around around = Around.NOTHING;
        for (JsonElement step : array(processor, "processors")) {
          Around one = around(step);
          if (!one.equals(Around.NOTHING)) {
            if (!around.equals(Around.NOTHING)) {
              throw new UnsupportedTokenizerException(
                  "post_processor Sequence: two steps that add tokens are not supported");
            }
            around = one;
          }
        }
        yield around;
      }
      case null, default ->
          throw new UnsupportedTokenizerException("post_processor " + type + " is not supported");
    };
  }

  private static Around aroundTemplate(JsonObject processor) {
    List<Integer> before = new ArrayList<>();
    List<Integer> after = new ArrayList<>();
    boolean seen = false;
    for (JsonElement item : array(processor, "single")) {
      JsonObject part = object(item, "post_processor");
      if (part.has("Sequence")) {
        seen = true;
        continue;
      }
      String name =
          string(object(part.get("SpecialToken"), "post_processor: a part of single"), "id");
      JsonObject specials = object(processor.get("special_tokens"), "special_tokens");
      JsonObject token = object(specials.get(name), "special token " + name);
      for (JsonElement id : array(token, "ids")) {
        (seen ? after : before).add(id.getAsInt());
      }
    }
    return new Around(List.copyOf(before), List.copyOf(after));
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
