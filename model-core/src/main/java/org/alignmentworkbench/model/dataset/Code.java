package org.alignmentworkbench.model.dataset;

/// Why a row or a file is refused, skipped, or worth a second look. A row with several faults gets
/// the first of them in this order.
public enum Code {
  /// The bytes are UTF-16 or UTF-32.
  UNSUPPORTED_ENCODING,
  /// The bytes are no UTF-8: a foreign encoding, an overlong form or half a character.
  INVALID_UTF8,
  /// Longer than the reader's limit.
  LINE_TOO_LONG,
  /// More bytes, once unpacked, than the reader's limit.
  FILE_TOO_LARGE,
  /// A compressed file that ends early.
  TRUNCATED_GZIP,
  /// A compressed file whose content does not fit its checksum.
  CORRUPT_GZIP,
  /// No row at all.
  EMPTY_FILE,
  /// No JSON.
  INVALID_JSON,
  /// No CSV: an open quote, text after a closing quote, or cells that do not fit the header.
  INVALID_CSV,
  /// An object with the same name twice.
  DUPLICATE_KEY,
  /// Lists or objects nested too deep.
  NESTING_TOO_DEEP,
  /// A control character in a text.
  CONTROL_CHARACTER,
  /// Half of a character pair.
  LONE_SURROGATE,
  /// A value of another type than the field has.
  WRONG_TYPE,
  /// A field that must be there is not.
  MISSING_FIELD,
  /// A list of turns without a turn.
  EMPTY_MESSAGES,
  /// Texts in some fields and lists of turns in others.
  MIXED_FORMS,
  /// Null where there must be a text.
  NULL_CONTENT,
  /// A text without a visible character.
  EMPTY_CONTENT,
  /// A dialogue as text in which no turn is marked.
  NO_TURN_MARKERS,
  /// A role that the shape does not have.
  UNKNOWN_ROLE,
  /// A dialogue in which the assistant says nothing.
  NO_ASSISTANT_TURN,
  /// Turns in an order that no dialogue has.
  ROLE_ORDER,
  /// Two answers that do not begin with the same prompt.
  NO_COMMON_PROMPT,
  /// Two answers that are the same.
  CHOSEN_EQUALS_REJECTED,
  /// An earlier row has the same id and content.
  DUPLICATE_ROW,
  /// An earlier row has the same id and other content.
  DUPLICATE_ID,
  /// Nothing in the line; skipped.
  BLANK_LINE,
  /// An earlier row has the same content under another id; accepted.
  WARN_DUPLICATE_CONTENT,
  /// Characters that reverse the order in which text is shown; accepted.
  WARN_BIDI_CONTROL,
  /// The end of the implied prompt cuts a word in two; accepted.
  WARN_PROMPT_CUT_IN_WORD,
  /// One text is the beginning of the other, so only a character is left of its answer; accepted.
  WARN_ANSWER_CUT_SHORT;

  /// Whether a row with it is accepted all the same.
  public boolean isWarning() {
    return compareTo(WARN_DUPLICATE_CONTENT) >= 0;
  }
}
