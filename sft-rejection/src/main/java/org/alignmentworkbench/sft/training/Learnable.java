package org.alignmentworkbench.sft.training;

/// Whether a model can learn a conversation.
///
/// What it cannot is left out, never cut to fit: a cut answer teaches to break off. For the same
/// reason an answer without a trained end of turn is not learnt: it teaches not to stop.
public sealed interface Learnable {
  /// It can.
  record Learnt(SupervisedRow row) implements Learnable {}

  /// It has more tokens than the model has positions.
  record TooLong(String key, int tokens, int contextLength) implements Learnable {}

  /// No end of turn is trained after its answer: the sampler's length limit cut it off, or the
  /// template puts no control token there.
  record Unended(String key) implements Learnable {}

  /// The model's template refuses it, such as a system turn where it knows none.
  record Unreadable(String key, String reason) implements Learnable {}

  /// The rule.
  ///
  /// @param ended whether every answer in the row ends with a trained end of turn
  /// @param contextLength positions of the model
  static Learnable of(SupervisedRow row, boolean ended, int contextLength) {
    if (row.ids().length > contextLength) {
      return new TooLong(row.key(), row.ids().length, contextLength);
    }
    return ended ? new Learnt(row) : new Unended(row.key());
  }
}
