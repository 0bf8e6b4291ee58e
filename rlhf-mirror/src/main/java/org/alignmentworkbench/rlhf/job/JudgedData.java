package org.alignmentworkbench.rlhf.job;

import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.db.dataset.Preference;
import org.alignmentworkbench.db.dataset.Preference.Answer;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.rlhf.preference.PreferenceStrength;
import org.alignmentworkbench.rlhf.training.JudgedPair;
import org.alignmentworkbench.rlhf.training.PreferencePair;
import org.alignmentworkbench.rlhf.training.RewardModelScorer;

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
              chosen(row).tokenIds(),
              rejected(row).tokenIds()));
    }
    return pairs;
  }

  /// Pairs to train a reward model on: training or held-out ones. A prompt is held out with all its
  /// pairs, so nothing measured was seen with another answer.
  static List<JudgedPair> judged(
      List<Preference> rows, OpenPolicy policy, boolean heldOut, double share, long seed) {
    var pairs = new ArrayList<JudgedPair>();
    for (Preference row : rows) {
      double draw = CounterStream.named(seed, "reward-held-out", row.promptKey()).uniform(0);
      if (draw < share != heldOut) {
        continue;
      }
      int[] prompt = policy.prompt(row.promptKey(), row.prompt()).ids();
      pairs.add(
          new JudgedPair(
              key(row),
              RewardModelScorer.joined(prompt, chosen(row).tokenIds()),
              RewardModelScorer.joined(prompt, rejected(row).tokenIds()),
              PreferenceStrength.ofScale(row.strength()),
              grades(chosen(row).grades()),
              grades(rejected(row).grades())));
    }
    return pairs;
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

  private static int[] grades(Grades grades) {
    return new int[] {
      grades.instructionFollowing(),
      grades.concision(),
      grades.truthfulness(),
      grades.harmlessness()
    };
  }
}
