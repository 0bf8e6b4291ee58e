package org.alignmentworkbench.app.quality;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
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
/// @param undecided pairs of answers that one person judged in both orders and preferred neither in
///   one of them or both; they are in neither table
record Position(PositionBias bias, SwappedPairs samePerson, SwappedPairs anybody, long undecided) {

  /// A judgement of two answers as somebody saw them.
  ///
  /// @param first the number of the answer that is called A
  /// @param aLeft whether A was on the left
  /// @param bWins whether B was preferred; null where neither was
  record Seen(long first, long second, long person, boolean aLeft, @Nullable Boolean bWins) {}

  /// Two answers, whichever a task calls A.
  ///
  /// @param person who judged them, 0 for whoever did
  private record Answers(long lower, long higher, long person) {}

  /// The first judgement of either order: whether the lower answer won, null where neither did.
  private static final class Orders {
    private final boolean[] judged = new boolean[2];
    private final @Nullable Boolean[] lowerWon = new Boolean[2];

    void add(boolean lowerLeft, @Nullable Boolean won) {
      int order = lowerLeft ? 0 : 1;
      if (!judged[order]) {
        judged[order] = true;
        lowerWon[order] = won;
      }
    }

    boolean undecided() {
      return judged[0] && judged[1] && (lowerWon[0] == null || lowerWon[1] == null);
    }
  }

  /// @param readings in a fixed order, for the first of several judgements counts; those that came
  ///   with a file that does not say the side are passed over
  static Position of(Collection<Reading> readings) {
    List<Seen> seen = new ArrayList<>();
    for (Reading reading : readings) {
      @Nullable Boolean aLeft = reading.aLeft();
      if (aLeft != null) {
        seen.add(
            new Seen(
                reading.responseA(),
                reading.responseB(),
                reading.personId(),
                aLeft,
                reading.bWins()));
      }
    }
    return ofSeen(seen);
  }

  /// The same of any judgements of two answers.
  ///
  /// @param seen in a fixed order, for the first of several judgements counts
  static Position ofSeen(List<Seen> seen) {
    Map<Answers, Orders> byPerson = new HashMap<>();
    Map<Answers, Orders> byAnybody = new HashMap<>();
    long left = 0;
    long right = 0;
    for (Seen each : seen) {
      note(byPerson, each, each.person());
      note(byAnybody, each, 0);
      @Nullable Boolean bWins = each.bWins();
      if (bWins != null) {
        boolean leftWins = each.aLeft() != bWins;
        left += leftWins ? 1 : 0;
        right += leftWins ? 0 : 1;
      }
    }
    return new Position(
        new PositionBias(left, right),
        swapped(byPerson),
        swapped(byAnybody),
        byPerson.values().stream().filter(Orders::undecided).count());
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

  private static void note(Map<Answers, Orders> judged, Seen seen, long person) {
    boolean aLower = seen.first() < seen.second();
    Answers answers =
        new Answers(
            Math.min(seen.first(), seen.second()), Math.max(seen.first(), seen.second()), person);
    @Nullable Boolean bWins = seen.bWins();
    judged
        .computeIfAbsent(answers, _ -> new Orders())
        .add(aLower == seen.aLeft(), bWins == null ? null : (Boolean) (aLower != bWins));
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
