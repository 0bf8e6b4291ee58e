package org.alignmentworkbench.model.folder;

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
import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.model.file.DurableFile;
import org.alignmentworkbench.model.llama.LlamaConfig.SpecialIds;

/// `generation_config.json`: which ids begin, end and fill up a text when the model writes.
///
/// @param ids the ids; any of `eos` ends a generation
public record GenerationConfig(SpecialIds ids) {
  /// The file's name in a model folder.
  public static final String FILE = "generation_config.json";

  private static final Gson PRETTY = new GsonBuilder().setPrettyPrinting().create();

  /// Reads the file of a model folder, or takes the ids of `config.json` where there is none.
  public static GenerationConfig load(Path folder, SpecialIds otherwise) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return new GenerationConfig(otherwise);
    }
    try {
      JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
      List<Integer> bos = ids(json, "bos_token_id");
      List<Integer> eos = ids(json, "eos_token_id");
      List<Integer> pad = ids(json, "pad_token_id");
      return new GenerationConfig(
          new SpecialIds(
              bos.isEmpty() ? otherwise.bos() : bos.getFirst(),
              eos.isEmpty() ? otherwise.eos() : eos,
              pad.isEmpty() ? otherwise.pad() : pad.getFirst()));
    } catch (JsonParseException | IllegalStateException | NumberFormatException malformed) {
      throw new IllegalArgumentException(
          file + ": must hold ids in a JSON object: " + malformed.getMessage(), malformed);
    }
  }

  /// Writes the file into a model folder.
  public void save(Path folder) throws IOException {
    JsonObject json = new JsonObject();
    Integer bos = ids.bos();
    if (bos != null) {
      json.addProperty("bos_token_id", bos);
    }
    if (!ids.eos().isEmpty()) {
      JsonArray eos = new JsonArray();
      ids.eos().forEach(eos::add);
      json.add("eos_token_id", eos);
    }
    Integer pad = ids.pad();
    if (pad != null) {
      json.addProperty("pad_token_id", pad);
    }
    DurableFile.writeText(folder.resolve(FILE), PRETTY.toJson(json) + "\n");
  }

  /// One id, a list of them, or none.
  private static List<Integer> ids(JsonObject json, String name) {
    JsonElement value = json.get(name);
    if (value == null || value.isJsonNull()) {
      return List.of();
    }
    List<Integer> ids = new ArrayList<>();
    if (value.isJsonArray()) {
      value.getAsJsonArray().forEach(id -> ids.add(id.getAsInt()));
    } else {
      ids.add(value.getAsInt());
    }
    return ids;
  }
}
