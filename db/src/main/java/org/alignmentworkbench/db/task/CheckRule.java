package org.alignmentworkbench.db.task;

/// How a project checks its annotators.
///
/// @param checkPercent of the pairs somebody is dealt, those whose better answer is known; none
///   where no answer is
/// @param repeatPercent of the pairs somebody is dealt, those they judged before, sides swapped
/// @param agreementShown whether people see their own agreement with known answers
/// @param passPercent the share of known answers somebody must find
/// @param passAfter known answers after which that is asked
/// @param below what happens when it is less
/// @param qualifyCount pairs with a known answer before any work; 0 for none
/// @param qualifyPercent the share of those that must be found
public record CheckRule(
    int checkPercent,
    int repeatPercent,
    boolean agreementShown,
    int passPercent,
    int passAfter,
    Below below,
    int qualifyCount,
    int qualifyPercent) {
  /// What holds where nobody decided anything.
  public static final CheckRule DEFAULT = new CheckRule(5, 0, false, 70, 10, Below.WARN, 0, 70);

  /// The largest share of either kind, percent.
  public static final int MOST_PERCENT = 50;

  /// The longest qualification.
  public static final int MOST_QUALIFYING = 50;

  /// The most known answers that may be waited for.
  public static final int LATEST = 1000;

  /// What happens to somebody who finds too few known answers.
  public enum Below {
    /// A lead sees it.
    NOTHING,
    /// They are told.
    WARN,
    /// They are told and dealt nothing until a lead decides.
    STOP
  }

  public CheckRule {
    within("the share of checks", checkPercent, 0, MOST_PERCENT);
    within("the share of repeats", repeatPercent, 0, MOST_PERCENT);
    within("the pass mark", passPercent, 1, 100);
    within("the number of known answers before the pass mark holds", passAfter, 1, LATEST);
    within("the number of qualifying pairs", qualifyCount, 0, MOST_QUALIFYING);
    within("the pass mark of the qualification", qualifyPercent, 1, 100);
  }

  private static void within(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s must be %d to %d, was %d".formatted(what, least, most, value));
    }
  }

  /// Whether so many right ones are too few; never before enough answers are there.
  public boolean fails(Found found) {
    return found.judged() >= passAfter && 100 * found.right() < passPercent * found.judged();
  }

  /// Whether a qualification with so many right ones is passed.
  boolean qualifies(Found found) {
    return 100 * found.right() >= qualifyPercent * found.judged();
  }
}
