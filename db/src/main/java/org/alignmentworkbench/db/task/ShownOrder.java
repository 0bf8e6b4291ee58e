package org.alignmentworkbench.db.task;

import java.util.ArrayList;
import java.util.List;

/// In which order a slot shows its task's answers: a permutation that depends on the task's stored
/// shuffle key and the slot's number alone, so that it is the same after a reload and another for
/// the next person.
final class ShownOrder {
  private ShownOrder() {}

  /// The numbers of the answers, from 0, in the order in which they are shown.
  static List<Integer> of(long shuffleKey, int ordinal, int answers) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < answers; i++) {
      // Each answer goes to any place among those before it with the same chance (Fisher and
      // Yates).
      long draw = TaskRepository.shuffleKey(shuffleKey, ordinal + "/" + i);
      order.add((int) (draw % (i + 1)), i);
    }
    return order;
  }
}
