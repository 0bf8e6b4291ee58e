package org.alignmentworkbench.app.compression.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.model.compression.Sensitivity;
import org.alignmentworkbench.model.llama.LinearModule;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.palette.BitAllocation.Candidate;
import org.alignmentworkbench.model.tensor.Tensor;
import org.alignmentworkbench.rlhf.training.ResumableWork;
import tools.jackson.databind.json.JsonMapper;

/// Measures every projection at 2 and at 4 bits, one projection at a time.
final class SensitivityMeasurement implements ResumableWork {
  static final String FILE = "sensitivity.json";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final LlamaConfig config;
  private final Map<String, Tensor> weights;
  private final Sensitivity sensitivity;
  private final List<Candidate> candidates = new ArrayList<>();
  private final List<Metric> metrics = new ArrayList<>();

  SensitivityMeasurement(LlamaConfig config, Map<String, Tensor> weights, Sensitivity sensitivity) {
    this.config = config;
    this.weights = weights;
    this.sensitivity = sensitivity;
  }

  @Override
  public boolean advance() {
    int next = candidates.size();
    LinearModule[] modules = LinearModule.values();
    if (next >= config.layers() * modules.length) {
      return false;
    }
    int layer = next / modules.length;
    LinearModule module = modules[next % modules.length];
    Tensor weight = weights.get(module.weightName(layer));
    if (weight == null) {
      throw new IllegalStateException("weight missing: " + module.weightName(layer));
    }
    Candidate measured = sensitivity.measure(layer, module, weight);
    candidates.add(measured);
    metrics.add(new Metric("divergenceAtTwoBits", next, measured.lossAtTwo()));
    metrics.add(new Metric("divergenceAtFourBits", next, measured.lossAtFour()));
    return true;
  }

  @Override
  public Progress progress() {
    return new Progress(
        "measure", candidates.size(), (long) config.layers() * LinearModule.values().length);
  }

  @Override
  public List<Metric> takeMetrics() {
    List<Metric> taken = List.copyOf(metrics);
    metrics.clear();
    return taken;
  }

  @Override
  public void save(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve(FILE), JSON.writeValueAsString(candidates), StandardCharsets.UTF_8);
  }

  @Override
  public void restore(Path folder) throws IOException {
    candidates.clear();
    candidates.addAll(read(folder));
    metrics.clear();
  }

  /// What `save` wrote.
  static List<Candidate> read(Path folder) throws IOException {
    return List.of(
        JSON.readValue(
            Files.readString(folder.resolve(FILE), StandardCharsets.UTF_8), Candidate[].class));
  }

  @Override
  public void close() {
    // Holds no native memory.
  }
}
