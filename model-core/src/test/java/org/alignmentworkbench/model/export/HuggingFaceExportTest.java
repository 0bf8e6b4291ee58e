package org.alignmentworkbench.model.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.alignmentworkbench.model.folder.ModelFolder;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.palette.HalfTensor;
import org.alignmentworkbench.model.palette.Int8Rows;
import org.alignmentworkbench.model.palette.PackedWeight;
import org.alignmentworkbench.model.palette.PaletteBits;
import org.alignmentworkbench.model.palette.PaletteSettings;
import org.alignmentworkbench.model.palette.PalettizedModel;
import org.alignmentworkbench.model.palette.Palettizer;
import org.alignmentworkbench.model.safetensors.Dtype;
import org.alignmentworkbench.model.safetensors.Half;
import org.alignmentworkbench.model.tensor.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HuggingFaceExportTest {
  private static ModelFolder model;
  private static PalettizedModel packed;

  @TempDir Path folder;

  @BeforeAll
  static void load() throws Exception {
    model = ModelFolder.read(Path.of("src/test/resources/fixtures/model/tiny-llama"));
    Palettizer palettizer = new Palettizer(PaletteSettings.DEFAULT);
    Map<String, PackedWeight> weights = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> entry : model.weights().entrySet()) {
      Tensor weight = entry.getValue();
      if (weight.rank() == 1) {
        weights.put(entry.getKey(), HalfTensor.of(weight));
      } else if (entry.getKey().equals(LlamaConfig.EMBEDDING)) {
        weights.put(entry.getKey(), Int8Rows.of(weight));
      } else {
        double[] equal = new double[weight.extent(1)];
        Arrays.fill(equal, 1);
        weights.put(entry.getKey(), palettizer.nearest(weight, equal, PaletteBits.FOUR));
      }
    }
    packed = new PalettizedModel(model.config(), weights);
  }

  @Test
  void a_dense_model_comes_back_rounded_to_halves() throws Exception {
    HuggingFaceExport.write(folder, model);
    ModelFolder again = ModelFolder.read(folder);
    assertThat(again.config()).isEqualTo(model.config());
    assertThat(again.generation()).isEqualTo(model.generation());
    assertThat(again.tokenizer().encode("Round trip: 123"))
        .isEqualTo(model.tokenizer().encode("Round trip: 123"));
    model
        .weights()
        .forEach((name, weight) -> {
          float[] read = again.weights().get(name).data();
          for (int i = 0; i < read.length; i++) {
            assertThat(read[i]).isEqualTo(Half.fromF16(Half.toF16(weight.data()[i])));
          }
        });
  }

  @Test
  void a_compressed_model_is_exact_in_float32_and_its_projections_in_float16() throws Exception {
    Path full = folder.resolve("full");
    Path half = folder.resolve("half");
    HuggingFaceExport.writeCompressed(full, model, packed, Dtype.F32);
    HuggingFaceExport.writeCompressed(half, model, packed, Dtype.F16);
    Map<String, Tensor> exact = ModelFolder.read(full).weights();
    Map<String, Tensor> rounded = ModelFolder.read(half).weights();
    packed
        .dense()
        .forEach((name, weight) -> {
          assertThat(exact.get(name).data()).as(name).isEqualTo(weight.data());
          if (name.equals(LlamaConfig.EMBEDDING)) {
            for (int i = 0; i < weight.size(); i++) {
              // Half an ulp of binary16, relative, plus the spacing of its smallest numbers.
              assertThat((double) rounded.get(name).data()[i])
                  .isCloseTo(
                      weight.data()[i], within(0x1p-11 * Math.abs(weight.data()[i]) + 0x1p-25));
            }
          } else {
            assertThat(rounded.get(name).data()).as(name).isEqualTo(weight.data());
          }
        });
    Path file = full.resolve(PalettizedModel.FILE_NAME);
    assertThat(PalettizedModel.load(file).sizes()).isEqualTo(packed.sizes());
    assertThat(Files.readAllBytes(half.resolve(PalettizedModel.FILE_NAME)))
        .isEqualTo(Files.readAllBytes(file));
  }

  @Test
  void a_source_of_another_shape_is_refused() {
    LlamaConfig c = model.config();
    LlamaConfig other =
        new LlamaConfig(
            c.vocabularySize(),
            c.hiddenSize(),
            c.intermediateSize(),
            c.layers(),
            c.heads(),
            c.keyValueHeads(),
            c.headSize(),
            c.contextLength(),
            c.ropeTheta() * 2,
            c.rmsNormEps(),
            c.tiedEmbeddings(),
            c.specialIds());
    PalettizedModel foreign = new PalettizedModel(other, packed.weights());
    assertThatThrownBy(() -> HuggingFaceExport.writeCompressed(folder, model, foreign, Dtype.F16))
        .hasMessageContaining("the compressed model must have the shape of its source");
  }
}
