package org.alignmentworkbench.db.task;

/// Whose judgements a round waits for: people's and scripted ones never mix.
public enum Judges {
  PEOPLE,
  SCRIPTS;

  /// Whether their accounts are marked as scripted.
  public boolean scripted() {
    return this == SCRIPTS;
  }
}
