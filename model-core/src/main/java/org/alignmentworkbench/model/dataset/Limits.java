package org.alignmentworkbench.model.dataset;

/// How much a reader takes in.
///
/// @param rowBytes a longer row is refused
/// @param stopBytes a row that is longer still makes the reader give up on the file: nobody writes
///   such rows but who wants to fill a memory or a disk
/// @param fileBytes unpacked bytes of a file
/// @param rows of a file
public record Limits(int rowBytes, long stopBytes, long fileBytes, int rows) {
  /// A megabyte a row, 32 in a row to give up, 8 GiB and ten million rows a file.
  public static final Limits DEFAULT = new Limits(1 << 20, 32L << 20, 8L << 30, 10_000_000);

  public Limits {
    if (rowBytes < 1 || stopBytes < rowBytes || fileBytes < 1 || rows < 1) {
      throw new IllegalArgumentException(
          "limits must be >= 1 and stopBytes >= rowBytes, were "
              + rowBytes
              + ", "
              + stopBytes
              + ", "
              + fileBytes
              + ", "
              + rows);
    }
  }
}
