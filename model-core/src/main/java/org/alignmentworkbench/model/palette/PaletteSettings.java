package org.alignmentworkbench.model.palette;

/// How a matrix is palettized.
///
/// @param groupRows rows that share a table
/// @param damping share of the mean input square that is added to every input square, so that
///   rounding does not lean on directions which the calibration inputs hardly use
/// @param polishing most rounds in which tables and indices are improved in turns after the
///   assignment with error feedback; 0 leaves that assignment as it is
public record PaletteSettings(int groupRows, double damping, int polishing) {
  /// Sixteen rows a table, as the published models have; damping as GPTQ has it.
  public static final PaletteSettings DEFAULT = new PaletteSettings(16, 0.01, 8);

  /// Checks the ranges.
  public PaletteSettings {
    if (groupRows < 1) {
      throw new IllegalArgumentException("groupRows must be at least 1, was " + groupRows);
    }
    if (!(damping > 0 && Double.isFinite(damping))) {
      throw new IllegalArgumentException("damping must be finite and > 0, was " + damping);
    }
    if (polishing < 0) {
      throw new IllegalArgumentException("polishing must be at least 0, was " + polishing);
    }
  }
}
