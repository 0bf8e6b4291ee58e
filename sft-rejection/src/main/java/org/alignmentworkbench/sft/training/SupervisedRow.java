package org.alignmentworkbench.sft.training;

import java.util.List;
import org.alignmentworkbench.sft.loss.SupervisedLoss;

/// A conversation as token ids with the tokens that are supervised: the assistant's words and its
/// end of turn. The first token has nothing before it and is never supervised.
public record SupervisedRow(String key, int[] ids, boolean[] supervised) {
  /// Checks that the mask fits and supervises something.
  public SupervisedRow {
    if (ids.length != supervised.length) {
      throw new IllegalArgumentException(
          "row "
              + key
              + ": one mask entry for each token, were "
              + supervised.length
              + " for "
              + ids.length);
    }
    if (ids.length > 0 && supervised[0]) {
      throw new IllegalArgumentException(
          "row " + key + ": the first token cannot be supervised, nothing comes before it");
    }
    if (SupervisedLoss.tokens(List.of(supervised)) == 0) {
      throw new IllegalArgumentException("row " + key + ": no token is supervised");
    }
  }

  /// A prompt and the response to learn, the stop token included.
  public static SupervisedRow of(String key, int[] prompt, int[] response) {
    int[] ids = new int[prompt.length + response.length];
    boolean[] supervised = new boolean[ids.length];
    for (int t = 0; t < ids.length; t++) {
      boolean inResponse = t >= prompt.length;
      ids[t] = inResponse ? response[t - prompt.length] : prompt[t];
      supervised[t] = inResponse;
    }
    return new SupervisedRow(key, ids, supervised);
  }
}
