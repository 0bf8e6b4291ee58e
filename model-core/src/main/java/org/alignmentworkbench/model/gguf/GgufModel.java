package org.alignmentworkbench.model.gguf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.alignmentworkbench.model.folder.GenerationConfig;
import org.alignmentworkbench.model.folder.ModelDescription;
import org.alignmentworkbench.model.folder.StoredModel;
import org.alignmentworkbench.model.folder.StoredWeights;
import org.alignmentworkbench.model.llama.Architecture;
import org.alignmentworkbench.model.llama.LinearModule;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.llama.RopeScaling;
import org.alignmentworkbench.model.tensor.Tensor;

/// A decoder in a GGUF file.
public final class GgufModel {
  private GgufModel() {}

  /// Opens a file. Names and shapes of all weights are checked; none is read yet.
  ///
  /// @throws GgufException if the file breaks a rule of the format
  /// @throws IllegalArgumentException if it holds another architecture, a computation this model
  ///   does not do, another kind of tokenizer, or weights that do not fit
  public static StoredModel open(Path path) throws IOException {
    GgufFile file = GgufFile.open(path);
    try {
      return open(file);
    } catch (IllegalArgumentException refused) {
      file.close();
      String message = String.valueOf(refused.getMessage());
      throw message.startsWith(path.toString())
          ? refused
          : new IllegalArgumentException(path + ": " + message, refused);
    } catch (Throwable failure) {
      file.close();
      throw failure;
    }
  }

  private static StoredModel open(GgufFile file) {
    GgufMetadata metadata = file.metadata();
    // The architecture first: a file of another one may lack everything else.
    GgufConfig.check(metadata);
    GgufTokenizer vocabulary =
        GgufTokenizer.read(metadata, metadata.needWhole(GgufConfig.contextLengthKey(metadata)));
    boolean tied = !file.tensors().containsKey(GgufNames.OUTPUT);
    LlamaConfig config =
        stretched(file, GgufConfig.read(metadata, vocabulary.tokens(), tied, vocabulary.ids()));
    SequencedMap<String, String> names = GgufNames.all(config);
    checkTensors(file, config, names);
    return new StoredModel(
        new ModelDescription(
            config,
            vocabulary.tokenizer(),
            vocabulary.config(),
            new GenerationConfig(vocabulary.ids())),
        new Weights(file, config, names));
  }

  /// The shape with the stretching of its rotary angles, of which the file keeps the divisors.
  private static LlamaConfig stretched(GgufFile file, LlamaConfig config) {
    if (config.architecture() != Architecture.LLAMA
        || !file.tensors().containsKey(GgufNames.ROPE_DIVISORS)) {
      return config;
    }
    float[] divisors = file.read(GgufNames.ROPE_DIVISORS).data();
    return config.withRopeScaling(
        told(file.metadata())
            .filter(told -> told.gives(divisors, config.ropeTheta(), config.headSize()))
            .or(() -> RopeScaling.ofDivisors(divisors, config.ropeTheta(), config.headSize()))
            .orElseThrow(() ->
                new IllegalArgumentException(
                    file.path()
                        + ": "
                        + GgufNames.ROPE_DIVISORS
                        + " stretches the rotary angles otherwise than Llama 3 does (low 1, high 4,"
                        + " 8192 positions): "
                        + Arrays.toString(divisors))));
  }

  private static Optional<RopeScaling> told(GgufMetadata metadata) {
    double[] values = new double[GgufNames.ROPE_SCALING.size()];
    for (int i = 0; i < values.length; i++) {
      Optional<Double> value = metadata.real(GgufNames.ROPE_SCALING.get(i));
      if (value.isEmpty()) {
        return Optional.empty();
      }
      values[i] = value.get();
    }
    return Optional.of(new RopeScaling(values[0], values[1], values[2], (int) values[3]));
  }

  private static void checkTensors(
      GgufFile file, LlamaConfig config, SequencedMap<String, String> names) {
    Map<String, int[]> shapes = config.weightShapes();
    List<String> known = new ArrayList<>(names.values());
    if (config.architecture() == Architecture.LLAMA) {
      known.add(GgufNames.ROPE_DIVISORS);
    }
    names.forEach((name, inFile) -> {
      GgufTensor tensor = file.tensors().get(inFile);
      if (tensor == null) {
        throw new IllegalArgumentException(file.path() + ": weight missing: " + inFile);
      }
      List<Long> expected = new ArrayList<>();
      for (int extent : shapes.getOrDefault(name, new int[0])) {
        expected.add((long) extent);
      }
      if (!tensor.shape().equals(expected)) {
        throw new IllegalArgumentException(
            file.path()
                + ": "
                + inFile
                + " must have shape "
                + expected
                + ", was "
                + tensor.shape());
      }
    });
    for (String name : file.tensors().keySet()) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            file.path() + ": weight not known to this architecture: " + name);
      }
    }
  }

  private record Weights(GgufFile file, LlamaConfig config, SequencedMap<String, String> names)
      implements StoredWeights {
    @Override
    public Tensor read(String name) {
      Tensor stored = file.read(inFile(name));
      boolean turned =
          config.architecture().interleavedInGguf()
              && (name.endsWith(LinearModule.Q_PROJ.path() + ".weight")
                  || name.endsWith(LinearModule.K_PROJ.path() + ".weight"));
      return turned ? RotaryRows.halves(stored, config.headSize()) : stored;
    }

    @Override
    public String storedAs(String name) {
      GgufTensor tensor = file.tensors().get(inFile(name));
      return tensor == null ? "" : tensor.type().name();
    }

    private String inFile(String name) {
      String inFile = names.get(name);
      if (inFile == null) {
        throw new IllegalArgumentException("the model has no weight " + name);
      }
      return inFile;
    }

    @Override
    public void close() {
      file.close();
    }
  }
}
