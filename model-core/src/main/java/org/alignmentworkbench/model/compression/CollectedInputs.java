package org.alignmentworkbench.model.compression;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.model.llama.LinearModule;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.palette.LayerInputs;
import org.alignmentworkbench.model.palette.SecondMoments;
import org.alignmentworkbench.model.runtime.SequenceForward;
import org.alignmentworkbench.model.safetensors.Dtype;
import org.alignmentworkbench.model.safetensors.SafetensorsFile;
import org.alignmentworkbench.model.safetensors.SafetensorsWriter;
import org.alignmentworkbench.model.tensor.Tensor;

/// The moments of what every projection of a model reads over some texts.
///
/// Queries, keys and values read the same inputs, and so do gate and up: they are kept once. Every
/// token of a text counts, prompts included, because later tokens look back at all of them.
public final class CollectedInputs implements LayerInputs {
  /// One kind of input in each layer, named after the first projection that reads it.
  private static final List<LinearModule> READERS =
      List.of(
          LinearModule.Q_PROJ, LinearModule.O_PROJ, LinearModule.GATE_PROJ, LinearModule.DOWN_PROJ);

  private final Map<String, SecondMoments> moments;

  private CollectedInputs(Map<String, SecondMoments> moments) {
    this.moments = moments;
  }

  /// Runs the model over the rows, in their order.
  public static CollectedInputs collect(SequenceForward model, List<CalibrationRow> rows) {
    LlamaConfig config = model.config();
    Map<String, SecondMoments> moments = empty(config);
    for (CalibrationRow row : rows) {
      float[] hidden = model.embed(row.ids());
      for (int l = 0; l < config.layers(); l++) {
        EnumMap<LinearModule, SecondMoments> own = new EnumMap<>(LinearModule.class);
        for (LinearModule reader : READERS) {
          own.put(reader, find(moments, reader.weightName(l)));
        }
        model.layer(
            l,
            hidden,
            (module, values, count) -> {
              SecondMoments into = own.get(module);
              if (into != null) {
                for (int t = 0; t < count; t++) {
                  into.add(values, t * into.size());
                }
              }
            });
      }
    }
    return new CollectedInputs(moments);
  }

  @Override
  public SecondMoments of(String weightName) {
    return find(moments, weightName);
  }

  /// Writes the moments, rounded to float32.
  public void save(Path file) throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    for (Map.Entry<String, SecondMoments> entry : moments.entrySet()) {
      boolean first = READERS.stream().anyMatch(r -> entry.getKey().endsWith(r.path() + ".weight"));
      if (first) {
        SecondMoments m = entry.getValue();
        double[] matrix = m.matrix();
        float[] values = new float[matrix.length];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) matrix[i];
        }
        writer.add(entry.getKey(), Tensor.of(values, m.size(), m.size()), Dtype.F32);
        writer.metadata(entry.getKey(), Long.toString(m.count()));
      }
    }
    writer.write(file);
  }

  /// Reads what [#save(Path)] wrote for a model of this shape.
  public static CollectedInputs load(Path path, LlamaConfig config) throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      Map<String, SecondMoments> moments = new LinkedHashMap<>();
      for (int l = 0; l < config.layers(); l++) {
        for (LinearModule reader : READERS) {
          String name = reader.weightName(l);
          String count = file.metadata().get(name);
          if (!file.has(name) || count == null) {
            throw new IOException(path + ": the inputs of " + name + " are missing");
          }
          float[] values = file.read(name).data();
          double[] matrix = new double[values.length];
          for (int i = 0; i < values.length; i++) {
            matrix[i] = values[i];
          }
          put(
              moments,
              l,
              reader,
              SecondMoments.of(reader.inputs(config), matrix, Long.parseLong(count)));
        }
      }
      return new CollectedInputs(moments);
    }
  }

  private static Map<String, SecondMoments> empty(LlamaConfig config) {
    Map<String, SecondMoments> moments = new LinkedHashMap<>();
    for (int l = 0; l < config.layers(); l++) {
      for (LinearModule reader : READERS) {
        put(moments, l, reader, new SecondMoments(reader.inputs(config)));
      }
    }
    return moments;
  }

  private static void put(
      Map<String, SecondMoments> moments, int layer, LinearModule reader, SecondMoments value) {
    List<LinearModule> sharers =
        switch (reader) {
          case Q_PROJ -> List.of(LinearModule.Q_PROJ, LinearModule.K_PROJ, LinearModule.V_PROJ);
          case GATE_PROJ -> List.of(LinearModule.GATE_PROJ, LinearModule.UP_PROJ);
          case K_PROJ, V_PROJ, O_PROJ, UP_PROJ, DOWN_PROJ -> List.of(reader);
        };
    for (LinearModule module : sharers) {
      moments.put(module.weightName(layer), value);
    }
  }

  private static SecondMoments find(Map<String, SecondMoments> moments, String weightName) {
    SecondMoments found = moments.get(weightName);
    if (found == null) {
      throw new IllegalArgumentException("no inputs were collected for " + weightName);
    }
    return found;
  }
}
