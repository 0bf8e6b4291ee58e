package org.alignmentworkbench.db.exchange;

import java.time.Instant;
import java.util.List;
import org.alignmentworkbench.db.prompt.PromptTurn;
import org.alignmentworkbench.db.task.Grades;
import org.jspecify.annotations.Nullable;

/// A pair of answers that a file brings, with what one person said of it.
///
/// @param row where it stands in the file
/// @param pair the comparison's key
/// @param turns of a prompt that is a conversation; empty for a prompt of one turn
/// @param judgement null for a pair that nobody has judged
/// @param language of the prompt, a BCP 47 tag in lower case; null where the file does not say
public record BroughtPair(
    long row,
    String pair,
    String promptKey,
    String prompt,
    List<PromptTurn> turns,
    String keyA,
    String textA,
    String keyB,
    String textB,
    int round,
    @Nullable BroughtJudgement judgement,
    @Nullable String language) {
  public BroughtPair {
    turns = List.copyOf(turns);
  }

  /// A pair whose prompt is one text, of a language that nobody said.
  public BroughtPair(
      long row,
      String pair,
      String promptKey,
      String prompt,
      String keyA,
      String textA,
      String keyB,
      String textB,
      int round,
      @Nullable BroughtJudgement judgement) {
    this(row, pair, promptKey, prompt, List.of(), keyA, textA, keyB, textB, round, judgement, null);
  }

  /// The same with a prompt of that language.
  public BroughtPair in(@Nullable String tag) {
    return new BroughtPair(
        row, pair, promptKey, prompt, turns, keyA, textA, keyB, textB, round, judgement, tag);
  }

  /// What one person said.
  ///
  /// @param ordinal the slot that it had; null for the next free one
  /// @param annotator the person's name in the file
  /// @param strength null where the pair was skipped
  /// @param gradesA null where none were given
  /// @param gradesB null where none were given
  /// @param at when; null where the file does not say
  public record BroughtJudgement(
      @Nullable Integer ordinal,
      String annotator,
      boolean scripted,
      @Nullable Integer strength,
      @Nullable Grades gradesA,
      @Nullable Grades gradesB,
      String reason,
      @Nullable Boolean aLeft,
      @Nullable Long activeMs,
      @Nullable Integer guidelineVersion,
      @Nullable Instant at) {}
}
