package org.alignmentworkbench.app.quality;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.alignmentworkbench.db.view.QualityView.Reading;
import org.alignmentworkbench.model.agreement.PositionBias;
import org.alignmentworkbench.model.agreement.SwappedPairs;
import org.jspecify.annotations.Nullable;

/// Whether the side on which an answer is shown decides.
///
/// @param bias wins of either side, over all judgements
/// @param samePerson pairs of answers that one person judged in both orders: each person's first
///   judgement of either order, so this tells a person who goes by the side
/// @param anybody pairs of answers that were judged in both orders by whomever: the first judgement
///   of either order
record Position(PositionBias bias, SwappedPairs samePerson, SwappedPairs anybody) {

  /// Two answers, whichever a task calls A.
  ///
  /// @param person who judged them, 0 for whoever did
  private record Answers(long lower, long higher, long person) {}

  /// The first judgement of either order: whether the lower answer won, null where there is none.
  private static final class Orders {
    private final @Nullable Boolean[] lowerWon = new Boolean[2];

    void add(boolean lowerLeft, boolean won) {
      int order = lowerLeft ? 0 : 1;
      if (lowerWon[order] == null) {
        lowerWon[order] = won;
      }
    }
  }

  /// @param readings in a fixed order, for the first of several judgements counts; those that came
  ///   with a file that does not say the side are passed over
  static Position of(Collection<Reading> readings) {
    Map<Answers, Orders> byPerson = new HashMap<>();
    Map<Answers, Orders> byAnybody = new HashMap<>();
    for (Reading reading : readings) {
      @Nullable Boolean aLeft = reading.aLeft();
      if (aLeft != null) {
        note(byPerson, reading, aLeft, reading.personId());
        note(byAnybody, reading, aLeft, 0);
      }
    }
    return new Position(bias(readings), swapped(byPerson), swapped(byAnybody));
  }

  /// Wins of either side, where the sides are known.
  static PositionBias bias(Collection<Reading> readings) {
    long left = 0;
    long right = 0;
    for (Reading reading : readings) {
      @Nullable Boolean leftWins = reading.leftWins();
      if (leftWins != null) {
        left += leftWins ? 1 : 0;
        right += leftWins ? 0 : 1;
      }
    }
    return new PositionBias(left, right);
  }

  private static void note(
      Map<Answers, Orders> judged, Reading reading, boolean aLeft, long person) {
    boolean aLower = reading.responseA() < reading.responseB();
    Answers answers =
        new Answers(
            Math.min(reading.responseA(), reading.responseB()),
            Math.max(reading.responseA(), reading.responseB()),
            person);
    judged
        .computeIfAbsent(answers, _ -> new Orders())
        .add(aLower == aLeft, aLower != reading.bWins());
  }

  private static SwappedPairs swapped(Map<Answers, Orders> judged) {
    long bothFirst = 0;
    long bothSecond = 0;
    long bothLeft = 0;
    long bothRight = 0;
    for (Orders orders : judged.values()) {
      @Nullable Boolean onLeft = orders.lowerWon[0];
      @Nullable Boolean onRight = orders.lowerWon[1];
      if (onLeft == null || onRight == null) {
        continue;
      }
      if (onLeft.equals(onRight)) {
        bothFirst += onLeft ? 1 : 0;
        bothSecond += onLeft ? 0 : 1;
      } else {
        bothLeft += onLeft ? 1 : 0;
        bothRight += onLeft ? 0 : 1;
      }
    }
    return new SwappedPairs(bothFirst, bothSecond, bothLeft, bothRight);
  }
}
