package org.alignmentworkbench.model.dataset;

/// How an export of a labelling tool names a prompt, two answers and the question which is better.
///
/// @param prompt the field of the prompt
/// @param first the field of the first answer
/// @param second the field of the second answer
/// @param question the question which of them is better
public record PairFields(String prompt, String first, String second, String question) {
  /// As Argilla projects of pairs are usually set up.
  public static final PairFields ARGILLA =
      new PairFields("prompt", "response_a", "response_b", "preference");

  /// As Label Studio's template for pairs is usually filled.
  public static final PairFields LABEL_STUDIO =
      new PairFields("prompt", "answer1", "answer2", "pref");
}
