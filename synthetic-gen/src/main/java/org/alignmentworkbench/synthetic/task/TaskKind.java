package org.alignmentworkbench.synthetic.task;

/// What the assistant is asked to do with a message.
public enum TaskKind {
  SUMMARISE_NOTIFICATION("Summarise a notification", 14),
  SUMMARISE_THREAD("Summarise a thread", 16),
  REPLY("Short reply", 14),
  REWRITE("Rewrite in a tone", 16),
  EXTRACT_JSON("Extract to JSON", 10),
  LIST_ITEMS("List items", 8),
  ARITHMETIC("Arithmetic", 8);

  private final String title;
  private final int comfortableWords;

  TaskKind(String title, int comfortableWords) {
    this.title = title;
    this.comfortableWords = comfortableWords;
  }

  /// Its name on a page.
  public String title() {
    return title;
  }

  /// The number of words up to which an answer of this kind counts as brief.
  public int comfortableWords() {
    return comfortableWords;
  }
}
