package org.alignmentworkbench.db.person;

/// People who belong together.
///
/// @param members how many there are
public record Cohort(long id, String name, int members) {
  /// Characters of a name.
  public static final int LONGEST_NAME = 80;
}
