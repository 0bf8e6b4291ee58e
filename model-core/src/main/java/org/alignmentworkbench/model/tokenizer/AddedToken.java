package org.alignmentworkbench.model.tokenizer;

/// A token that is recognised as a whole string, outside the merges.
///
/// @param id its id
/// @param content its text
/// @param special whether decoding may leave it out
public record AddedToken(int id, String content, boolean special) {
  public AddedToken {
    if (content.isEmpty()) {
      throw new IllegalArgumentException("added token " + id + " must not be empty");
    }
  }
}
