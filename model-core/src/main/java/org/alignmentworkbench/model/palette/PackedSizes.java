package org.alignmentworkbench.model.palette;

import java.util.Collection;

/// What a compressed model takes, counted from the bytes that are stored.
///
/// ```
/// bits a weight    = 8 (index bytes + table bytes) / palettized weights
/// bits a parameter = 8 (all bytes) / all parameters
/// ```
///
/// The second figure holds embeddings, their scales and the norms too, and an adapter if one is
/// added. Names and offsets in the file's header are in neither.
///
/// @param palettizedWeights weights of the palettized projections
/// @param indexBytes bytes of their indices
/// @param tableBytes bytes of their tables
/// @param otherParameters parameters of everything else in the base
/// @param otherBytes bytes of everything else in the base
/// @param adapterBytes bytes of an adapter that goes with the model, 0 without one
public record PackedSizes(
    long palettizedWeights,
    long indexBytes,
    long tableBytes,
    long otherParameters,
    long otherBytes,
    long adapterBytes) {
  /// The sizes of some stored weights, without an adapter.
  public static PackedSizes of(Collection<? extends PackedWeight> weights) {
    long palettized = 0;
    long indices = 0;
    long tables = 0;
    long parameters = 0;
    long bytes = 0;
    for (PackedWeight weight : weights) {
      switch (weight) {
        case PalettizedMatrix m -> {
          palettized += m.parameters();
          indices += m.indices().length;
          tables += m.bytes() - m.indices().length;
        }
        case Int8Rows m -> {
          parameters += m.parameters();
          bytes += m.bytes();
        }
        case HalfTensor t -> {
          parameters += t.parameters();
          bytes += t.bytes();
        }
      }
    }
    return new PackedSizes(palettized, indices, tables, parameters, bytes, 0);
  }

  /// The same with an adapter of so many 16-bit values beside it.
  public PackedSizes withAdapter(long values) {
    return new PackedSizes(
        palettizedWeights, indexBytes, tableBytes, otherParameters, otherBytes, 2 * values);
  }

  /// Bits of indices and tables for each palettized weight.
  public double bitsPerWeight() {
    return 8.0 * (indexBytes + tableBytes) / palettizedWeights;
  }

  /// Bits of everything for each parameter of the base.
  public double bitsPerParameter() {
    return 8.0 * bytes() / (palettizedWeights + otherParameters);
  }

  /// Bytes of everything.
  public long bytes() {
    return indexBytes + tableBytes + otherBytes + adapterBytes;
  }
}
