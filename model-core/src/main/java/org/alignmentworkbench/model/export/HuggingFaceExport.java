package org.alignmentworkbench.model.export;

import java.io.IOException;
import java.nio.file.Path;
import org.alignmentworkbench.model.folder.ModelFolder;
import org.alignmentworkbench.model.palette.PalettizedModel;
import org.alignmentworkbench.model.safetensors.Dtype;

/// Folders that transformers opens as they are.
///
/// A compressed model is written as its dense reconstruction, which any reader understands, with
/// the packed file (`palettized.safetensors`) beside it for readers that know it. In F32 the
/// reconstruction is exact. In F16 projections and norms are exact, for their values are halves to
/// begin with; an embedding's entry (an 8-bit integer times a half) is rounded by up to 2^-11 of
/// itself, an eighth or less of what rounding it to 8 bits cost.
///
/// An adapter folder beside it is written by `org.alignmentworkbench.model.lora.PeftFolder`.
public final class HuggingFaceExport {
  private HuggingFaceExport() {}

  /// Writes a dense model in 16 bits.
  public static void write(Path folder, ModelFolder model) throws IOException {
    model.write(folder, Dtype.F16);
  }

  /// Writes a compressed model.
  ///
  /// @param source the model before compression: tokenizer, template and stop ids come from it
  /// @param dtype F32 or F16, of the reconstruction
  public static void writeCompressed(
      Path folder, ModelFolder source, PalettizedModel packed, Dtype dtype) throws IOException {
    if (!source.config().equals(packed.config())) {
      throw new IllegalArgumentException(
          "the compressed model must have the shape of its source: "
              + packed.config()
              + ", not "
              + source.config());
    }
    source.withWeights(packed.dense()).write(folder, dtype);
    packed.save(folder.resolve(PalettizedModel.FILE_NAME));
  }
}
