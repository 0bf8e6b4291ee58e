package org.alignmentworkbench.app.compression.job;

import java.util.List;

/// What is kept with a compressed model and with its recovery adapter.
///
/// @param bitsPerWeight bits of indices and tables for each palettized weight
/// @param bitsPerParameter bits of everything, an adapter's 16-bit values included, for each
///   parameter of the base
/// @param bytes the same in bytes
/// @param divergence nats a token between the uncompressed model's predictions and this one's, on
///   held-out answers
/// @param tokens how many tokens that is measured on
/// @param projections how each projection is stored; empty with an adapter
public record CompressionDetail(
    double bitsPerWeight,
    double bitsPerParameter,
    long bytes,
    double divergence,
    long tokens,
    List<Projection> projections) {
  /// Keeps its own list.
  public CompressionDetail {
    projections = List.copyOf(projections);
  }

  /// One projection.
  ///
  /// @param bits bits of an index
  /// @param divergenceAtTwoBits nats a token with only this projection at 2 bits
  /// @param divergenceAtFourBits the same at 4 bits
  public record Projection(
      String name, int bits, double divergenceAtTwoBits, double divergenceAtFourBits) {}
}
