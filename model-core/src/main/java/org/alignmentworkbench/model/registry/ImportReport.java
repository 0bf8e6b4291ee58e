package org.alignmentworkbench.model.registry;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.alignmentworkbench.model.folder.ModelDescription;
import org.alignmentworkbench.model.folder.StoredModel;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.tokenizer.TextStream;
import org.alignmentworkbench.model.tokenizer.Tokenizer;

/// What was read when a model was imported. Kept beside the weights, without times and places, so
/// that importing the same file again gives the same bytes.
///
/// @param format `GGUF` or `safetensors`
/// @param sources name and SHA-256 of each file that held weights
/// @param parameters number of parameters
/// @param config the shape
/// @param storedAs for each type of the source how many tensors and parameters had it
/// @param vocabulary number of tokens that have a text
/// @param chatTemplate whether there is a chat template
/// @param stopIds the ids that end a generation, with their texts
public record ImportReport(
    String format,
    List<Source> sources,
    long parameters,
    LlamaConfig config,
    Map<String, Stored> storedAs,
    int vocabulary,
    boolean chatTemplate,
    List<StopId> stopIds) {
  private static final Gson PRETTY =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  /// A file that held weights.
  public record Source(String file, String sha256) {}

  /// How much of the source had one type.
  public record Stored(int tensors, long parameters) {}

  /// An id that ends a generation.
  public record StopId(int id, String text) {}

  /// Copies the lists.
  public ImportReport {
    sources = List.copyOf(sources);
    storedAs = new TreeMap<>(storedAs);
    stopIds = List.copyOf(stopIds);
  }

  static ImportReport of(String format, List<Source> sources, StoredModel model) {
    ModelDescription description = model.description();
    SequencedMap<String, int[]> shapes = description.config().weightShapes();
    Map<String, Stored> storedAs = new TreeMap<>();
    shapes.forEach((name, shape) -> {
      long size = 1;
      for (int extent : shape) {
        size *= extent;
      }
      storedAs.merge(
          model.weights().storedAs(name),
          new Stored(1, size),
          (a, b) -> new Stored(a.tensors + b.tensors, a.parameters + b.parameters));
    });
    Tokenizer tokenizer = description.tokenizer();
    return new ImportReport(
        format,
        sources,
        description.config().parameters(),
        description.config(),
        storedAs,
        tokenizer.vocabularySize(),
        description.hasChatTemplate(),
        description.stopIds().stream()
            .map(id -> new StopId(id, TextStream.of(tokenizer, new int[] {id}, false)))
            .toList());
  }

  /// The report as JSON.
  public String toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("format", format);
    JsonArray files = new JsonArray();
    for (Source source : sources) {
      JsonObject file = new JsonObject();
      file.addProperty("file", source.file);
      file.addProperty("sha256", source.sha256);
      files.add(file);
    }
    json.add("sources", files);
    json.addProperty("parameters", parameters);
    json.addProperty("layers", config.layers());
    json.addProperty("hiddenSize", config.hiddenSize());
    json.addProperty("intermediateSize", config.intermediateSize());
    json.addProperty("heads", config.heads());
    json.addProperty("keyValueHeads", config.keyValueHeads());
    json.addProperty("headSize", config.headSize());
    json.addProperty("embeddingRows", config.vocabularySize());
    json.addProperty("contextLength", config.contextLength());
    json.addProperty("ropeTheta", config.ropeTheta());
    json.addProperty("tiedEmbeddings", config.tiedEmbeddings());
    JsonObject types = new JsonObject();
    storedAs.forEach((type, stored) -> {
      JsonObject entry = new JsonObject();
      entry.addProperty("tensors", stored.tensors);
      entry.addProperty("parameters", stored.parameters);
      types.add(type, entry);
    });
    json.add("storedAs", types);
    json.addProperty("vocabulary", vocabulary);
    json.addProperty("chatTemplate", chatTemplate);
    JsonArray stops = new JsonArray();
    for (StopId stop : stopIds) {
      JsonObject entry = new JsonObject();
      entry.addProperty("id", stop.id);
      entry.addProperty("text", stop.text);
      stops.add(entry);
    }
    json.add("stopIds", stops);
    return PRETTY.toJson(json) + "\n";
  }
}
