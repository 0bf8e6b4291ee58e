package org.alignmentworkbench.model.llama;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import org.alignmentworkbench.model.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// The shape of a Llama decoder or one of its relatives, as `config.json` of a Hugging Face model
/// folder says it.
///
/// Everything here decides the computation. A configuration that asks for anything else (another
/// architecture, another activation, other biases, quantised weights, or a field this reader does
/// not know) is refused with the field's name, because a model computed wrongly looks healthy.
///
/// @param vocabularySize number of tokens, rows of the embedding
/// @param hiddenSize width of the residual stream
/// @param intermediateSize width of the feed-forward part
/// @param layers number of decoder layers
/// @param heads number of query heads
/// @param keyValueHeads number of key and value heads; divides `heads`
/// @param headSize width of one head, even because rotary embedding turns pairs
/// @param contextLength largest number of positions
/// @param ropeTheta base of the rotary angles
/// @param rmsNormEps added to the mean square in every norm
/// @param tiedEmbeddings whether the output matrix is the embedding itself
/// @param specialIds token ids with a meaning to the model
/// @param ropeScaling how the rotary angles are stretched, or null
/// @param architecture what stands between the products of queries, keys, values and their turning
public record LlamaConfig(
    int vocabularySize,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int keyValueHeads,
    int headSize,
    int contextLength,
    double ropeTheta,
    double rmsNormEps,
    boolean tiedEmbeddings,
    SpecialIds specialIds,
    @Nullable RopeScaling ropeScaling,
    Architecture architecture) {

  /// The embedding's name.
  public static final String EMBEDDING = "model.embed_tokens.weight";

  /// The name of the last norm's weights.
  public static final String FINAL_NORM = "model.norm.weight";

  /// The output matrix's name; absent from a model with tied embeddings.
  public static final String OUTPUT = "lm_head.weight";

  private static final String MISTRAL = "MistralForCausalLM";
  private static final String LLAMA3 = "llama3";

  /// What a description of the rotary angles may hold.
  private static final Set<String> ROPE_KEYS =
      Set.of(
          "rope_theta",
          "rope_type",
          "type",
          "factor",
          "low_freq_factor",
          "high_freq_factor",
          "original_max_position_embeddings");

  /// Fields that say nothing about the computation.
  private static final Set<String> NEUTRAL =
      Set.of(
          "_name_or_path",
          "dtype",
          "torch_dtype",
          "transformers_version",
          "transformers.js_config",
          "use_cache",
          "initializer_range",
          "is_llama_config",
          "return_dict",
          "output_attentions",
          "output_hidden_states",
          "task_specific_params",
          "name_or_path");

  private static final Set<String> READ =
      Set.of(
          "architectures",
          "model_type",
          "vocab_size",
          "hidden_size",
          "intermediate_size",
          "num_hidden_layers",
          "num_attention_heads",
          "num_key_value_heads",
          "head_dim",
          "max_position_embeddings",
          "rope_theta",
          "rope_parameters",
          "rope_scaling",
          "sliding_window",
          "use_sliding_window",
          "max_window_layers",
          "layer_types",
          "rms_norm_eps",
          "tie_word_embeddings",
          "bos_token_id",
          "eos_token_id",
          "pad_token_id");

  private static final Gson PRETTY = new GsonBuilder().setPrettyPrinting().create();

  /// Token ids with a meaning to the model.
  ///
  /// @param bos first token of a text, or null
  /// @param eos tokens that end a text; may be empty
  /// @param pad the token that fills rows up, or null
  public record SpecialIds(@Nullable Integer bos, List<Integer> eos, @Nullable Integer pad) {
    /// None at all.
    public static final SpecialIds NONE = new SpecialIds(null, List.of(), null);

    /// Copies the list.
    public SpecialIds {
      eos = List.copyOf(eos);
    }
  }

  /// Checks that the numbers fit together.
  public LlamaConfig {
    positive("vocabularySize", vocabularySize);
    positive("hiddenSize", hiddenSize);
    positive("intermediateSize", intermediateSize);
    positive("layers", layers);
    positive("heads", heads);
    positive("keyValueHeads", keyValueHeads);
    positive("headSize", headSize);
    positive("contextLength", contextLength);
    if (heads % keyValueHeads != 0) {
      throw new IllegalArgumentException(
          "keyValueHeads must divide heads, was " + keyValueHeads + " for " + heads + " heads");
    }
    if (headSize % 2 != 0) {
      throw new IllegalArgumentException("headSize must be even, was " + headSize);
    }
    if (!(ropeTheta > 0 && Double.isFinite(ropeTheta))) {
      throw new IllegalArgumentException("ropeTheta must be finite and > 0, was " + ropeTheta);
    }
    if (!(rmsNormEps > 0 && Double.isFinite(rmsNormEps))) {
      throw new IllegalArgumentException("rmsNormEps must be finite and > 0, was " + rmsNormEps);
    }
    List<Integer> special = new ArrayList<>(specialIds.eos());
    if (specialIds.bos() != null) {
      special.add(specialIds.bos());
    }
    if (specialIds.pad() != null) {
      special.add(specialIds.pad());
    }
    for (int id : special) {
      if (id < 0 || id >= vocabularySize) {
        throw new IllegalArgumentException(
            "special ids must lie in [0, " + vocabularySize + "), was " + id);
      }
    }
  }

  /// A Llama decoder whose rotary angles are not stretched.
  public LlamaConfig(
      int vocabularySize,
      int hiddenSize,
      int intermediateSize,
      int layers,
      int heads,
      int keyValueHeads,
      int headSize,
      int contextLength,
      double ropeTheta,
      double rmsNormEps,
      boolean tiedEmbeddings,
      SpecialIds specialIds) {
    this(
        vocabularySize,
        hiddenSize,
        intermediateSize,
        layers,
        heads,
        keyValueHeads,
        headSize,
        contextLength,
        ropeTheta,
        rmsNormEps,
        tiedEmbeddings,
        specialIds,
        null,
        Architecture.LLAMA);
  }

  /// The same shape of another architecture.
  public LlamaConfig withArchitecture(Architecture other) {
    return changed(tiedEmbeddings, ropeScaling, other);
  }

  /// The same with or without an output matrix of its own.
  public LlamaConfig withTiedEmbeddings(boolean tied) {
    return changed(tied, ropeScaling, architecture);
  }

  /// The same with stretched rotary angles, or null for none.
  public LlamaConfig withRopeScaling(@Nullable RopeScaling scaling) {
    return changed(tiedEmbeddings, scaling, architecture);
  }

  private LlamaConfig changed(boolean tied, @Nullable RopeScaling scaling, Architecture other) {
    return new LlamaConfig(
        vocabularySize,
        hiddenSize,
        intermediateSize,
        layers,
        heads,
        keyValueHeads,
        headSize,
        contextLength,
        ropeTheta,
        rmsNormEps,
        tied,
        specialIds,
        scaling,
        other);
  }

  /// The frequency, in radians a position, of what is `theta^(-2i / s)` without stretching.
  public double frequency(double plain) {
    return ropeScaling == null ? plain : ropeScaling.scaled(plain);
  }

  private static void positive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be > 0, was " + value);
    }
  }

  /// Reads `config.json` in either spelling of transformers (`rope_theta` and `torch_dtype`, or
  /// `rope_parameters` and `dtype`).
  ///
  /// @throws IllegalArgumentException naming the field and its value when the text asks for a
  ///   computation that this model does not do
  public static LlamaConfig fromJson(String json) {
    JsonElement root;
    try {
      root = JsonParser.parseString(json);
    } catch (JsonParseException e) {
      throw new IllegalArgumentException("config.json is not JSON: " + e.getMessage(), e);
    }
    if (!root.isJsonObject()) {
      throw new IllegalArgumentException("config.json must hold an object, was " + root);
    }
    return fromJson(root.getAsJsonObject(), null);
  }

  /// The same for an object already parsed, of another head on the same body.
  ///
  /// @param className what `architectures` must hold; null for a language model's
  public static LlamaConfig fromJson(JsonObject json, @Nullable String className) {
    Fields fields = new Fields(json);
    Architecture architecture = fields.architecture(className);
    fields.noSlidingWindow(architecture);
    for (Map.Entry<String, JsonElement> entry : json.entrySet()) {
      fields.refuseWhatChangesTheMaths(entry.getKey(), entry.getValue());
    }
    int heads = fields.integer("num_attention_heads");
    int hidden = fields.integer("hidden_size");
    if (architecture != Architecture.LLAMA) {
      // These have defaults of their own there, which no model that people have relies on.
      fields.need("num_key_value_heads");
      fields.need("max_position_embeddings");
    }
    if (architecture == Architecture.QWEN3) {
      fields.need("head_dim");
    }
    if (!fields.has("head_dim") && (heads <= 0 || hidden % heads != 0)) {
      throw new IllegalArgumentException(
          "config.json: without head_dim, num_attention_heads must divide hidden_size, was "
              + heads
              + " and "
              + hidden);
    }
    return new LlamaConfig(
        fields.integer("vocab_size"),
        hidden,
        fields.integer("intermediate_size"),
        fields.integer("num_hidden_layers"),
        heads,
        fields.has("num_key_value_heads") ? fields.integer("num_key_value_heads") : heads,
        fields.has("head_dim") ? fields.integer("head_dim") : hidden / heads,
        fields.has("max_position_embeddings") ? fields.integer("max_position_embeddings") : 2048,
        fields.ropeTheta(),
        fields.has("rms_norm_eps") ? fields.number("rms_norm_eps") : 1e-6,
        fields.has("tie_word_embeddings") && fields.bool("tie_word_embeddings"),
        new SpecialIds(
            fields.optionalId("bos_token_id"),
            fields.ids("eos_token_id"),
            fields.optionalId("pad_token_id")),
        fields.ropeScaling(),
        architecture);
  }

  /// The text of `config.json` for weights kept as float32.
  public String toJson() {
    return toJson("float32");
  }

  /// The text of `config.json`; both spellings of the rotary base and of the number type are
  /// written, so that old and new readers take the same values.
  ///
  /// @param dtype `float32`, `float16` or `bfloat16`
  public String toJson(String dtype) {
    return PRETTY.toJson(toJsonObject(dtype, architecture.className())) + "\n";
  }

  /// The object behind [#toJson(String)], for another head on the same body.
  public JsonObject toJsonObject(String dtype, String className) {
    JsonObject json = new JsonObject();
    JsonArray architectures = new JsonArray();
    architectures.add(className);
    json.add("architectures", architectures);
    if (architecture != Architecture.QWEN2) {
      json.addProperty("attention_bias", false);
    }
    json.addProperty("attention_dropout", 0.0);
    if (specialIds.bos() != null) {
      json.addProperty("bos_token_id", specialIds.bos());
    }
    json.addProperty("dtype", dtype);
    if (specialIds.eos().size() == 1) {
      json.addProperty("eos_token_id", specialIds.eos().getFirst());
    } else if (!specialIds.eos().isEmpty()) {
      JsonArray eos = new JsonArray();
      specialIds.eos().forEach(eos::add);
      json.add("eos_token_id", eos);
    }
    json.addProperty("head_dim", headSize);
    json.addProperty("hidden_act", "silu");
    json.addProperty("hidden_size", hiddenSize);
    json.addProperty("intermediate_size", intermediateSize);
    json.addProperty("max_position_embeddings", contextLength);
    if (architecture == Architecture.LLAMA) {
      json.addProperty("mlp_bias", false);
    }
    json.addProperty("model_type", architecture.modelType());
    json.addProperty("num_attention_heads", heads);
    json.addProperty("num_hidden_layers", layers);
    json.addProperty("num_key_value_heads", keyValueHeads);
    if (specialIds.pad() != null) {
      json.addProperty("pad_token_id", specialIds.pad());
    }
    if (architecture == Architecture.LLAMA) {
      json.addProperty("pretraining_tp", 1);
    }
    json.addProperty("rms_norm_eps", rmsNormEps);
    JsonObject rope = new JsonObject();
    if (ropeScaling == null) {
      rope.addProperty("rope_theta", ropeTheta);
      rope.addProperty("rope_type", "default");
    } else {
      rope.addProperty("factor", ropeScaling.factor());
      rope.addProperty("high_freq_factor", ropeScaling.highFrequencyFactor());
      rope.addProperty("low_freq_factor", ropeScaling.lowFrequencyFactor());
      rope.addProperty("original_max_position_embeddings", ropeScaling.originalContext());
      rope.addProperty("rope_type", LLAMA3);
      json.add("rope_scaling", rope.deepCopy());
      rope.addProperty("rope_theta", ropeTheta);
    }
    json.add("rope_parameters", rope);
    json.addProperty("rope_theta", ropeTheta);
    json.addProperty("tie_word_embeddings", tiedEmbeddings);
    json.addProperty("torch_dtype", dtype);
    json.addProperty("use_cache", true);
    if (architecture != Architecture.LLAMA) {
      json.addProperty("use_sliding_window", false);
    }
    json.addProperty("vocab_size", vocabularySize);
    return json;
  }

  /// The norm before attention of a layer.
  public static String inputNormName(int layer) {
    return "model.layers." + layer + ".input_layernorm.weight";
  }

  /// The norm before the feed-forward part of a layer.
  public static String postAttentionNormName(int layer) {
    return "model.layers." + layer + ".post_attention_layernorm.weight";
  }

  /// The norm of the query heads of a layer, where the architecture has it.
  public static String queryNormName(int layer) {
    return "model.layers." + layer + ".self_attn.q_norm.weight";
  }

  /// The norm of the key heads of a layer, where the architecture has it.
  public static String keyNormName(int layer) {
    return "model.layers." + layer + ".self_attn.k_norm.weight";
  }

  /// Every weight's name and shape, in the canonical order: embedding; for each layer its norm, q,
  /// k, v, (their biases, or the norms of query and key heads), o, norm, gate, up, down; last norm;
  /// output matrix unless tied.
  public SequencedMap<String, int[]> weightShapes() {
    SequencedMap<String, int[]> shapes = new LinkedHashMap<>();
    shapes.put(EMBEDDING, new int[] {vocabularySize, hiddenSize});
    for (int layer = 0; layer < layers; layer++) {
      shapes.put(inputNormName(layer), new int[] {hiddenSize});
      for (LinearModule module : LinearModule.values()) {
        if (module == LinearModule.O_PROJ) {
          shapes.putAll(extraShapes(layer));
        }
        if (module == LinearModule.GATE_PROJ) {
          shapes.put(postAttentionNormName(layer), new int[] {hiddenSize});
        }
        shapes.put(module.weightName(layer), new int[] {module.outputs(this), module.inputs(this)});
      }
    }
    shapes.put(FINAL_NORM, new int[] {hiddenSize});
    if (!tiedEmbeddings) {
      shapes.put(OUTPUT, new int[] {vocabularySize, hiddenSize});
    }
    return shapes;
  }

  /// The names of a layer's biases or norms of heads, which plain Llama does not have.
  public List<String> extraNames(int layer) {
    return List.copyOf(extraShapes(layer).keySet());
  }

  private SequencedMap<String, int[]> extraShapes(int layer) {
    SequencedMap<String, int[]> shapes = new LinkedHashMap<>();
    switch (architecture) {
      case LLAMA -> {}
      case QWEN2 -> {
        for (LinearModule module : LinearModule.BEFORE_ATTENTION) {
          shapes.put(module.biasName(layer), new int[] {module.outputs(this)});
        }
      }
      case QWEN3 -> {
        shapes.put(queryNormName(layer), new int[] {headSize});
        shapes.put(keyNormName(layer), new int[] {headSize});
      }
    }
    return shapes;
  }

  /// The number of parameters.
  public long parameters() {
    long sum = 0;
    for (int[] shape : weightShapes().values()) {
      long size = 1;
      for (int extent : shape) {
        size *= extent;
      }
      sum += size;
    }
    return sum;
  }

  /// The weights in canonical order, checked: none missing, none unknown, every shape as it must
  /// be. A tied model may bring an output matrix if it equals the embedding.
  public SequencedMap<String, Tensor> checkWeights(Map<String, Tensor> weights) {
    SequencedMap<String, Tensor> checked = new LinkedHashMap<>();
    for (Map.Entry<String, int[]> entry : weightShapes().entrySet()) {
      Tensor weight = weights.get(entry.getKey());
      if (weight == null) {
        throw new IllegalArgumentException("weight missing: " + entry.getKey());
      }
      if (!Arrays.equals(weight.shape(), entry.getValue())) {
        throw new IllegalArgumentException(
            entry.getKey()
                + " must have shape "
                + Arrays.toString(entry.getValue())
                + ", was "
                + Arrays.toString(weight.shape()));
      }
      checked.put(entry.getKey(), weight);
    }
    for (Map.Entry<String, Tensor> entry : weights.entrySet()) {
      if (checked.containsKey(entry.getKey())) {
        continue;
      }
      Tensor embedding = checked.get(EMBEDDING);
      boolean tiedCopy =
          entry.getKey().equals(OUTPUT)
              && embedding != null
              && Arrays.equals(entry.getValue().data(), embedding.data());
      if (!tiedCopy) {
        throw new IllegalArgumentException(
            "weight not known to this configuration: " + entry.getKey());
      }
    }
    return checked;
  }

  /// Reading by name, with errors that say which field holds what.
  private record Fields(JsonObject json) {

    boolean has(String name) {
      JsonElement value = json.get(name);
      return value != null && !value.isJsonNull();
    }

    JsonElement need(String name) {
      JsonElement value = json.get(name);
      if (value == null || value.isJsonNull()) {
        throw new IllegalArgumentException("config.json: " + name + " is missing");
      }
      return value;
    }

    int integer(String name) {
      double value = number(name);
      if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "config.json: " + name + " must be an integer, was " + json.get(name));
      }
      return (int) value;
    }

    double number(String name) {
      return number(name, need(name));
    }

    static double number(String name, JsonElement value) {
      if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isNumber()) {
        throw new IllegalArgumentException(
            "config.json: " + name + " must be a number, was " + value);
      }
      return value.getAsDouble();
    }

    boolean bool(String name) {
      JsonElement value = need(name);
      if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isBoolean()) {
        throw new IllegalArgumentException(
            "config.json: " + name + " must be true or false, was " + value);
      }
      return value.getAsBoolean();
    }

    @Nullable Integer optionalId(String name) {
      return has(name) ? integer(name) : null;
    }

    List<Integer> ids(String name) {
      if (!has(name)) {
        return List.of();
      }
      JsonElement value = need(name);
      if (!value.isJsonArray()) {
        return List.of(integer(name));
      }
      List<Integer> ids = new ArrayList<>();
      for (JsonElement element : value.getAsJsonArray()) {
        ids.add((int) number(name, element));
      }
      return ids;
    }

    /// @param wanted what `architectures` must hold; null for a language model's
    Architecture architecture(@Nullable String wanted) {
      JsonElement type = json.get("model_type");
      String name = type == null || !type.isJsonPrimitive() ? "" : type.getAsString();
      boolean mistral = name.equals("mistral");
      Architecture architecture =
          mistral
              ? Architecture.LLAMA
              : Arrays.stream(Architecture.values())
                  .filter(known -> known.modelType().equals(name))
                  .findFirst()
                  .orElseThrow(() ->
                      new IllegalArgumentException(
                          "config.json: model_type must be \"llama\", \"mistral\", \"qwen2\" or"
                              + " \"qwen3\", was "
                              + type));
      JsonElement architectures = json.get("architectures");
      if (architectures == null || architectures.isJsonNull()) {
        return architecture;
      }
      JsonArray expected = new JsonArray();
      if (wanted == null) {
        expected.add(mistral ? MISTRAL : architecture.className());
      } else {
        expected.add(wanted);
      }
      if (!architectures.equals(expected)) {
        throw new IllegalArgumentException(
            "config.json: architectures must be " + expected + ", was " + architectures);
      }
      return architecture;
    }

    /// A window that holds the whole context hides nothing, nor does one that is not used.
    void noSlidingWindow(Architecture architecture) {
      if (has("layer_types")) {
        JsonElement types = need("layer_types");
        JsonElement full = new JsonPrimitive("full_attention");
        if (!types.isJsonArray()
            || types.getAsJsonArray().asList().stream().anyMatch(type -> !type.equals(full))) {
          refuse("layer_types", types);
        }
      }
      boolean used =
          architecture == Architecture.LLAMA
              || (has("use_sliding_window") && bool("use_sliding_window"));
      if (used
          && has("sliding_window")
          && (!has("max_position_embeddings")
              || integer("sliding_window") < integer("max_position_embeddings"))) {
        refuse("sliding_window", need("sliding_window"));
      }
    }

    /// The stretching of the rotary angles, from whichever spelling is there.
    @Nullable RopeScaling ropeScaling() {
      @Nullable RopeScaling old = has("rope_scaling") ? scaling("rope_scaling") : null;
      @Nullable RopeScaling now = has("rope_parameters") ? scaling("rope_parameters") : null;
      if (has("rope_scaling") && has("rope_parameters") && !Objects.equals(old, now)) {
        throw new IllegalArgumentException(
            "config.json: rope_scaling is " + old + " but rope_parameters is " + now);
      }
      return now != null ? now : old;
    }

    private @Nullable RopeScaling scaling(String name) {
      JsonElement value = need(name);
      if (!value.isJsonObject()) {
        throw new IllegalArgumentException(
            "config.json: " + name + " must be an object, was " + value);
      }
      JsonObject object = value.getAsJsonObject();
      for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
        if (!ROPE_KEYS.contains(entry.getKey())) {
          refuse(name + "." + entry.getKey(), entry.getValue());
        }
      }
      JsonElement type = object.has("rope_type") ? object.get("rope_type") : object.get("type");
      if (type == null || !type.isJsonPrimitive() || !type.getAsString().equals(LLAMA3)) {
        if (name.equals("rope_scaling")
            && !(type != null && type.isJsonPrimitive() && type.getAsString().equals("default"))) {
          refuse(name, value);
        }
        if (object.has("factor")) {
          refuse(name + ".factor", object.get("factor"));
        }
        return null;
      }
      double original = inner(name, object, "original_max_position_embeddings");
      if (original != Math.rint(original) || Math.abs(original) > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "config.json: "
                + name
                + ".original_max_position_embeddings must be a whole number, was "
                + original);
      }
      return new RopeScaling(
          inner(name, object, "factor"),
          inner(name, object, "low_freq_factor"),
          inner(name, object, "high_freq_factor"),
          (int) original);
    }

    private static double inner(String name, JsonObject object, String key) {
      String place = name + "." + key;
      JsonElement value = object.get(key);
      if (value == null) {
        throw new IllegalArgumentException("config.json: " + place + " is missing");
      }
      return number(place, value);
    }

    double ropeTheta() {
      Double theta = has("rope_theta") ? number("rope_theta") : null;
      if (has("rope_parameters")) {
        JsonElement value = need("rope_parameters");
        if (!value.isJsonObject()) {
          throw new IllegalArgumentException(
              "config.json: rope_parameters must be an object, was " + value);
        }
        for (Map.Entry<String, JsonElement> entry : value.getAsJsonObject().entrySet()) {
          String place = "rope_parameters." + entry.getKey();
          switch (entry.getKey()) {
            case "rope_theta" -> {
              double inner = number(place, entry.getValue());
              if (theta != null && theta != inner) {
                throw new IllegalArgumentException(
                    "config.json: rope_theta is " + theta + " but " + place + " is " + inner);
              }
              theta = inner;
            }
            case "rope_type" -> {
              if (!entry.getValue().isJsonPrimitive()
                  || !entry.getValue().getAsString().equals(LLAMA3)) {
                only(place, entry.getValue(), "default");
              }
            }
            case "factor",
                "low_freq_factor",
                "high_freq_factor",
                "original_max_position_embeddings" -> {
              if (ropeScaling() == null) {
                refuse(place, entry.getValue());
              }
            }
            default -> refuse(place, entry.getValue());
          }
        }
      }
      return theta == null ? 10000.0 : theta;
    }

    void refuseWhatChangesTheMaths(String name, JsonElement value) {
      if (READ.contains(name) || NEUTRAL.contains(name) || value.isJsonNull()) {
        return;
      }
      switch (name) {
        case "hidden_act" -> only(name, value, "silu");
        case "attention_bias", "mlp_bias", "rope_interleaved" -> off(name, value);
        case "attention_dropout" -> {
          if (number(name, value) != 0) {
            refuse(name, value);
          }
        }
        case "pretraining_tp" -> {
          if (number(name, value) != 1) {
            refuse(name, value);
          }
        }
        default -> refuse(name, value);
      }
    }

    private static void only(String name, JsonElement value, String allowed) {
      if (!value.isJsonPrimitive() || !value.getAsString().equals(allowed)) {
        refuse(name, value);
      }
    }

    private static void off(String name, JsonElement value) {
      if (!value.isJsonPrimitive() || value.getAsBoolean()) {
        refuse(name, value);
      }
    }

    private static void refuse(String name, JsonElement value) {
      throw new IllegalArgumentException(
          "config.json: "
              + name
              + " = "
              + value
              + " asks for a computation this model does not do");
    }
  }
}
