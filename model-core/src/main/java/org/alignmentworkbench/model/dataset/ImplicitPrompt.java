package org.alignmentworkbench.model.dataset;

import java.util.List;

/// Finds the prompt that two whole dialogues share, as TRL's `extract_prompt` does: their longest
/// common beginning, less one blank at its end.
///
/// Where one text is the beginning of the other, TRL leaves the shorter one its last character as
/// an answer; that is followed, with a warning. Where nothing is shared it reads the character
/// before the first; here there is then no prompt.
final class ImplicitPrompt {
  private ImplicitPrompt() {}

  /// Where the prompt of two texts ends; 0 where they share none.
  static int length(String one, String other) {
    int common = 0;
    int most = Math.min(one.length(), other.length());
    while (common < most && one.charAt(common) == other.charAt(common)) {
      common++;
    }
    if (common == most) {
      return Math.max(0, one.offsetByCodePoints(most, -Math.min(most, 1)));
    }
    // Never between the halves of a character.
    if (common > 0 && Character.isHighSurrogate(one.charAt(common - 1))) {
      common--;
    }
    return common > 0 && one.charAt(common - 1) == ' ' ? common - 1 : common;
  }

  /// Whether a text is cut between two letters or digits.
  static boolean cutsWord(String text, int end) {
    return end > 0
        && end < text.length()
        && Character.isLetterOrDigit(text.codePointBefore(end))
        && Character.isLetterOrDigit(text.codePointAt(end));
  }

  /// The number of turns that two dialogues begin with.
  static int turns(List<Turn> one, List<Turn> other) {
    int common = 0;
    while (common < Math.min(one.size(), other.size())
        && one.get(common).equals(other.get(common))) {
      common++;
    }
    return common;
  }
}
