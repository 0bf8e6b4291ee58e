package org.alignmentworkbench.synthetic.demonstration;

/// How often a writer errs; every figure is a probability.
///
/// @param forgetsConstraint for each constraint of form: the writer does not think of it (and may
///   meet it by luck)
/// @param missesPoint the writer does not do what the instruction asks
/// @param wordy the writer adds a phrase that nobody needs
/// @param wrongFact one fact of the message is remembered wrong (it may not come up in the answer)
/// @param rude the writer loses patience
public record Carelessness(
    double forgetsConstraint, double missesPoint, double wordy, double wrongFact, double rude) {

  /// The writer of the demo's demonstrations.
  public static final Carelessness DEMONSTRATIONS = new Carelessness(0.35, 0.06, 0.12, 0.10, 0.02);

  /// The writers of the pre-training corpus: they show what can be done and do it half the time.
  public static final Carelessness CORPUS = new Carelessness(0.45, 0.08, 0.12, 0.08, 0.02);

  /// A writer who never errs.
  public static final Carelessness NONE = new Carelessness(0, 0, 0, 0, 0);

  public Carelessness {
    for (double p : new double[] {forgetsConstraint, missesPoint, wordy, wrongFact, rude}) {
      if (!(p >= 0 && p <= 1)) {
        throw new IllegalArgumentException("a probability must be in [0, 1], was " + p);
      }
    }
  }
}
