package org.alignmentworkbench.rlhf.job;

import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.db.dataset.Preference;
import org.alignmentworkbench.db.dataset.Preference.Answer;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.rlhf.preference.GradeLoss;
import org.alignmentworkbench.rlhf.preference.PreferenceStrength;
import org.alignmentworkbench.rlhf.training.JudgedPair;
import org.alignmentworkbench.rlhf.training.PreferencePair;
import org.alignmentworkbench.rlhf.training.RewardModelScorer;
import org.jspecify.annotations.Nullable;

/// The rows of a preference dataset as trainings read them. Each judgement is a row: three people
/// who judged one pair give three.
final class JudgedData {
  private JudgedData() {}

  /// Pairs to train a policy on.
  static List<PreferencePair> pairs(List<Preference> rows, OpenPolicy policy) {
    var pairs = new ArrayList<PreferencePair>();
    for (Preference row : rows) {
      pairs.add(
          new PreferencePair(
              key(row),
              policy.prompt(row.promptKey(), row.prompt()).ids(),
              tokens(row, chosen(row), policy),
              tokens(row, rejected(row), policy)));
    }
    return pairs;
  }

  /// Pairs to train a reward model on: training or held-out ones. A prompt is held out with all its
  /// pairs, so nothing measured was seen with another answer. A conversation that is longer than
  /// the policy's context, as one from a file may be, leaves its pair out.
  static List<JudgedPair> judged(
      List<Preference> rows, OpenPolicy policy, boolean heldOut, double share, long seed) {
    var pairs = new ArrayList<JudgedPair>();
    for (Preference row : rows) {
      double draw = CounterStream.named(seed, "reward-held-out", row.promptKey()).uniform(0);
      if (draw < share != heldOut) {
        continue;
      }
      int[] prompt = policy.prompt(row.promptKey(), row.prompt()).ids();
      int[] chosen = RewardModelScorer.joined(prompt, tokens(row, chosen(row), policy));
      int[] rejected = RewardModelScorer.joined(prompt, tokens(row, rejected(row), policy));
      if (Math.max(chosen.length, rejected.length)
          > policy.description().config().contextLength()) {
        continue;
      }
      pairs.add(
          new JudgedPair(
              key(row),
              chosen,
              rejected,
              PreferenceStrength.ofScale(row.strength()),
              grades(chosen(row).grades()),
              grades(rejected(row).grades())));
    }
    return pairs;
  }

  /// The tokens that the answer was sampled as; those of its text where it came with a file.
  private static int[] tokens(Preference row, Answer answer, OpenPolicy policy) {
    return answer.tokenIds().length > 0
        ? answer.tokenIds()
        : policy.answer(row.prompt(), answer.text());
  }

  private static String key(Preference row) {
    return row.taskKey() + "#" + row.ordinal();
  }

  // A positive strength prefers B.
  private static Answer chosen(Preference row) {
    return row.strength() > 0 ? row.b() : row.a();
  }

  private static Answer rejected(Preference row) {
    return row.strength() > 0 ? row.a() : row.b();
  }

  private static int[] grades(@Nullable Grades grades) {
    if (grades == null) {
      return new int[] {GradeLoss.MISSING, GradeLoss.MISSING, GradeLoss.MISSING, GradeLoss.MISSING};
    }
    return new int[] {
      grades.instructionFollowing(),
      grades.concision(),
      grades.truthfulness(),
      grades.harmlessness()
    };
  }
}
