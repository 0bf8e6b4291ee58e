package org.alignmentworkbench.db.evaluation;

import org.jspecify.annotations.Nullable;

/// One prompt's result to be kept; [Item] says what the parts mean.
public record NewItem(
    long promptId,
    String text,
    boolean passed,
    String checks,
    double utility,
    @Nullable Double reward,
    @Nullable Double logRatio,
    int tokens) {
  public NewItem {
    // A byte-level model can say NUL, which a text column cannot hold.
    text = text.replace('\0', '\uFFFD');
    if (!(utility >= 0 && utility <= 1)) {
      throw new IllegalArgumentException(
          "prompt " + promptId + ": the utility must be in [0, 1], was " + utility);
    }
  }
}
