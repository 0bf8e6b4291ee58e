package org.alignmentworkbench.model.palette;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PalettizedModelTest {
  @TempDir Path folder;

  @Test
  void a_saved_model_comes_back_value_for_value_and_saving_again_gives_the_same_bytes()
      throws Exception {
    PalettizedModel model = model(PaletteBits.FOUR);
    Path first = folder.resolve("first.safetensors");
    model.save(first);
    PalettizedModel again = PalettizedModel.load(first);
    assertThat(again.config()).isEqualTo(model.config());
    Map<String, Tensor> expected = model.dense();
    again
        .dense()
        .forEach((name, t) -> assertThat(t.data()).as(name).isEqualTo(expected.get(name).data()));
    Path second = folder.resolve("second.safetensors");
    again.save(second);
    assertThat(Files.readAllBytes(second)).isEqualTo(Files.readAllBytes(first));
  }

  /// By hand, for hidden 32, feed-forward 48, 2 heads of 16 with 1 key-value head, 1 layer,
  /// vocabulary 40, tied: projections q 32x32, k and v 16x32, o 32x32, gate and up 48x32, down
  /// 32x48: 1024 + 512 + 512 + 1024 + 1536 + 1536 + 1536 = 7,680 weights in 2 + 1 + 1 + 2 + 3 + 3 +
  /// 2 = 14 groups. At 4 bits: 3,840 bytes of indices + 14 * 16 * 2 = 448 of tables = 4,288 bytes:
  /// 4.4667 bits a weight. At 2 bits: 1,920 + 14 * 4 * 2 = 112: 2.1167. Embedding: 40 * 32 + 40 * 2
  /// = 1,360 bytes; three norms of 32: 192 bytes. All at 4 bits: 5,840 bytes for 7,680 + 1,280 + 96
  /// = 9,056 parameters: 5.1590 bits.
  @Test
  void sizes_are_those_worked_out_by_hand() {
    PackedSizes four = model(PaletteBits.FOUR).sizes();
    assertThat(four).isEqualTo(new PackedSizes(7680, 3840, 448, 1376, 1552, 0));
    assertThat(four.bitsPerWeight()).isCloseTo(8.0 * 4288 / 7680, within(1e-12));
    assertThat(four.bytes()).isEqualTo(5840);
    assertThat(four.bitsPerParameter()).isCloseTo(8.0 * 5840 / 9056, within(1e-12));
    assertThat(model(PaletteBits.TWO).sizes().bitsPerWeight())
        .isCloseTo(8.0 * (1920 + 112) / 7680, within(1e-12));
    // A rank-16 adapter on all seven: 16 * (sum of rows + columns) = 16 * (64 + 48 + 48 + 64 + 80 +
    // 80 + 80).
    PackedSizes withAdapter = four.withAdapter(16 * 464);
    assertThat(withAdapter.bytes()).isEqualTo(5840 + 2 * 16 * 464);
    assertThat(withAdapter.bitsPerWeight()).isEqualTo(four.bitsPerWeight());
    assertThat(withAdapter.bitsPerParameter())
        .isCloseTo(8.0 * (5840 + 14848) / 9056, within(1e-12));
  }

  @Test
  void a_cut_or_foreign_file_is_refused_with_its_name() throws Exception {
    Path file = folder.resolve("model.safetensors");
    model(PaletteBits.TWO).save(file);
    byte[] bytes = Files.readAllBytes(file);
    Path cut =
        Files.write(folder.resolve("cut.safetensors"), Arrays.copyOf(bytes, bytes.length - 7));
    assertThatThrownBy(() -> PalettizedModel.load(cut))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cut.safetensors");
    assertThatThrownBy(() ->
            PalettizedModel.load(
                Path.of("src/test/resources/fixtures/model/tiny-llama/model.safetensors")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("metadata format must be palettized");
  }

  @Test
  void a_missing_or_misshapen_weight_is_refused_by_name() {
    PalettizedModel model = model(PaletteBits.FOUR);
    Map<String, PackedWeight> less = new LinkedHashMap<>(model.weights());
    less.remove("model.norm.weight");
    assertThatThrownBy(() -> new PalettizedModel(model.config(), less))
        .hasMessageContaining("weight missing: model.norm.weight");
    Map<String, PackedWeight> wrong = new LinkedHashMap<>(model.weights());
    wrong.put("model.norm.weight", HalfTensor.of(Tensor.zeros(31)));
    assertThatThrownBy(() -> new PalettizedModel(model.config(), wrong))
        .hasMessageContaining("model.norm.weight must have shape [32], was [31]");
  }

  static PalettizedModel model(PaletteBits width) {
    LlamaConfig config =
        new LlamaConfig(
            40, 32, 48, 1, 2, 1, 16, 64, 10000, 1e-5, true, LlamaConfig.SpecialIds.NONE);
    Palettizer palettizer = new Palettizer(PaletteSettings.DEFAULT);
    Map<String, PackedWeight> weights = new LinkedHashMap<>();
    int sample = 0;
    for (Map.Entry<String, int[]> entry : config.weightShapes().entrySet()) {
      CounterStream stream = CounterStream.of(3, "weights", 0, sample++);
      Tensor weight = Tensor.zeros(entry.getValue());
      for (int i = 0; i < weight.size(); i++) {
        weight.data()[i] = (float) (0.1 * stream.normal(i));
      }
      if (weight.rank() == 1) {
        weights.put(entry.getKey(), HalfTensor.of(weight));
      } else if (entry.getKey().equals(LlamaConfig.EMBEDDING)) {
        weights.put(entry.getKey(), Int8Rows.of(weight));
      } else {
        double[] equal = new double[weight.extent(1)];
        Arrays.fill(equal, 1);
        weights.put(entry.getKey(), palettizer.nearest(weight, equal, width));
      }
    }
    return new PalettizedModel(config, weights);
  }
}
