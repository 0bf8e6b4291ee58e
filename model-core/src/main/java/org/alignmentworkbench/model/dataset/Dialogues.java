package org.alignmentworkbench.model.dataset;

import java.util.List;
import org.alignmentworkbench.model.dataset.Turn.Role;

/// Orders of turns that a dialogue may have.
final class Dialogues {
  private Dialogues() {}

  /// A whole dialogue: perhaps a system turn, then user and assistant in turns, the assistant last.
  static void checkWhole(String place, List<Turn> turns, Faults faults) {
    if (turns.stream().noneMatch(turn -> turn.role() == Role.ASSISTANT)) {
      faults.add(Code.NO_ASSISTANT_TURN, place + " has no turn of the assistant");
    }
    checkOrder(place, turns, 0, Role.USER, Role.ASSISTANT, faults);
  }

  /// The beginning of a dialogue: the user speaks last.
  static void checkPrompt(String place, List<Turn> turns, Faults faults) {
    checkOrder(place, turns, 0, Role.USER, Role.USER, faults);
  }

  /// What follows a prompt: the assistant speaks first and last.
  static void checkAnswer(String place, List<Turn> turns, Faults faults) {
    checkOrder(place, turns, 1, Role.ASSISTANT, Role.ASSISTANT, faults);
  }

  private static void checkOrder(
      String place, List<Turn> turns, int systemEnds, Role first, Role last, Faults faults) {
    Role expected = first;
    for (int i = 0; i < turns.size(); i++) {
      Role role = turns.get(i).role();
      if (role == Role.SYSTEM && i == 0 && systemEnds == 0) {
        continue;
      }
      if (role != expected) {
        faults.add(
            Code.ROLE_ORDER,
            "%s[%d]: the turn of the %s was expected, not of the %s"
                .formatted(place, i, name(expected), name(role)));
        return;
      }
      expected = role == Role.USER ? Role.ASSISTANT : Role.USER;
    }
    if (!turns.isEmpty() && turns.getLast().role() != last) {
      faults.add(Code.ROLE_ORDER, place + " ends before the turn of the " + name(last));
    }
  }

  private static String name(Role role) {
    return switch (role) {
      case SYSTEM -> "system";
      case USER -> "user";
      case ASSISTANT -> "assistant";
    };
  }
}
