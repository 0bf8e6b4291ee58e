package org.alignmentworkbench.db.exchange;

import java.util.List;

/// Why something that a file says was left out.
///
/// @param row where it stands in the file
/// @param rule a name for the reason
/// @param reason a sentence that names the value
public record Refusal(long row, String rule, String reason) {
  /// The head of a table of refusals.
  public static final List<String> HEADER = List.of("row", "rule", "reason");

  /// Its row in such a table.
  public List<String> cells() {
    return List.of(Long.toString(row), rule, reason);
  }

  /// All of it as one sentence.
  public String sentence() {
    return "row " + row + ": " + rule + ", " + reason;
  }
}
