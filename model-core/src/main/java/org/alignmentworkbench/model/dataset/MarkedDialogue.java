package org.alignmentworkbench.model.dataset;

import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.model.dataset.Turn.Role;

/// A dialogue in one text, its turns marked as in Anthropic's hh-rlhf. A mark counts only after a
/// blank line, so a quoted "Human:" is text. One blank after a mark belongs to it.
final class MarkedDialogue {
  static final String HUMAN = "\n\nHuman:";
  static final String ASSISTANT = "\n\nAssistant:";

  private MarkedDialogue() {}

  static List<Turn> parse(String place, String text, Faults faults) {
    List<Turn> turns = new ArrayList<>();
    int at = next(text, 0);
    if (at < 0 || !text.substring(0, at).isBlank()) {
      faults.add(Code.NO_TURN_MARKERS, place + " does not begin with a marked turn");
      return turns;
    }
    while (at >= 0) {
      boolean human = text.startsWith(HUMAN, at);
      int begin = at + (human ? HUMAN : ASSISTANT).length();
      int end = next(text, begin);
      String content = text.substring(begin, end < 0 ? text.length() : end);
      content = content.startsWith(" ") ? content.substring(1) : content;
      if (content.isBlank()) {
        faults.add(Code.EMPTY_CONTENT, "turn " + turns.size() + " of " + place + " is empty");
      }
      turns.add(new Turn(human ? Role.USER : Role.ASSISTANT, content));
      at = end;
    }
    return turns;
  }

  private static int next(String text, int from) {
    int human = text.indexOf(HUMAN, from);
    int assistant = text.indexOf(ASSISTANT, from);
    return human < 0 ? assistant : assistant < 0 ? human : Math.min(human, assistant);
  }
}
