package org.alignmentworkbench.synthetic.task;

import java.util.SequencedMap;
import org.alignmentworkbench.synthetic.world.Lexicon;

/// How the answer of a scene follows from its slots.
enum Operation {
  NONE,
  SUM,
  DIFFERENCE,
  COUNT;

  int answer(SequencedMap<String, String> slots) {
    return switch (this) {
      case NONE -> throw new IllegalStateException("a scene without arithmetic has no answer");
      case SUM -> number(slots, "a") + number(slots, "b");
      case DIFFERENCE -> number(slots, "a") - number(slots, "b");
      case COUNT -> Lexicon.parts(value(slots, "names")).size();
    };
  }

  private static int number(SequencedMap<String, String> slots, String key) {
    return Integer.parseInt(value(slots, key));
  }

  private static String value(SequencedMap<String, String> slots, String key) {
    String value = slots.get(key);
    if (value == null) {
      throw new IllegalArgumentException("no slot " + key + " in " + slots.keySet());
    }
    return value;
  }
}
