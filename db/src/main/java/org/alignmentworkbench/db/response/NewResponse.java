package org.alignmentworkbench.db.response;

import org.alignmentworkbench.db.response.Response.Finish;
import org.jspecify.annotations.Nullable;

/// A response to be kept; [Response] says what the parts mean.
public record NewResponse(
    long promptId,
    String key,
    int round,
    String member,
    long modelId,
    int sample,
    String text,
    int[] tokenIds,
    double logProb,
    Finish finish,
    @Nullable Double reward,
    @Nullable String checks,
    @Nullable Long runId) {
  public NewResponse {
    // A byte-level model can say NUL, which a text column cannot hold; the token ids keep the
    // truth.
    text = text.replace('\0', '\uFFFD');
    if (!Double.isFinite(logProb)) {
      throw new IllegalArgumentException(
          "response " + key + ": the log-probability must be finite, was " + logProb);
    }
  }
}
