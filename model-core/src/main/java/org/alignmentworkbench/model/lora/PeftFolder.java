package org.alignmentworkbench.model.lora;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.alignmentworkbench.model.file.DurableFile;
import org.alignmentworkbench.model.llama.LinearModule;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.llama.LoraAdapter;
import org.alignmentworkbench.model.llama.LoraConfig;
import org.alignmentworkbench.model.safetensors.Dtype;
import org.alignmentworkbench.model.safetensors.SafetensorsFile;
import org.alignmentworkbench.model.safetensors.SafetensorsWriter;
import org.alignmentworkbench.model.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// A folder with `adapter_config.json` and `adapter_model.safetensors`, as peft reads and writes
/// it.
///
/// A configuration that asks for another computation (DoRA, rank-stabilised scale, ranks by
/// pattern, biases, further trained modules, ...) is refused with the field's name.
public final class PeftFolder {
  private static final Gson PRETTY =
      new GsonBuilder().setPrettyPrinting().serializeNulls().create();

  /// Fields that are read, or that say nothing about the computation of a finished adapter.
  private static final Set<String> KNOWN =
      Set.of(
          "r",
          "lora_alpha",
          "target_modules",
          "peft_type",
          "task_type",
          "base_model_name_or_path",
          "inference_mode",
          "init_lora_weights",
          "lora_dropout",
          "peft_version",
          "revision",
          "megatron_core",
          "qalora_group_size",
          "ensure_weight_tying");

  private PeftFolder() {}

  /// Reads an adapter for a model.
  ///
  /// @throws IllegalArgumentException if the configuration asks for something else than plain LoRA,
  ///   or the weights are not those of this model
  public static LoraAdapter load(Path folder, LlamaConfig llama) throws IOException {
    LoraConfig config = readConfig(folder.resolve("adapter_config.json"));
    Path weightsFile = folder.resolve("adapter_model.safetensors");
    SequencedMap<String, Tensor> weights = new LinkedHashMap<>();
    try (SafetensorsFile file = SafetensorsFile.open(weightsFile)) {
      for (Map.Entry<String, int[]> entry : config.weightShapes(llama).entrySet()) {
        if (!file.has(entry.getKey())) {
          throw new IllegalArgumentException(weightsFile + ": weight missing: " + entry.getKey());
        }
        Tensor weight = file.read(entry.getKey());
        if (!Arrays.equals(weight.shape(), entry.getValue())) {
          throw new IllegalArgumentException(
              weightsFile
                  + ": "
                  + entry.getKey()
                  + " must have shape "
                  + Arrays.toString(entry.getValue())
                  + ", was "
                  + Arrays.toString(weight.shape()));
        }
        weights.put(entry.getKey(), weight);
      }
      for (String name : file.names()) {
        if (!weights.containsKey(name)) {
          throw new IllegalArgumentException(weightsFile + ": weight not known: " + name);
        }
      }
    }
    return new LoraAdapter(config, weights);
  }

  private static LoraConfig readConfig(Path file) throws IOException {
    JsonObject json;
    try {
      json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new IllegalArgumentException(file + ": must hold a JSON object: " + e.getMessage(), e);
    }
    for (Map.Entry<String, JsonElement> entry : json.entrySet()) {
      if (!KNOWN.contains(entry.getKey()) && !isOff(entry.getKey(), entry.getValue())) {
        throw new IllegalArgumentException(
            file
                + ": "
                + entry.getKey()
                + " = "
                + entry.getValue()
                + " asks for a computation this adapter does not do");
      }
    }
    JsonElement type = json.get("peft_type");
    if (type == null || type.isJsonNull() || !type.getAsString().equals("LORA")) {
      throw new IllegalArgumentException(file + ": peft_type must be \"LORA\", was " + type);
    }
    EnumSet<LinearModule> modules = EnumSet.noneOf(LinearModule.class);
    JsonElement targets = need(json, "target_modules", file);
    if (targets.isJsonArray()) {
      targets.getAsJsonArray().forEach(t -> modules.add(LinearModule.named(t.getAsString())));
    } else if (targets.getAsString().equals("all-linear")) {
      modules.addAll(EnumSet.allOf(LinearModule.class));
    } else {
      throw new IllegalArgumentException(
          file + ": target_modules must be a list or \"all-linear\", was " + targets);
    }
    return new LoraConfig(
        need(json, "r", file).getAsInt(), need(json, "lora_alpha", file).getAsDouble(), modules);
  }

  private static JsonElement need(JsonObject json, String name, Path file) {
    JsonElement value = json.get(name);
    if (value == null || value.isJsonNull()) {
      throw new IllegalArgumentException(file + ": " + name + " is missing");
    }
    return value;
  }

  private static boolean isOff(String name, @Nullable JsonElement value) {
    if (value == null || value.isJsonNull()) {
      return true;
    }
    if (value.isJsonObject()) {
      return value.getAsJsonObject().isEmpty();
    }
    if (value.isJsonArray()) {
      return value.getAsJsonArray().isEmpty();
    }
    return switch (value.getAsString()) {
      case "false" -> true;
      case "none" -> name.equals("bias");
      default -> false;
    };
  }

  /// Writes an adapter; equal adapters give equal bytes.
  ///
  /// @param baseModel what the configuration calls the model under the adapter
  public static void save(Path folder, LoraAdapter adapter, String baseModel) throws IOException {
    save(folder, adapter, baseModel, Dtype.F32);
  }

  /// The same with the weights in another element type.
  ///
  /// @param dtype F32, F16 or BF16
  public static void save(Path folder, LoraAdapter adapter, String baseModel, Dtype dtype)
      throws IOException {
    Files.createDirectories(folder);
    JsonObject json = new JsonObject();
    json.addProperty("base_model_name_or_path", baseModel);
    json.addProperty("bias", "none");
    json.addProperty("fan_in_fan_out", false);
    json.addProperty("inference_mode", true);
    json.addProperty("init_lora_weights", true);
    double alpha = adapter.config().alpha();
    if (alpha == Math.rint(alpha)) {
      json.addProperty("lora_alpha", (long) alpha);
    } else {
      json.addProperty("lora_alpha", alpha);
    }
    json.addProperty("lora_dropout", 0.0);
    json.addProperty("peft_type", "LORA");
    json.addProperty("r", adapter.config().rank());
    JsonArray targets = new JsonArray();
    adapter.config().modules().forEach(module -> targets.add(module.shortName()));
    json.add("target_modules", targets);
    json.addProperty("task_type", "CAUSAL_LM");
    json.addProperty("use_dora", false);
    json.addProperty("use_rslora", false);
    SafetensorsWriter.write(
        folder.resolve("adapter_model.safetensors"),
        adapter.weights(),
        dtype,
        Map.of("format", "pt"));
    DurableFile.writeText(folder.resolve("adapter_config.json"), PRETTY.toJson(json) + "\n");
  }
}
