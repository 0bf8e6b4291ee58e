package org.alignmentworkbench.annotation.page;

/// How far something is.
///
/// @param value what is done
/// @param total what is wanted; 0 when unknown
/// @param text the same in words, for example `312 of 900`
public record Progress(long value, long total, String text) {
  /// An unknown total draws a bar without a value.
  public boolean known() {
    return total > 0;
  }
}
