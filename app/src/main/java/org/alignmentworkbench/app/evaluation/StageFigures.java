package org.alignmentworkbench.app.evaluation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.db.view.EvaluationView.Result;
import org.alignmentworkbench.model.statistics.Estimate;
import org.alignmentworkbench.model.statistics.Mean;
import org.alignmentworkbench.model.statistics.PairedDifference;
import org.alignmentworkbench.model.statistics.Proportion;

/// The figures of one evaluation, from its items.
///
/// | figure | unit | from |
/// |---|---|---|
/// | pass rate | probability | prompts all of whose checks pass, Wilson's interval |
/// | utility | 0 to 1 | mean of the true utility, Student's interval |
/// | reward | the reward model's | mean score, Student's interval |
/// | kl | nats a response | mean log-probability ratio to the reference, an unbiased estimate of the KL |
/// | difference | probability | on the prompts both evaluations have, Tango's interval |
record StageFigures(
    Map<Long, Boolean> passed, Estimate passRate, Estimate utility, Estimate reward, Estimate kl) {

  /// The figures of every evaluation, by its number.
  static Map<Long, StageFigures> of(List<Result> results) {
    Map<Long, List<Result>> byEvaluation = new LinkedHashMap<>();
    for (Result result : results) {
      byEvaluation.computeIfAbsent(result.evaluationId(), _ -> new ArrayList<>()).add(result);
    }
    Map<Long, StageFigures> figures = new HashMap<>();
    byEvaluation.forEach((id, own) -> figures.put(id, ofOne(own)));
    return figures;
  }

  /// The figures of an evaluation without items.
  static StageFigures none() {
    return ofOne(List.of());
  }

  private static StageFigures ofOne(List<Result> results) {
    Map<Long, Boolean> passed = new HashMap<>();
    long count = 0;
    Mean utility = new Mean();
    Mean reward = new Mean();
    Mean logRatio = new Mean();
    for (Result result : results) {
      passed.put(result.promptId(), result.passed());
      count += result.passed() ? 1 : 0;
      utility.add(result.utility());
      if (result.reward() != null) {
        reward.add(result.reward());
      }
      if (result.logRatio() != null) {
        logRatio.add(result.logRatio());
      }
    }
    return new StageFigures(
        passed,
        new Proportion(count, results.size()).estimate(),
        utility.estimate(),
        reward.estimate(),
        logRatio.estimate());
  }

  long n() {
    return passed.size();
  }

  /// How two evaluations went on the prompts they share.
  ///
  /// @param gained passed by this one alone
  /// @param lost passed by the other one alone
  record Pairs(long both, long gained, long lost, long neither) {
    long n() {
      return both + gained + lost + neither;
    }

    Estimate difference() {
      return new PairedDifference(both, gained, lost, neither).estimate();
    }
  }

  /// This evaluation's pass rate less another one's, on the prompts they share.
  Estimate differenceTo(StageFigures other) {
    return pairsWith(other).difference();
  }

  Pairs pairsWith(StageFigures before) {
    long both = 0;
    long gained = 0;
    long lost = 0;
    long neither = 0;
    for (var entry : passed.entrySet()) {
      Boolean was = before.passed().get(entry.getKey());
      if (was == null) {
        continue;
      }
      if (was) {
        both += entry.getValue() ? 1 : 0;
        lost += entry.getValue() ? 0 : 1;
      } else {
        gained += entry.getValue() ? 1 : 0;
        neither += entry.getValue() ? 0 : 1;
      }
    }
    return new Pairs(both, gained, lost, neither);
  }
}
