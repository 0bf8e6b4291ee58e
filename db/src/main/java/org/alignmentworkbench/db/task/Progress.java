package org.alignmentworkbench.db.task;

/// How far labelling is. The counts are kept by whatever changes a slot, in the same transaction.
///
/// @param tasks comparisons
/// @param waiting slots free to be claimed
/// @param leased slots that somebody is working on
/// @param done slots judged
public record Progress(long tasks, long waiting, long leased, long done) {
  /// Judgements still wanted.
  public long missing() {
    return waiting + leased;
  }
}
