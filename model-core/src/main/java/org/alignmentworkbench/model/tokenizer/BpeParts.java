package org.alignmentworkbench.model.tokenizer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A byte-level BPE vocabulary in its parts, for formats other than `tokenizer.json`.
///
/// @param tokens those of the model by id, in the byte alphabet; null where the model has none
/// @param merges pairs of tokens, first merges first
/// @param added tokens that are recognised whole; one of them may be among `tokens` as well
/// @param cut how text is cut into words
/// @param wholeWordsFirst whether a word that is a token is taken as it is, without merging
/// @param beginning the token before every text that stands alone, or null
public record BpeParts(
    List<@Nullable String> tokens,
    List<List<String>> merges,
    List<AddedToken> added,
    TextCut cut,
    boolean wholeWordsFirst,
    @Nullable AddedToken beginning) {
  /// Copies the lists.
  public BpeParts {
    tokens = Collections.unmodifiableList(new ArrayList<>(tokens));
    merges = List.copyOf(merges);
    added = List.copyOf(added);
  }
}
