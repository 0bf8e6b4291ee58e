package org.alignmentworkbench.synthetic.task;

/// What the assistant is asked to do with a message.
public enum TaskKind {
  SUMMARISE_NOTIFICATION("Summarise a notification", 10),
  SUMMARISE_THREAD("Summarise a thread", 12),
  REPLY("Short reply", 10),
  REWRITE("Rewrite in a tone", 12),
  EXTRACT_JSON("Extract to JSON", 8),
  LIST_ITEMS("List items", 6),
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

  /// The number of words up to which an answer of this kind counts as brief, before what a task's
  /// constraints add to it.
  public int comfortableWords() {
    return comfortableWords;
  }
}
