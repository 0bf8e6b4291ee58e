package org.alignmentworkbench.db.kind;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// What an annotator answered to a [Question]. A comparison has no such answer: its strength and
/// grades have columns of their own.
public sealed interface Answer {
  /// Longest text that is written or edited, in UTF-16 units as a browser's `maxlength` counts.
  int LONGEST = 20_000;

  TaskKind kind();

  /// Which of two answers is better.
  ///
  /// @param strength -3 (the first is much better) to 3 (the second is); 0 where neither is
  /// @param shown the numbers of the task's answers in the order in which they were shown
  record Chosen(Choice choice, int strength, List<Integer> shown) implements Answer {
    /// The largest strength.
    public static final int STRONGEST = 3;

    public Chosen {
      shown = List.copyOf(shown);
    }

    @Override
    public TaskKind kind() {
      return TaskKind.CHOICE;
    }
  }

  /// What can be said of two answers.
  enum Choice {
    /// One is better.
    PREFERS,
    /// Neither is.
    TIE,
    /// Neither should have been given.
    BOTH_BAD
  }

  /// Grades of one answer.
  ///
  /// @param levels by the keys of the question's dimensions, in their order; 0 is the worst
  record Graded(SequencedMap<String, Integer> levels) implements Answer {
    public Graded {
      levels = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(levels));
    }

    @Override
    public TaskKind kind() {
      return TaskKind.GRADE;
    }
  }

  /// An order of answers.
  ///
  /// @param places of the task's answers in the task's order: 1 is the best, answers that tie share
  ///   a place, and the next place after a tie is the next number
  /// @param shown the numbers of the task's answers in the order in which they were shown
  record Ranked(List<Integer> places, List<Integer> shown) implements Answer {
    public Ranked {
      places = List.copyOf(places);
      shown = List.copyOf(shown);
    }

    @Override
    public TaskKind kind() {
      return TaskKind.RANK;
    }
  }

  /// An ideal answer.
  record Written(String text) implements Answer {
    @Override
    public TaskKind kind() {
      return TaskKind.DEMONSTRATION;
    }
  }

  /// An answer made better, or left as it was because nothing was wrong with it.
  record Edited(String text) implements Answer {
    @Override
    public TaskKind kind() {
      return TaskKind.EDIT;
    }
  }

  /// Passages of an answer; none where nothing was to be marked.
  record Marked(List<Passage> passages) implements Answer {
    static final int MOST = 200;

    public Marked {
      passages = List.copyOf(passages);
    }

    @Override
    public TaskKind kind() {
      return TaskKind.SPAN;
    }
  }

  /// What a model was asked and said, and whether it broke a policy.
  ///
  /// @param policy that the response breaks; empty where it breaks none
  /// @param severity 1 (mild) to 3 (severe); 0 where it breaks none
  record Attacked(String prompt, String response, String policy, int severity) implements Answer {
    /// The largest severity.
    public static final int SEVEREST = 3;

    @Override
    public TaskKind kind() {
      return TaskKind.RED_TEAM;
    }
  }

  /// A passage.
  ///
  /// @param from the code point it begins at, from 0
  /// @param to the code point after its last
  /// @param reason one of the question's
  record Passage(int from, int to, String reason) {}
}
