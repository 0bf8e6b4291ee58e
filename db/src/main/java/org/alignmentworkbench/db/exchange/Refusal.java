package org.alignmentworkbench.db.exchange;

/// Why something that a file says was left out.
///
/// @param row where it stands in the file
/// @param rule a name for the reason
/// @param reason a sentence that names the value
public record Refusal(long row, String rule, String reason) {}
