package org.alignmentworkbench.synthetic.task;

import java.util.List;
import java.util.stream.IntStream;
import org.alignmentworkbench.synthetic.world.Draw;
import org.alignmentworkbench.synthetic.world.Lexicon;

/// A gap in a message and the values that can fill it.
record Slot(String key, List<String> values, int least, int most) {

  /// A gap for one value.
  static Slot one(String key, List<String> values) {
    return new Slot(key, values, 1, 1);
  }

  /// A gap for a number in [low, high].
  static Slot number(String key, int low, int high) {
    return one(key, IntStream.rangeClosed(low, high).mapToObj(Integer::toString).toList());
  }

  /// A gap for two to four values, joined by commas and "and".
  static Slot several(String key, List<String> values) {
    return new Slot(key, values, 2, 4);
  }

  String draw(Draw draw, List<String> taken) {
    List<String> free = values.stream().filter(value -> !taken.contains(value)).toList();
    return Lexicon.joined(draw.distinct(free, draw.between(least, most)));
  }

  /// Numbers may repeat within a message; names, days and things may not.
  boolean numeric() {
    return Character.isDigit(values.getFirst().charAt(0)) && !values.contains("noon");
  }
}
