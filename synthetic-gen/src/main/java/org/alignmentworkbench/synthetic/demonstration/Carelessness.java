package org.alignmentworkbench.synthetic.demonstration;

import org.alignmentworkbench.synthetic.check.Check;

/// How often a writer errs; every figure but the last is a probability.
///
/// A writer with habits does not forget every constraint alike. The factors below multiply
/// `forgetsConstraint`:
///
/// | constraint | factor | constraint | factor |
/// |---|---|---|---|
/// | word to leave out | 1.8 | only lower case | 1.4 |
/// | least number of words | 1.7 | on one line | 1.4 |
/// | one sentence | 1.7 | most words | 1.0 |
/// | no digits | 1.5 | word to use | 0.9 |
/// | closing phrase | 1.5 | ALL CAPS | 0.8 |
/// | | | opening phrase | 0.7 |
/// | | | list lines | 0.6 |
///
/// With the demo's 0.35 the first five are forgotten more often than heeded. That matters: a model
/// that imitates writers who heed each constraint more often than not, and always says the
/// likeliest thing, heeds them all and leaves preferences nothing to teach.
///
/// @param forgetsConstraint for each constraint of form: the writer does not think of it (and may
///   meet it by luck)
/// @param missesPoint the writer does not do what the instruction asks
/// @param wordy the writer adds a phrase that nobody needs
/// @param wrongFact one fact of the message is remembered wrong (it may not come up in the answer)
/// @param rude the writer loses patience
/// @param habits whether the factors hold
public record Carelessness(
    double forgetsConstraint,
    double missesPoint,
    double wordy,
    double wrongFact,
    double rude,
    boolean habits) {

  /// The writer of the demo's demonstrations.
  public static final Carelessness DEMONSTRATIONS =
      new Carelessness(0.35, 0.06, 0.12, 0.10, 0.02, true);

  /// The writers of the pre-training corpus: they show what can be done and do it half the time.
  public static final Carelessness CORPUS = new Carelessness(0.45, 0.08, 0.12, 0.08, 0.02, false);

  /// A writer who never errs.
  public static final Carelessness NONE = new Carelessness(0, 0, 0, 0, 0, false);

  public Carelessness {
    for (double p : new double[] {forgetsConstraint, missesPoint, wordy, wrongFact, rude}) {
      if (!(p >= 0 && p <= 1)) {
        throw new IllegalArgumentException("a probability must be in [0, 1], was " + p);
      }
    }
  }

  /// The probability that the writer does not think of this constraint.
  public double forgets(Check constraint) {
    return habits ? Math.min(1, forgetsConstraint * factor(constraint)) : forgetsConstraint;
  }

  private static double factor(Check constraint) {
    return switch (constraint) {
      case Check.LacksKeyword _ -> 1.8;
      case Check.MinWords _, Check.OneSentence _ -> 1.7;
      case Check.NoDigits _, Check.EndsWith _ -> 1.5;
      case Check.AllLowerCase _, Check.OneLine _ -> 1.4;
      case Check.MaxWords _ -> 1.0;
      case Check.HasKeyword _ -> 0.9;
      case Check.AllCaps _ -> 0.8;
      case Check.StartsWith _ -> 0.7;
      case Check.ListLines _ -> 0.6;
      case Check.MentionsFacts _,
          Check.JsonObjectWith _,
          Check.NumberAnswer _,
          Check.InStyle _,
          Check.TakesStance _ ->
          throw new IllegalArgumentException(
              "the instruction itself asks for it: " + constraint.describe());
    };
  }
}
