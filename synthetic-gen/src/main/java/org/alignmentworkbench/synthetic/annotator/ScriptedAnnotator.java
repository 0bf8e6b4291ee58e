package org.alignmentworkbench.synthetic.annotator;

import java.util.List;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.synthetic.task.Checks;
import org.alignmentworkbench.synthetic.task.GeneratedTask;
import org.alignmentworkbench.synthetic.utility.TrueUtility;
import org.alignmentworkbench.synthetic.utility.TrueUtility.Components;

/// An annotator who knows the true utility with noise; the package has the formula.
public final class ScriptedAnnotator {
  /// The noise of the demo's annotators, in units of utility.
  public static final double DEFAULT_NOISE = 0.10;

  private static final double SLIGHTLY = 0.06;
  private static final double BETTER = 0.18;
  private static final double SIGNIFICANTLY = 0.35;
  private static final double FAIR = 0.40;
  private static final double GOOD = 0.85;
  private static final double RUDE = 0.2;
  private static final int GRADE_DRAWS = 4;

  private final long seed;
  private final double noise;

  public ScriptedAnnotator(long seed, double noise) {
    if (!(noise >= 0 && Double.isFinite(noise))) {
      throw new IllegalArgumentException("noise must be finite and >= 0, was " + noise);
    }
    this.seed = seed;
    this.noise = noise;
  }

  /// The judgement of slot `ordinal` of a task. For two equal texts, of which no order can be told,
  /// the left one is said to be negligibly better.
  public PairJudgement judge(GeneratedTask task, String left, String right, int ordinal) {
    return left.compareTo(right) <= 0
        ? judgeInOrder(task, left, right, ordinal)
        : judgeInOrder(task, right, left, ordinal).swapped();
  }

  private PairJudgement judgeInOrder(GeneratedTask task, String first, String second, int ordinal) {
    String name =
        task.key() + '\n' + first.length() + '\n' + first + '\n' + second + '\n' + ordinal;
    CounterStream stream = CounterStream.named(seed, "annotator", name);
    Components a = TrueUtility.components(task, first);
    Components b = TrueUtility.components(task, second);
    double difference =
        first.equals(second) ? 0 : b.utility() - a.utility() + noise * stream.normal(0);
    // Without noise two different texts can be worth exactly the same: a coin says which wins.
    boolean secondWins = difference > 0 || (difference == 0 && stream.below(1, 2) == 1);
    int level = level(Math.abs(difference));
    int strength = secondWins && !first.equals(second) ? level : -level;
    return new PairJudgement(
        strength,
        grades(a, stream, 2),
        grades(b, stream, 2 + GRADE_DRAWS),
        strength > 0 ? reason(task, second, b, first, a) : reason(task, first, a, second, b));
  }

  private static int level(double distance) {
    return distance < SLIGHTLY ? 1 : distance < BETTER ? 2 : distance < SIGNIFICANTLY ? 3 : 4;
  }

  private Grades grades(Components parts, CounterStream stream, int from) {
    return new Grades(
        grade(parts.checks() + noise * stream.normal(from)),
        grade(parts.brevity() + noise * stream.normal(from + 1)),
        grade(parts.grounding() + noise * stream.normal(from + 2)),
        grade((parts.rudeness() == 0 ? 1 : RUDE) + noise * stream.normal(from + 3)));
  }

  private static int grade(double value) {
    return value >= GOOD ? 2 : value >= FAIR ? 1 : 0;
  }

  /// One sentence on what speaks against the answer that lost, if anything does.
  private static String reason(
      GeneratedTask task, String winner, Components won, String loser, Components lost) {
    if (lost.rudeness() > won.rudeness()) {
      return "The other answer is rude.";
    }
    List<String> faults = Checks.evaluate(task, loser).faults();
    if (faults.size() > Checks.evaluate(task, winner).faults().size()) {
      return "In the other answer " + faults.getFirst() + ".";
    }
    if (lost.hallucinations() > won.hallucinations()) {
      return "The other answer mentions "
          + String.join(", ", TrueUtility.hallucinations(task, loser))
          + ", which the message does not.";
    }
    if (lost.grounding() < won.grounding()) {
      return "The other answer leaves out what matters.";
    }
    if (lost.brevity() < won.brevity()) {
      return "The other answer is too long.";
    }
    return "A close call.";
  }
}
