package org.alignmentworkbench.model.reward;

import ai.djl.ndarray.NDArray;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.KernelCall;
import org.alignmentworkbench.model.engine.ParameterLayout;
import org.alignmentworkbench.model.engine.ResidentArray;
import org.alignmentworkbench.model.file.DurableFile;
import org.alignmentworkbench.model.llama.DecoderBody;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.llama.PackedRows;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.safetensors.Dtype;
import org.alignmentworkbench.model.safetensors.SafetensorsFile;
import org.alignmentworkbench.model.safetensors.SafetensorsWriter;
import org.alignmentworkbench.model.tensor.Tensor;

/// A Llama body with a score and four grades read at the last token of a conversation.
///
/// With h the hidden state after the last norm at the last real token:
///
/// ```
/// score        = w . h
/// logits_g     = V_g tanh(U_g h + b_g) + c_g        for each grade g, three classes
/// ```
///
/// | symbol | shape | name in the file |
/// |---|---|---|
/// | w | `[1, d]` | `score.weight` |
/// | U_g, b_g | `[d/2, d]`, `[d/2]` | `grade_heads.<grade>.dense.weight`, `.dense.bias` |
/// | V_g, c_g | `[3, d/2]`, `[3]` | `grade_heads.<grade>.out.weight`, `.out.bias` |
///
/// The score has no bias: only differences of scores are meaningful. The same tokens give the same
/// score whatever other rows are in the batch, within rounding; padding does not exist for a row.
///
/// The folder is one that transformers reads as `LlamaForSequenceClassification` with one label;
/// the grade heads are extra tensors there.
public final class RewardModel implements AutoCloseable {
  private static final String ARCHITECTURE = "LlamaForSequenceClassification";
  private static final String SCORE = "score.weight";
  private static final Gson PRETTY = new GsonBuilder().setPrettyPrinting().create();

  private final DecoderBody body;

  private RewardModel(DecoderBody body) {
    this.body = body;
  }

  /// A new reward model on a language model's body.
  ///
  /// The score starts at normal values of deviation 1/sqrt(d + 1) (as in Stiennon et al., 2020),
  /// the grades' first maps at 1/sqrt(d), their last ones at zero, so that every class starts
  /// equally likely. An output matrix of the language model is left out.
  public static RewardModel fromBackbone(
      Engine engine, LlamaConfig llama, Map<String, Tensor> weights, CounterStream stream) {
    LlamaConfig config = llama.withTiedEmbeddings(true);
    Map<String, Tensor> all = new LinkedHashMap<>();
    llama.checkWeights(weights).forEach(all::put);
    all.remove(LlamaConfig.OUTPUT);
    double width = config.hiddenSize();
    int drawn = 0;
    for (Map.Entry<String, int[]> entry : headShapes(config).entrySet()) {
      Tensor weight = Tensor.zeros(entry.getValue());
      double deviation =
          entry.getKey().equals(SCORE)
              ? 1 / Math.sqrt(width + 1)
              : entry.getKey().endsWith("dense.weight") ? 1 / Math.sqrt(width) : 0;
      if (deviation > 0) {
        float[] data = weight.data();
        for (int i = 0; i < data.length; i++) {
          data[i] = (float) (deviation * stream.normal(drawn++));
        }
      }
      all.put(entry.getKey(), weight);
    }
    return of(engine, config, all);
  }

  /// A reward model from all its weights.
  public static RewardModel of(Engine engine, LlamaConfig llama, Map<String, Tensor> weights) {
    LlamaConfig config = llama.withTiedEmbeddings(true);
    ParameterLayout layout = layout(config);
    return new RewardModel(DecoderBody.load(engine, config, layout, layout.pack(weights), false));
  }

  /// Reads a folder.
  ///
  /// @throws IllegalArgumentException if its configuration or a weight is not a reward model's
  public static RewardModel load(Engine engine, Path folder) throws IOException {
    JsonObject json;
    try {
      json =
          JsonParser.parseString(Files.readString(folder.resolve("config.json"))).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new IllegalArgumentException(
          folder.resolve("config.json") + ": must hold a JSON object: " + e.getMessage(), e);
    }
    // What says that there is one label is not part of the body's shape.
    json.remove("id2label");
    json.remove("label2id");
    LlamaConfig config = LlamaConfig.fromJson(json, ARCHITECTURE);
    try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
      return of(engine, config, file.readAll());
    }
  }

  /// Writes `config.json` and `model.safetensors`; equal models give equal bytes.
  public void save(Path folder) throws IOException {
    Files.createDirectories(folder);
    JsonObject json = config().toJsonObject("float32", ARCHITECTURE);
    JsonObject label = new JsonObject();
    label.addProperty("0", "score");
    json.add("id2label", label);
    JsonObject id = new JsonObject();
    id.addProperty("score", 0);
    json.add("label2id", id);
    SafetensorsWriter.write(
        folder.resolve("model.safetensors"), weights(), Dtype.F32, Map.of("format", "pt"));
    DurableFile.writeText(folder.resolve("config.json"), PRETTY.toJson(json) + "\n");
  }

  /// The heads in the order of the kernels' `reward_views`: each part of the four grades together.
  private static SequencedMap<String, int[]> headShapes(LlamaConfig config) {
    int width = config.hiddenSize();
    int half = width / 2;
    SequencedMap<String, int[]> shapes = new LinkedHashMap<>();
    shapes.put(SCORE, new int[] {1, width});
    putForEachGrade(shapes, "dense.weight", half, width);
    putForEachGrade(shapes, "dense.bias", half);
    putForEachGrade(shapes, "out.weight", Grade.CLASSES, half);
    putForEachGrade(shapes, "out.bias", Grade.CLASSES);
    return shapes;
  }

  private static void putForEachGrade(
      SequencedMap<String, int[]> shapes, String part, int... shape) {
    for (Grade grade : Grade.values()) {
      shapes.put("grade_heads." + grade.key() + "." + part, shape);
    }
  }

  private static ParameterLayout layout(LlamaConfig config) {
    SequencedMap<String, int[]> shapes = new LinkedHashMap<>(config.weightShapes());
    shapes.putAll(headShapes(config));
    return new ParameterLayout(shapes);
  }

  /// The body's shape.
  public LlamaConfig config() {
    return body.config();
  }

  /// The engine it lives on.
  public Engine engine() {
    return body.engine();
  }

  /// All parameters as the kernels take them.
  public DecoderBody body() {
    return body;
  }

  /// All weights as they are now.
  public SequencedMap<String, Tensor> weights() {
    return body.layout().unpack(body.values().read());
  }

  /// The score and grades of each row, read at its last token.
  ///
  /// @param rows token ids of whole conversations, without padding
  public List<RewardScore> scores(List<int[]> rows) {
    PackedRows packed = PackedRows.sharing(rows, config());
    return engine().call(call -> read(forward(call, packed, false).kept(), packed.rows()));
  }

  /// Adds the gradient of a loss on the scores to `gradient`: forward once, ask, backward.
  ///
  /// @param gradient an array in this model's layout
  /// @return the scores seen
  public List<RewardScore> addGradient(
      ResidentArray gradient, List<int[]> rows, RewardGradientFunction loss) {
    PackedRows packed = PackedRows.sharing(rows, config());
    return engine()
        .call(call -> {
          Forward forward = forward(call, packed, true);
          List<RewardScore> scores = read(forward.kept(), packed.rows());
          List<RewardGradient> gradients = loss.gradients(scores);
          if (gradients.size() != packed.rows()) {
            throw new IllegalArgumentException(
                "must be gradients of " + packed.rows() + " rows, was " + gradients.size());
          }
          int count = packed.rows();
          int grades = Grade.values().length;
          float[] dScore = new float[count];
          float[] dGrades = new float[grades * count * Grade.CLASSES];
          for (int row = 0; row < count; row++) {
            RewardGradient one = gradients.get(row);
            dScore[row] = (float) one.score();
            for (int grade = 0; grade < grades; grade++) {
              for (int level = 0; level < Grade.CLASSES; level++) {
                dGrades[(grade * count + row) * Grade.CLASSES + level] =
                    one.gradeLogit(grade, level);
              }
            }
          }
          List<Object> arguments = new ArrayList<>();
          arguments.add(body.values());
          arguments.add(body.lowWeights());
          arguments.add(gradient);
          arguments.add(body.dims());
          arguments.add(config().rmsNormEps());
          arguments.addAll(forward.rowArguments());
          arguments.add(forward.at());
          arguments.add(call.floats(dScore, count));
          arguments.add(call.floats(dGrades, grades, count, Grade.CLASSES));
          arguments.add(forward.kept());
          call.tensor("reward_backward", arguments.toArray());
          return scores;
        });
  }

  private record Forward(List<Object> rowArguments, NDArray at, List<NDArray> kept) {}

  private Forward forward(KernelCall call, PackedRows packed, boolean keep) {
    List<Object> rowArguments = body.rowArguments(call, packed);
    NDArray at = call.longs(packed.lastTokens(), packed.rows());
    List<Object> arguments = new ArrayList<>();
    arguments.add(body.values());
    arguments.add(body.lowWeights());
    arguments.add(body.dims());
    arguments.add(config().rmsNormEps());
    arguments.addAll(rowArguments);
    arguments.add(at);
    arguments.add(keep);
    return new Forward(rowArguments, at, call.tensors("reward_forward", arguments.toArray()));
  }

  private static List<RewardScore> read(List<NDArray> kept, int count) {
    float[] scores = kept.get(0).toFloatArray();
    float[] grades = kept.get(1).toFloatArray();
    List<RewardScore> rows = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      float[][] logits = new float[Grade.values().length][Grade.CLASSES];
      for (int grade = 0; grade < logits.length; grade++) {
        System.arraycopy(
            grades, (grade * count + row) * Grade.CLASSES, logits[grade], 0, Grade.CLASSES);
      }
      rows.add(new RewardScore(scores[row], logits));
    }
    return List.copyOf(rows);
  }

  /// Frees the weights.
  @Override
  public void close() {
    body.close();
  }
}
