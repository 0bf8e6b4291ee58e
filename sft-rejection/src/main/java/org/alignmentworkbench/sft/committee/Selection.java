package org.alignmentworkbench.sft.committee;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The best candidate of each prompt, in the order of the prompt keys.
///
/// | component | meaning |
/// |---|---|
/// | `best` | the chosen candidates |
/// | `candidates` | all that were looked at |
/// | `unscorable` | those without a reward |
/// | `rejected` | those that the filter of verifiable instructions turned away |
/// | `promptsWithoutAnswer` | prompts none of whose candidates was left |
public record Selection(
    List<Candidate> best, int candidates, int unscorable, int rejected, int promptsWithoutAnswer) {
  /// Copies the list.
  public Selection {
    best = List.copyOf(best);
  }

  /// How many of the chosen answers each member gave.
  public SortedMap<String, Integer> chosenByMember() {
    var counts = new TreeMap<String, Integer>();
    best.forEach(candidate -> counts.merge(candidate.member(), 1, Integer::sum));
    return counts;
  }
}
