package org.alignmentworkbench.sft.committee;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// Rejection sampling over a committee: for each prompt, of all members' answers, the one with the
/// highest reward.
///
/// ```
/// best(x) = argmax over candidates y of x with scorable reward (and, with the filter, verified) of r(x, y)
/// ```
///
/// The best **of each prompt**, not the answers of the best member: members differ in what they are
/// good at. Equal rewards are settled by the candidate's key, so neither the order of the
/// candidates nor a restart changes the choice. With [Filter#VERIFIED] a prompt that no member
/// answered correctly drops out; the selection counts it.
///
/// Source: iTeC in the 2024 Apple foundation-model report; RAFT (Dong et al. 2023) with a committee
/// as the sampler.
public final class BestOfCommittee {
  /// Which candidates may be chosen.
  public enum Filter {
    /// Any that could be scored.
    NONE,
    /// Only those that follow every verifiable instruction of their prompt.
    VERIFIED
  }

  private BestOfCommittee() {}

  /// The selection among candidates of any number of prompts.
  public static Selection select(List<Candidate> candidates, Filter filter) {
    var byPrompt = new TreeMap<String, Optional<Candidate>>();
    int unscorable = 0;
    int rejected = 0;
    for (Candidate candidate : candidates) {
      byPrompt.putIfAbsent(candidate.promptKey(), Optional.empty());
      if (Double.isNaN(candidate.reward())) {
        unscorable++;
      } else if (filter == Filter.VERIFIED && !candidate.verified()) {
        rejected++;
      } else {
        byPrompt.merge(
            candidate.promptKey(),
            Optional.of(candidate),
            (held, next) ->
                held.isEmpty() || BETTER.compare(next.get(), held.get()) < 0 ? next : held);
      }
    }
    List<Candidate> best = byPrompt.values().stream().flatMap(Optional::stream).toList();
    return new Selection(
        best, candidates.size(), unscorable, rejected, byPrompt.size() - best.size());
  }

  private static final Comparator<Candidate> BETTER =
      Comparator.comparingDouble(Candidate::reward).reversed().thenComparing(Candidate::key);
}
