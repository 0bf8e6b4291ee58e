package org.alignmentworkbench.sft.training;

import java.util.Arrays;
import java.util.List;
import org.alignmentworkbench.sft.loss.SupervisedLoss;

/// Whether a model can learn a conversation.
///
/// What it cannot is left out. An answer without a trained end of turn is not learnt: it teaches
/// not to stop. One that is longer than the context is left out too, or its beginning is learnt
/// where a run asks for that.
public sealed interface Learnable {
  /// It can.
  record Learnt(SupervisedRow row) implements Learnable {}

  /// Its beginning, as long as the context.
  ///
  /// @param tokens of the whole
  record Cut(SupervisedRow row, int tokens) implements Learnable {}

  /// It has more tokens than the model has positions, and its beginning is not wanted or supervises
  /// nothing.
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
  /// @param tooLong what becomes of a row with more tokens
  static Learnable of(SupervisedRow row, boolean ended, int contextLength, TooLongRule tooLong) {
    int tokens = row.ids().length;
    if (tokens <= contextLength) {
      return ended ? new Learnt(row) : new Unended(row.key());
    }
    boolean[] beginning = Arrays.copyOf(row.supervised(), contextLength);
    if (tooLong == TooLongRule.DROP || SupervisedLoss.tokens(List.of(beginning)) == 0) {
      return new TooLong(row.key(), tokens, contextLength);
    }
    if (!ended) {
      return new Unended(row.key());
    }
    int[] ids = Arrays.copyOf(row.ids(), contextLength);
    return new Cut(new SupervisedRow(row.key(), ids, beginning), tokens);
  }
}
