package org.alignmentworkbench.sft.committee;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;

/// Who sits on the next committee: first the best of each family, so that methods with different
/// strengths stay represented, then the best of the rest, old rounds included.
///
/// "Best" is the pass rate, then the mean reward, then the name. The pass rate comes first because
/// the committee's answers train the student and a reward model can be flattered.
public final class CommitteeElection {
  private static final Comparator<Standing> BETTER =
      Comparator.comparingDouble(Standing::passRate)
          .thenComparingDouble(Standing::reward)
          .reversed()
          .thenComparing(Standing::member);

  private CommitteeElection() {}

  /// The elected members, best first.
  public static List<Standing> elect(List<Standing> standings, int seats) {
    if (seats < 1) {
      throw new IllegalArgumentException("a committee must have seats, was " + seats);
    }
    if (standings.isEmpty()) {
      throw new IllegalArgumentException("a committee needs at least one candidate member, was 0");
    }
    List<Standing> ranked = standings.stream().sorted(BETTER).toList();
    if (ranked.stream().map(Standing::member).distinct().count() != ranked.size()) {
      throw new IllegalArgumentException("a member stands twice: " + ranked);
    }
    var families = new HashSet<String>();
    var elected = new ArrayList<Standing>();
    for (Standing standing : ranked) {
      if (elected.size() < seats && families.add(standing.family())) {
        elected.add(standing);
      }
    }
    for (Standing standing : ranked) {
      if (elected.size() < seats && !elected.contains(standing)) {
        elected.add(standing);
      }
    }
    return elected.stream().sorted(BETTER).toList();
  }
}
