package org.alignmentworkbench.app.boot;

/// The server cannot start for a reason a person can put right; the message is one sentence that
/// says what and how.
public final class StartRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StartRefused(String sentence) {
    super(sentence);
  }

  public StartRefused(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
