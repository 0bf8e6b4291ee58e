package org.alignmentworkbench.rlhf.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.alignmentworkbench.model.safetensors.Dtype;
import org.alignmentworkbench.model.safetensors.SafetensorsFile;
import org.alignmentworkbench.model.safetensors.SafetensorsWriter;
import org.alignmentworkbench.model.tensor.Tensor;

/// The weights with the lowest held-out loss so far; an equal loss keeps the earlier ones.
public final class BestWeights {
  private static final String FILE = "best.safetensors";

  private SequencedMap<String, Tensor> weights = new LinkedHashMap<>();
  private double loss = Double.POSITIVE_INFINITY;
  private long step = -1;

  /// Offers the weights of a step; true if they are the best so far.
  public boolean offer(long atStep, double heldOutLoss, Map<String, Tensor> current) {
    if (!(heldOutLoss < loss)) {
      return false;
    }
    loss = heldOutLoss;
    step = atStep;
    weights = new LinkedHashMap<>();
    current.forEach((name, tensor) -> weights.put(name, tensor.copy()));
    return true;
  }

  /// Whether any were offered.
  public boolean isEmpty() {
    return step < 0;
  }

  /// The best weights.
  public SequencedMap<String, Tensor> weights() {
    return Collections.unmodifiableSequencedMap(weights);
  }

  /// Their held-out loss; infinite while there are none.
  public double loss() {
    return loss;
  }

  /// The step they were taken at; -1 while there are none.
  public long step() {
    return step;
  }

  /// Writes them into a folder; nothing while there are none.
  public void save(Path folder) throws IOException {
    if (!isEmpty()) {
      SafetensorsWriter.write(
          folder.resolve(FILE),
          weights,
          Dtype.F32,
          Map.of("loss", Double.toString(loss), "step", Long.toString(step)));
    }
  }

  /// Takes up what `save` wrote.
  public void restore(Path folder) throws IOException {
    if (!Files.exists(folder.resolve(FILE))) {
      weights = new LinkedHashMap<>();
      loss = Double.POSITIVE_INFINITY;
      step = -1;
      return;
    }
    try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(FILE))) {
      weights = file.readAll();
      // Double.toString is exact both ways.
      loss = Double.parseDouble(file.metadata().get("loss"));
      step = Long.parseLong(file.metadata().get("step"));
    }
  }
}
