package org.alignmentworkbench.db.kind;

import java.util.HashSet;
import java.util.List;
import java.util.function.Function;

/// How a kind of task is asked.
public sealed interface Question {
  TaskKind kind();

  /// Which of two answers is better, in the usual way: eight points, four either way.
  record Pair() implements Question {
    @Override
    public TaskKind kind() {
      return TaskKind.PAIR;
    }
  }

  /// Which of two answers is better: three points either way and a tie.
  ///
  /// @param bothBad whether one may say that both are bad, which is no tie
  record Choice(boolean bothBad) implements Question {
    @Override
    public TaskKind kind() {
      return TaskKind.CHOICE;
    }
  }

  /// Grades of one answer.
  record Grade(List<Dimension> dimensions) implements Question {
    static final int MOST = 12;

    public Grade {
      dimensions = List.copyOf(dimensions);
      count("dimensions", dimensions.size(), MOST);
      distinct("dimensions", dimensions, Dimension::key);
      distinct("dimensions", dimensions, Dimension::name);
    }

    @Override
    public TaskKind kind() {
      return TaskKind.GRADE;
    }
  }

  /// An order of several answers.
  ///
  /// @param ties whether two answers may share a place
  record Rank(boolean ties) implements Question {
    @Override
    public TaskKind kind() {
      return TaskKind.RANK;
    }
  }

  /// The ideal answer, to be written.
  ///
  /// @param least characters at least, as people count them: code points
  record Demonstration(int least) implements Question {
    static final int MOST_LEAST = 5_000;

    public Demonstration {
      if (least < 1 || least > MOST_LEAST) {
        throw new IllegalArgumentException(
            "least must be 1..%d characters, was %d".formatted(MOST_LEAST, least));
      }
    }

    @Override
    public TaskKind kind() {
      return TaskKind.DEMONSTRATION;
    }
  }

  /// An answer to be made better.
  record Edit() implements Question {
    @Override
    public TaskKind kind() {
      return TaskKind.EDIT;
    }
  }

  /// Passages of an answer to be marked.
  ///
  /// @param reasons one of which each passage is marked with, as annotators read them
  record Span(List<String> reasons) implements Question {
    public static final int MOST = 9;

    public Span {
      reasons = List.copyOf(reasons);
      count("reasons", reasons.size(), MOST);
      reasons.forEach(reason -> Dimension.name("a reason", reason));
      distinct("reasons", reasons, Function.identity());
    }

    @Override
    public TaskKind kind() {
      return TaskKind.SPAN;
    }
  }

  /// Attempts to make a model say what it must not.
  ///
  /// @param harm what it is about, so that people can keep away from it
  /// @param policies that an answer may break, as annotators read them
  record RedTeam(Harm harm, List<String> policies) implements Question {
    public static final int MOST = 8;

    public RedTeam {
      policies = List.copyOf(policies);
      count("policies", policies.size(), MOST);
      policies.forEach(policy -> Dimension.name("a policy", policy));
      distinct("policies", policies, Function.identity());
    }

    @Override
    public TaskKind kind() {
      return TaskKind.RED_TEAM;
    }
  }

  private static void count(String what, int size, int most) {
    if (size < 1 || size > most) {
      throw new IllegalArgumentException("%s must be 1 to %d, are %d".formatted(what, most, size));
    }
  }

  private static <T> void distinct(String what, List<T> all, Function<T, String> name) {
    var seen = new HashSet<String>();
    for (T one : all) {
      if (!seen.add(name.apply(one))) {
        throw new IllegalArgumentException("%s has '%s' twice".formatted(what, name.apply(one)));
      }
    }
  }
}
