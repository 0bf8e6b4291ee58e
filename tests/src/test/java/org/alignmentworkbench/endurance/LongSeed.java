package org.alignmentworkbench.endurance;

/// Names the random moments of a long test: another set each time, and each set can be had again.
final class LongSeed {
  private LongSeed() {}

  /// The seed that `-Dworkbench.long.seed` gives, else one of the clock's; printed either way.
  static long announced(String test) {
    Long given = Long.getLong("workbench.long.seed");
    long seed = given != null ? given : System.nanoTime() % 1_000_000;
    System.out.println(
        test + ": seed " + seed + " (repeat with -Dworkbench.long.seed=" + seed + ")");
    return seed;
  }
}
