package org.alignmentworkbench.model.compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.model.llama.LinearModule;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.llama.LoraAdapter;
import org.alignmentworkbench.model.llama.LoraConfig;
import org.alignmentworkbench.model.palette.BitAllocation;
import org.alignmentworkbench.model.palette.BitAllocation.Candidate;
import org.alignmentworkbench.model.palette.PaletteBits;
import org.alignmentworkbench.model.palette.PaletteSettings;
import org.alignmentworkbench.model.palette.PalettizedModel;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.runtime.SequenceForward;
import org.alignmentworkbench.model.safetensors.SafetensorsFile;
import org.alignmentworkbench.model.tensor.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCompressionTest {
  private static final Path TINY = Path.of("src/test/resources/fixtures/model/tiny-llama");

  private static LlamaConfig config;
  private static Map<String, Tensor> weights;
  private static SequenceForward dense;

  @TempDir Path folder;

  @BeforeAll
  static void load() throws Exception {
    config = LlamaConfig.fromJson(Files.readString(TINY.resolve("config.json")));
    try (SafetensorsFile file = SafetensorsFile.open(TINY.resolve("model.safetensors"))) {
      weights = file.readAll();
    }
    dense = SequenceForward.of(config, weights);
  }

  /// Whole path on the tiny model at 3.5 bits. That model has random weights of hidden size 64,
  /// where tables cost 0.25 bits a weight at 4 bits. Only the order of errors is asserted, on texts
  /// that were not calibrated on: the mixed model lies between all-2-bit and all-4-bit.
  @Test
  void a_mixed_model_keeps_the_budget_and_lies_between_two_and_four_bits() throws Exception {
    List<CalibrationRow> calibration = rows(1, 12);
    CollectedInputs collected = CollectedInputs.collect(dense, calibration);
    Path file = folder.resolve("inputs.safetensors");
    collected.save(file);
    CollectedInputs inputs = CollectedInputs.load(file, config);
    OutputDivergence divergence = new OutputDivergence(dense, calibration);
    Sensitivity sensitivity = new Sensitivity(config, inputs, divergence, PaletteSettings.DEFAULT);
    List<Candidate> candidates = new ArrayList<>();
    for (int l = 0; l < config.layers(); l++) {
      candidates.addAll(sensitivity.layer(l, weights));
    }
    assertThat(candidates)
        .hasSize(14)
        .allSatisfy(c -> assertThat(c.lossAtTwo()).isGreaterThan(c.lossAtFour()));

    Map<String, PaletteBits> widths = BitAllocation.allocate(candidates, 3.5);
    PalettizedModel mixed = palettize(inputs, widths);
    assertThat(mixed.sizes().bitsPerWeight()).isLessThanOrEqualTo(3.5).isGreaterThan(3.2);

    OutputDivergence heldOut = new OutputDivergence(dense, rows(2, 6));
    double two = heldOut.of(forward(palettize(inputs, all(PaletteBits.TWO))));
    double middle = heldOut.of(forward(mixed));
    double four = heldOut.of(forward(palettize(inputs, all(PaletteBits.FOUR))));
    assertThat(middle).isGreaterThan(four).isLessThan(two);
    assertThat(four).isLessThan(0.2 * two);
  }

  /// All at 2 bits, where there is most to make up for: on texts that were not calibrated on, the
  /// untrained recovery adapter brings the model nearer to the dense one: 1.53 nats without, 0.83
  /// with it.
  @Test
  void a_recovery_adapter_starts_nearer_to_the_dense_model() {
    CollectedInputs inputs = CollectedInputs.collect(dense, rows(1, 12));
    PalettizedModel packed = palettize(inputs, all(PaletteBits.TWO));
    LoraAdapter start =
        RecoveryAdapter.start(weights, packed, inputs, LoraConfig.everywhere(16, 32));
    OutputDivergence heldOut = new OutputDivergence(dense, rows(2, 6));
    Map<String, Tensor> merged = RecoveryAdapter.merged(config, packed.dense(), start);
    double before = heldOut.of(forward(packed));
    double after = heldOut.of(SequenceForward.of(config, merged));
    assertThat(after).isLessThan(0.75 * before);
  }

  /// The divergence of one changed matrix from its layer on equals that of a model with the change
  /// run from the start; both do the same float operations.
  @Test
  void measuring_from_the_changed_layer_on_is_measuring_the_whole_model() {
    OutputDivergence divergence = new OutputDivergence(dense, rows(3, 4));
    String name = LinearModule.DOWN_PROJ.weightName(1);
    Tensor changed = weights.get(name).copy();
    for (int i = 0; i < changed.size(); i += 7) {
      changed.data()[i] *= 1.5f;
    }
    double part = divergence.with(name, 1, changed);
    assertThat(part).isGreaterThan(1e-5);
    assertThat(divergence.of(dense.with(name, changed))).isEqualTo(part);
    // The same model is at no distance; rounding of float32 log-probabilities leaves less than
    // 1e-6.
    assertThat(divergence.of(dense)).isCloseTo(0, within(1e-6));
    assertThat(divergence.countedTokens()).isEqualTo(4 * 20);
  }

  /// Moments by hand from the listener's values for one row; float32 storage keeps 7 digits.
  @Test
  void collected_moments_are_mean_products_of_the_inputs() throws Exception {
    List<CalibrationRow> one = rows(4, 1);
    CollectedInputs inputs = CollectedInputs.collect(dense, one);
    float[] hidden = dense.embed(one.getFirst().ids());
    float[][] seen = new float[1][];
    dense.layer(
        0,
        hidden,
        (module, values, count) -> {
          if (module == LinearModule.DOWN_PROJ) {
            seen[0] = values.clone();
          }
        });
    int size = 176;
    int count = seen[0].length / size;
    double expected = 0;
    for (int t = 0; t < count; t++) {
      expected += (double) seen[0][t * size + 3] * seen[0][t * size + 90] / count;
    }
    String name = LinearModule.DOWN_PROJ.weightName(0);
    assertThat(inputs.of(name).count()).isEqualTo(count);
    assertThat(inputs.of(name).matrix()[3 * size + 90])
        .isCloseTo(expected, within(1e-12 + 1e-9 * Math.abs(expected)));
    assertThat(inputs.of(LinearModule.K_PROJ.weightName(1)))
        .isSameAs(inputs.of(LinearModule.Q_PROJ.weightName(1)));
    assertThatThrownBy(() -> inputs.of("model.layers.9.mlp.up_proj.weight"))
        .hasMessageContaining("no inputs were collected for model.layers.9");
  }

  private static PalettizedModel palettize(
      CollectedInputs inputs, Map<String, PaletteBits> widths) {
    return ModelCompression.palettize(config, weights, inputs, widths, PaletteSettings.DEFAULT);
  }

  private static SequenceForward forward(PalettizedModel model) {
    return SequenceForward.of(config, model.dense());
  }

  private static Map<String, PaletteBits> all(PaletteBits width) {
    Map<String, PaletteBits> widths = new LinkedHashMap<>();
    for (int l = 0; l < config.layers(); l++) {
      for (LinearModule module : LinearModule.values()) {
        widths.put(module.weightName(l), width);
      }
    }
    return widths;
  }

  private static List<CalibrationRow> rows(int seed, int count) {
    List<CalibrationRow> rows = new ArrayList<>();
    for (int r = 0; r < count; r++) {
      CounterStream stream = CounterStream.of(seed, "texts", 0, r);
      int[] ids = new int[30];
      boolean[] counted = new boolean[30];
      for (int t = 0; t < 30; t++) {
        ids[t] = stream.below(t, 512);
      }
      Arrays.fill(counted, 10, 30, true);
      rows.add(new CalibrationRow(ids, counted));
    }
    return rows;
  }
}
