package org.alignmentworkbench.synthetic.filter;

import java.util.List;

/// What the filter says about a response.
public sealed interface FilterOutcome {

  /// The response may be learned from.
  record Kept() implements FilterOutcome {}

  /// The response may not be learned from, for these reasons.
  record Rejected(List<String> reasons) implements FilterOutcome {
    public Rejected {
      reasons = List.copyOf(reasons);
      if (reasons.isEmpty()) {
        throw new IllegalArgumentException("a rejection needs a reason");
      }
    }
  }
}
