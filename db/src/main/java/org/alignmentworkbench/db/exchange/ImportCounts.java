package org.alignmentworkbench.db.exchange;

/// What a file came to.
///
/// @param rows rows read
/// @param pairs comparisons that are new
/// @param judgements judgements that are new
/// @param skips skips that are new
/// @param there what was there already, and stays as it is
/// @param refused what was left out
public record ImportCounts(
    long rows, long pairs, long judgements, long skips, long there, long refused) {
  public static final ImportCounts NONE = new ImportCounts(0, 0, 0, 0, 0, 0);

  public ImportCounts plus(ImportCounts other) {
    return new ImportCounts(
        rows + other.rows,
        pairs + other.pairs,
        judgements + other.judgements,
        skips + other.skips,
        there + other.there,
        refused + other.refused);
  }
}
