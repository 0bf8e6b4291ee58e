package org.alignmentworkbench.db.evaluation;

/// How two evaluations went on the prompts they share.
public record PairedPasses(long both, long onlyFirst, long onlySecond, long neither) {
  public long n() {
    return both + onlyFirst + onlySecond + neither;
  }
}
