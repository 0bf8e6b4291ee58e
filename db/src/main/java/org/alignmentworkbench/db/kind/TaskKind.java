package org.alignmentworkbench.db.kind;

/// What an annotator does with a task.
public enum TaskKind {
  /// Says which of two answers is better, and by how much.
  PAIR(2, 2),
  /// Says the same with a tie among what can be said, and perhaps that both are bad.
  CHOICE(2, 2),
  /// Grades one answer on several dimensions.
  GRADE(1, 1),
  /// Puts several answers in order.
  RANK(2, 9),
  /// Writes the ideal answer.
  DEMONSTRATION(0, 0),
  /// Makes one answer better.
  EDIT(1, 1),
  /// Marks passages of one answer, each with a reason.
  SPAN(1, 1),
  /// Tries to make a model say what it must not.
  RED_TEAM(0, 0);

  private final int fewest;
  private final int most;

  TaskKind(int fewest, int most) {
    this.fewest = fewest;
    this.most = most;
  }

  /// Answers that a task of the kind has at least.
  public int fewestAnswers() {
    return fewest;
  }

  /// Answers that a task of the kind has at most.
  public int mostAnswers() {
    return most;
  }
}
