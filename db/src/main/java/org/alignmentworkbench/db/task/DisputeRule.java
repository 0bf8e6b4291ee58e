package org.alignmentworkbench.db.task;

import java.util.Optional;
import org.alignmentworkbench.db.kind.TaskKind;

/// From where on the answers that people gave to a task are disputed.
///
/// | kind | disputed | bound | usual |
/// |---|---|---|---|
/// | `GRADE` | a dimension has no level of more than half, or levels so far apart | steps | 2 |
/// | `CHOICE` | no side has more than half, or strengths are so far apart | steps | never |
/// | `RANK` | so many pairs of answers stand in opposite orders | pairs | 1 |
/// | `SPAN` | the mean F1 of each two people is below it | per cent | 50 |
/// | `DEMONSTRATION`, `EDIT` | there are so many texts, of which one can count | texts | 2 |
///
/// Steps of 7 are more than there are, so that only the majority counts. In a red-team task people
/// ask different things: nothing is disputed.
public record DisputeRule(TaskKind kind, int bound) {
  /// Steps that no two answers are apart.
  public static final int NEVER = 7;

  private static final int HALF = 50;

  public DisputeRule {
    int most = most(kind);
    if (bound < fewest(kind) || bound > most) {
      throw new IllegalArgumentException(
          "bound must be %d..%d for %s, was %d".formatted(fewest(kind), most, kind, bound));
    }
  }

  /// The kind's usual rule; empty where nothing of it is disputed by this rule.
  public static Optional<DisputeRule> usual(TaskKind kind) {
    return switch (kind) {
      case GRADE, DEMONSTRATION, EDIT -> Optional.of(new DisputeRule(kind, 2));
      case CHOICE -> Optional.of(new DisputeRule(kind, NEVER));
      case RANK -> Optional.of(new DisputeRule(kind, 1));
      case SPAN -> Optional.of(new DisputeRule(kind, HALF));
      case PAIR, RED_TEAM -> Optional.empty();
    };
  }

  /// The smallest bound of a kind.
  public static int fewest(TaskKind kind) {
    return kind == TaskKind.DEMONSTRATION || kind == TaskKind.EDIT ? 2 : 1;
  }

  /// The largest bound of a kind; 0 where it has none.
  public static int most(TaskKind kind) {
    return switch (kind) {
      case GRADE, CHOICE -> NEVER;
      // Each two of nine answers.
      case RANK -> 36;
      case SPAN -> 100;
      // The largest overlap.
      case DEMONSTRATION, EDIT -> 20;
      case PAIR, RED_TEAM -> 0;
    };
  }
}
