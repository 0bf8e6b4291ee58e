package org.alignmentworkbench.synthetic.task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.alignmentworkbench.synthetic.world.Draw;
import org.alignmentworkbench.synthetic.world.Lexicon;

/// One kind of message: its slots, the ways to word it, and the ways to answer what is asked.
///
/// @param id the family's name; part of every partition key, so never reuse one
/// @param kinds the tasks that can be made of it
/// @param messages the wordings of the message, with `{slot}` and `{Slot}` (first letter capital)
/// @param answers for each request ("" when there is only one) the wordings of a good answer, from
///   short to long
/// @param keyFacts the slots (or literal words) that a good answer says
/// @param extractable the slots that a JSON record can hold
/// @param question what is asked: the question of a sum, or what to list
record SceneFamily(
    String id,
    List<TaskKind> kinds,
    List<Slot> slots,
    List<String> messages,
    Map<String, List<String>> answers,
    List<String> keyFacts,
    List<String> extractable,
    Operation operation,
    String question) {

  /// Slot values for a new scene. Values of one message differ from one another.
  SequencedMap<String, String> draw(Draw draw) {
    while (true) {
      SequencedMap<String, String> values = new LinkedHashMap<>();
      List<String> taken = new ArrayList<>();
      for (Slot slot : slots) {
        String value = slot.draw(draw, taken);
        values.put(slot.key(), value);
        if (!slot.numeric()) {
          taken.addAll(Lexicon.parts(value));
        }
      }
      if (operation == Operation.NONE) {
        return values;
      }
      int answer = operation.answer(values);
      if (answer >= 2 && answer <= 20) {
        values.put("answer", Integer.toString(answer));
        return values;
      }
    }
  }

  /// Replaces `{key}` by the slot's value and `{Key}` by the value with a capital.
  static String fill(String pattern, SequencedMap<String, String> values) {
    StringBuilder text = new StringBuilder();
    int at = 0;
    for (int open = pattern.indexOf('{'); open >= 0; open = pattern.indexOf('{', at)) {
      int close = pattern.indexOf('}', open);
      String key = pattern.substring(open + 1, close);
      boolean capital = Character.isUpperCase(key.charAt(0));
      String value =
          values.get(capital ? Character.toLowerCase(key.charAt(0)) + key.substring(1) : key);
      if (value == null) {
        throw new IllegalArgumentException("no slot " + key + " for \"" + pattern + "\"");
      }
      text.append(pattern, at, open).append(capital ? Lexicon.capital(value) : value);
      at = close + 1;
    }
    return text.append(pattern, at, pattern.length()).toString();
  }
}
