package org.alignmentworkbench.model.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.alignmentworkbench.model.safetensors.Dtype;
import org.alignmentworkbench.model.safetensors.SafetensorsFile;
import org.alignmentworkbench.model.safetensors.SafetensorsWriter;
import org.alignmentworkbench.model.tensor.Tensor;

/// A training between two steps: from it, the rest of the run is bitwise the same as without the
/// interruption (on the same machine kind, with the same number of threads).
///
/// The learning rate and the data come from the step number, so they need no place here.
///
/// @param step steps taken
/// @param parameters the trained parameters
/// @param firstMoments Adam's m
/// @param secondMoments Adam's v
public record TrainingState(
    long step,
    SequencedMap<String, Tensor> parameters,
    SequencedMap<String, Tensor> firstMoments,
    SequencedMap<String, Tensor> secondMoments) {
  private static final String STEP = "step";
  private static final String PARAMETER = "parameter.";
  private static final String FIRST = "first_moment.";
  private static final String SECOND = "second_moment.";

  /// Checks the step.
  public TrainingState {
    if (step < 0) {
      throw new IllegalArgumentException("step must be >= 0, was " + step);
    }
  }

  /// Writes one safetensors file, whole or not at all; equal states give equal bytes.
  public void save(Path file) throws IOException {
    SequencedMap<String, Tensor> all = new LinkedHashMap<>();
    parameters.forEach((name, value) -> all.put(PARAMETER + name, value));
    firstMoments.forEach((name, value) -> all.put(FIRST + name, value));
    secondMoments.forEach((name, value) -> all.put(SECOND + name, value));
    SafetensorsWriter.write(file, all, Dtype.F32, Map.of(STEP, Long.toString(step)));
  }

  /// Reads what [#save(Path)] wrote.
  public static TrainingState load(Path file) throws IOException {
    try (SafetensorsFile in = SafetensorsFile.open(file)) {
      String step = in.metadata().get(STEP);
      if (step == null || !step.matches("\\d{1,18}")) {
        throw new IOException(file + ": metadata must hold the step number, was " + step);
      }
      SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
      SequencedMap<String, Tensor> first = new LinkedHashMap<>();
      SequencedMap<String, Tensor> second = new LinkedHashMap<>();
      for (String name : in.names()) {
        if (name.startsWith(PARAMETER)) {
          parameters.put(name.substring(PARAMETER.length()), in.read(name));
        } else if (name.startsWith(FIRST)) {
          first.put(name.substring(FIRST.length()), in.read(name));
        } else if (name.startsWith(SECOND)) {
          second.put(name.substring(SECOND.length()), in.read(name));
        } else {
          throw new IOException(file + ": no part of a training state is named " + name);
        }
      }
      return new TrainingState(Long.parseLong(step), parameters, first, second);
    }
  }
}
