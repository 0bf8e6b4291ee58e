package org.alignmentworkbench.db.kind;

import java.util.HashSet;
import java.util.List;

/// Something that an answer is graded on.
///
/// @param key names it in files and forms: a lower-case letter, then letters, digits and hyphens
/// @param name as annotators read it
/// @param levels as annotators read them, the worst first
public record Dimension(String key, String name, List<String> levels) {
  /// Characters of a name at most.
  public static final int LONGEST = 60;

  public static final int FEWEST_LEVELS = 2;
  public static final int MOST_LEVELS = 7;

  public Dimension {
    levels = List.copyOf(levels);
    if (!key.matches("[a-z][A-Za-z0-9-]{0,39}")) {
      throw new IllegalArgumentException(
          "key must be a lower-case letter and up to 39 letters, digits and hyphens, was '%s'"
              .formatted(key));
    }
    name("name", name);
    if (levels.size() < FEWEST_LEVELS || levels.size() > MOST_LEVELS) {
      throw new IllegalArgumentException(
          "%s must have %d to %d levels, has %d"
              .formatted(key, FEWEST_LEVELS, MOST_LEVELS, levels.size()));
    }
    levels.forEach(level -> name("a level of " + name, level));
    if (new HashSet<>(levels).size() < levels.size()) {
      throw new IllegalArgumentException("%s has a level twice: %s".formatted(key, levels));
    }
  }

  static void name(String what, String name) {
    if (name.isBlank() || name.length() > LONGEST || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "%s must be 1 to %d characters, was '%s'".formatted(what, LONGEST, name));
    }
  }
}
