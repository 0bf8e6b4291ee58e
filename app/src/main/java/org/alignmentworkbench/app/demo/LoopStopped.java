package org.alignmentworkbench.app.demo;

/// A run of the loop ended without being finished; the message says which, why, and how to go on.
public final class LoopStopped extends Exception {
  private static final long serialVersionUID = 1L;

  LoopStopped(String sentence) {
    super(sentence);
  }
}
