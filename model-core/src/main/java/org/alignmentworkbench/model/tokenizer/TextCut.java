package org.alignmentworkbench.model.tokenizer;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How byte-level BPE vocabularies cut text into the words inside which pairs may merge.
///
/// ```
/// GPT2                's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
/// GPT2_SINGLE_DIGITS  \p{N} cut off one by one, then GPT2 on what lies between
/// LLAMA3, QWEN2       (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|N
///                     | ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
///                     where N is \p{N}{1,3} for LLAMA3 and \p{N} for QWEN2
/// ```
public enum TextCut {
  GPT2,
  GPT2_SINGLE_DIGITS,
  LLAMA3,
  QWEN2;

  private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
  private static final String WORDS = "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";
  private static final String REST =
      "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  /// The pattern that a `tokenizer.json` spells out, of those that do; else null.
  @Nullable String regex() {
    return switch (this) {
      case GPT2, GPT2_SINGLE_DIGITS -> null;
      case LLAMA3 -> CONTRACTIONS + WORDS + "|\\p{N}{1,3}" + REST;
      case QWEN2 -> CONTRACTIONS + WORDS + "|\\p{N}" + REST;
    };
  }

  /// The cut that a `tokenizer.json` means by a pattern.
  static Optional<TextCut> ofRegex(String regex) {
    for (TextCut cut : values()) {
      if (regex.equals(cut.regex())) {
        return Optional.of(cut);
      }
    }
    return Optional.empty();
  }
}
