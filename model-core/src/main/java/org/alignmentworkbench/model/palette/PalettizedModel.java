package org.alignmentworkbench.model.palette;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.safetensors.Dtype;
import org.alignmentworkbench.model.safetensors.Half;
import org.alignmentworkbench.model.safetensors.SafetensorsFile;
import org.alignmentworkbench.model.safetensors.SafetensorsWriter;
import org.alignmentworkbench.model.safetensors.TensorInfo;
import org.alignmentworkbench.model.tensor.Tensor;

/// A compressed model: every weight as it is stored, and its file.
///
/// The file is a safetensors file, so any reader of that format can list it:
///
/// | tensor | type and shape | for |
/// |---|---|---|
/// | `NAME.indices` | U8 `[rows, columns * bits / 8]` | palettized projections, lowest bit first |
/// | `NAME.tables` | F16 `[groups, 2^bits]` | their tables; row `r` uses table `r / group_rows` |
/// | `NAME.int8` | I8 `[rows, columns]` | embedding and output matrix |
/// | `NAME.scales` | F16 `[rows]` | their scales, one a row |
/// | `NAME` | F16 | norms |
///
/// `NAME` is the weight's name in the dense model. Metadata: `format` (`palettized`), `version`
/// (`1`), `group_rows`, and `config`, the dense model's `config.json`. Bytes depend on the content
/// alone.
public final class PalettizedModel {
  /// The usual name of the file inside a model folder.
  public static final String FILE_NAME = "palettized.safetensors";

  private static final String FORMAT = "palettized";
  private static final String VERSION = "1";

  private final LlamaConfig config;
  private final SequencedMap<String, PackedWeight> weights;

  /// A model of these weights, whose names and shapes must be those of the configuration.
  public PalettizedModel(LlamaConfig config, Map<String, PackedWeight> weights) {
    this.config = config;
    SequencedMap<String, PackedWeight> ordered = new LinkedHashMap<>();
    for (Map.Entry<String, int[]> expected : config.weightShapes().entrySet()) {
      PackedWeight weight = weights.get(expected.getKey());
      if (weight == null) {
        throw new IllegalArgumentException("weight missing: " + expected.getKey());
      }
      if (!Arrays.equals(weight.shape(), expected.getValue())) {
        throw new IllegalArgumentException(
            expected.getKey()
                + " must have shape "
                + Arrays.toString(expected.getValue())
                + ", was "
                + Arrays.toString(weight.shape()));
      }
      ordered.put(expected.getKey(), weight);
    }
    for (String name : weights.keySet()) {
      if (!ordered.containsKey(name)) {
        throw new IllegalArgumentException("weight not known to this configuration: " + name);
      }
    }
    this.weights = Collections.unmodifiableSequencedMap(ordered);
  }

  /// The shape of the model.
  public LlamaConfig config() {
    return config;
  }

  /// The stored weights in the configuration's order.
  public SequencedMap<String, PackedWeight> weights() {
    return weights;
  }

  /// One stored weight.
  public PackedWeight weight(String name) {
    PackedWeight weight = weights.get(name);
    if (weight == null) {
      throw new IllegalArgumentException("no weight of this name: " + name);
    }
    return weight;
  }

  /// The weights it stands for, as the dense model has them. Every value is a 16-bit one, apart
  /// from embeddings, which are an 8-bit integer times a 16-bit scale.
  public SequencedMap<String, Tensor> dense() {
    SequencedMap<String, Tensor> dense = new LinkedHashMap<>();
    weights.forEach((name, weight) -> dense.put(name, weight.dense()));
    return dense;
  }

  /// What it takes, without an adapter.
  public PackedSizes sizes() {
    return PackedSizes.of(weights.values());
  }

  /// Writes the file; it appears whole or not at all.
  public void save(Path file) throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    int groupRows = 0;
    for (Map.Entry<String, PackedWeight> entry : weights.entrySet()) {
      String name = entry.getKey();
      switch (entry.getValue()) {
        case PalettizedMatrix m -> {
          if (groupRows != 0 && groupRows != m.groupRows()) {
            throw new IllegalArgumentException(
                name
                    + ": every projection of a file must have the same rows a table, were "
                    + groupRows
                    + " and "
                    + m.groupRows());
          }
          groupRows = m.groupRows();
          writer.addBytes(
              name + ".indices", m.indices(), m.rows(), m.columns() * m.width().bits() / 8);
          writer.add(
              name + ".tables", halves(m.tables(), m.groups(), m.width().tableSize()), Dtype.F16);
        }
        case Int8Rows m -> {
          writer.addSignedBytes(name + ".int8", m.values(), m.rows(), m.columns());
          writer.add(name + ".scales", halves(m.scales(), m.rows()), Dtype.F16);
        }
        case HalfTensor t -> writer.add(name, t.dense(), Dtype.F16);
      }
    }
    writer
        .metadata("format", FORMAT)
        .metadata("version", VERSION)
        .metadata("group_rows", Integer.toString(groupRows))
        .metadata("config", config.toJson("float16"))
        .write(file);
  }

  /// Reads a file that [#save(Path)] wrote; anything else is refused with what is wrong.
  public static PalettizedModel load(Path path) throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      require(
          path, FORMAT.equals(file.metadata().get("format")), "metadata format must be " + FORMAT);
      require(
          path,
          VERSION.equals(file.metadata().get("version")),
          "metadata version must be " + VERSION);
      String json = file.metadata().get("config");
      String rows = file.metadata().get("group_rows");
      if (json == null || rows == null || !rows.matches("[0-9]{1,6}")) {
        throw new IOException(path + ": metadata config and group_rows must be there");
      }
      LlamaConfig config = LlamaConfig.fromJson(json);
      SequencedMap<String, PackedWeight> weights = new LinkedHashMap<>();
      int tensors = 0;
      for (Map.Entry<String, int[]> expected : config.weightShapes().entrySet()) {
        String name = expected.getKey();
        int[] shape = expected.getValue();
        if (file.has(name + ".indices")) {
          weights.put(name, matrix(path, file, name, shape, Integer.parseInt(rows)));
          tensors += 2;
        } else if (file.has(name + ".int8")) {
          require(path, shape.length == 2, name + " must be a matrix to have row scales");
          require(
              path,
              file.info(name + ".int8").dtype() == Dtype.I8,
              name + ".int8 must hold signed bytes");
          weights.put(
              name,
              new Int8Rows(
                  shape[0],
                  shape[1],
                  file.readBytes(name + ".int8"),
                  halves(path, file, name + ".scales")));
          tensors += 2;
        } else if (file.has(name)) {
          weights.put(name, new HalfTensor(shape, halves(path, file, name)));
          tensors++;
        } else {
          throw new IOException(path + ": weight " + name + " is missing");
        }
      }
      require(
          path,
          tensors == file.names().size(),
          "the file must hold only what its configuration names: "
              + tensors
              + " tensors, has "
              + file.names().size());
      return new PalettizedModel(config, weights);
    } catch (IllegalArgumentException wrong) {
      throw new IOException(path + ": " + wrong.getMessage(), wrong);
    }
  }

  private static PalettizedMatrix matrix(
      Path path, SafetensorsFile file, String name, int[] shape, int groupRows) throws IOException {
    require(path, shape.length == 2, name + " must be a matrix to have indices");
    TensorInfo indices = file.info(name + ".indices");
    require(path, indices.dtype() == Dtype.U8, name + ".indices must hold unsigned bytes");
    PaletteBits width =
        PaletteBits.of(Math.toIntExact(8 * indices.bytes() / ((long) shape[0] * shape[1])));
    short[] tables = halves(path, file, name + ".tables");
    return new PalettizedMatrix(
        shape[0], shape[1], groupRows, width, file.readBytes(name + ".indices"), tables);
  }

  private static short[] halves(Path path, SafetensorsFile file, String name) throws IOException {
    require(path, file.info(name).dtype() == Dtype.F16, name + " must hold F16");
    float[] values = file.read(name).data();
    short[] halves = new short[values.length];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = Half.toF16(values[i]);
    }
    return halves;
  }

  private static Tensor halves(short[] halves, int... shape) {
    return new HalfTensor(shape, halves).dense();
  }

  private static void require(Path path, boolean holds, String rule) throws IOException {
    if (!holds) {
      throw new IOException(path + ": " + rule);
    }
  }
}
