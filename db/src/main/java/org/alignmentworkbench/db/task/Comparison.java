package org.alignmentworkbench.db.task;

/// Two different responses to one prompt that are to be compared.
public record Comparison(long promptId, long responseA, long responseB) {
  public Comparison {
    if (responseA == responseB) {
      throw new IllegalArgumentException("response " + responseA + " compared with itself");
    }
  }
}
