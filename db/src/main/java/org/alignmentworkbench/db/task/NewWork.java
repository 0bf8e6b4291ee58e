package org.alignmentworkbench.db.task;

import java.util.HashSet;
import java.util.List;

/// A prompt and the responses to it that a task is to be about, in the task's order.
public record NewWork(long promptId, List<Long> responseIds) {
  public NewWork {
    responseIds = List.copyOf(responseIds);
    if (new HashSet<>(responseIds).size() < responseIds.size()) {
      throw new IllegalArgumentException(
          "prompt %d has a response twice: %s".formatted(promptId, responseIds));
    }
  }
}
