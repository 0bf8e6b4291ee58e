package org.alignmentworkbench.annotation.desk;

import java.util.List;
import org.alignmentworkbench.annotation.page.Chip;
import org.alignmentworkbench.annotation.page.Moment;
import org.alignmentworkbench.annotation.page.Pager;
import org.alignmentworkbench.annotation.page.Progress;
import org.jspecify.annotations.Nullable;

/// What the desk's pages show, every figure already formatted.
final class DeskViews {
  private DeskViews() {}

  /// The overview.
  record Desk(List<Queue> projects, Pace pace) {}

  /// One project's queue.
  ///
  /// @param state a code for programs: `waiting`, `yours`, `leased`, `quota`, `yours-done`,
  ///   `complete` or `closed`
  /// @param open whether there is a pair to take or to go on with
  /// @param yours whether a pair is in hand
  /// @param note how the person stands in the project; null where there is nothing to say
  /// @param agreement with known answers; null where it is not shown
  record Queue(
      long id,
      String name,
      String waiting,
      String leased,
      String done,
      Progress progress,
      String state,
      Chip chip,
      @Nullable Moment retryAt,
      boolean open,
      boolean yours,
      @Nullable String note,
      @Nullable String agreement) {}

  /// Own pace.
  record Pace(String today, String week, String all, String median, String medianNote) {}

  /// A step of the strength scale.
  ///
  /// @param steps 1 (negligibly) to 4 (significantly)
  record Strength(int value, int steps, String keyCap) {}

  /// A level of a grade.
  record Level(int value, String keyCap) {}

  /// The pair in hand. There is no field here that tells who answered.
  ///
  /// @param ordinal counted from 1 for people
  /// @param guidelineBefore the version that the person judged by last; 0 if it is still this one,
  ///   or if they have not judged here yet
  /// @param leaseMillis how long a sign of life lasts
  /// @param leftMillis what is left of the lease when the page is made
  record Task(
      long slot,
      long projectId,
      int ordinal,
      int overlap,
      String doneByYou,
      String prompt,
      String left,
      String right,
      String leftCharacters,
      String rightCharacters,
      @Nullable String guideline,
      int guidelineVersion,
      int guidelineBefore,
      Moment leasedUntil,
      long leaseMillis,
      long leftMillis,
      @Nullable Moment draftAt,
      String status,
      JudgementForm form,
      List<String> problems) {
    /// The points of the page, in order.
    public List<String> criteria() {
      return SideGrades.CRITERIA;
    }

    /// Left: keys 1 to 4, the strongest first.
    public List<Strength> leftStrengths() {
      return List.of(
          new Strength(-4, 4, "1"),
          new Strength(-3, 3, "2"),
          new Strength(-2, 2, "3"),
          new Strength(-1, 1, "4"));
    }

    /// Right: keys 5 to 8, the strongest last.
    public List<Strength> rightStrengths() {
      return List.of(
          new Strength(1, 1, "5"),
          new Strength(2, 2, "6"),
          new Strength(3, 3, "7"),
          new Strength(4, 4, "8"));
    }

    /// The keys of the left hand.
    public List<Level> leftLevels() {
      return List.of(new Level(0, "q"), new Level(1, "w"), new Level(2, "e"));
    }

    /// The keys of the right hand.
    public List<Level> rightLevels() {
      return List.of(new Level(0, "i"), new Level(1, "o"), new Level(2, "p"));
    }

    /// Longest reason.
    public int reasonLimit() {
      return Entry.REASON_LIMIT;
    }

    /// Why one may skip.
    public List<String> skipReasons() {
      return SKIP_REASONS;
    }
  }

  /// Message keys below `label.skip.`.
  static final List<String> SKIP_REASONS = List.of("cannotJudge", "same", "broken", "unsafe");

  /// The pair in hand for programs, under the same rules as the page.
  ///
  /// @param ordinal the slot's number in its task, from 0
  /// @param overlap judgements wanted for the task
  record Pair(
      long slot,
      long project,
      int ordinal,
      int overlap,
      String prompt,
      String left,
      String right,
      int guidelineVersion,
      String leasedUntil) {}

  /// Own judgements.
  record History(List<Row> rows, Pager pager, Pace pace) {}

  /// One own judgement.
  ///
  /// @param judgement its number, to comment on it
  /// @param answers as they were shown: two of a comparison, the left one first
  /// @param side the better one of a comparison, `left` or `right`; `none` where there is none
  record Row(
      long judgement,
      Moment at,
      String project,
      String excerpt,
      String prompt,
      List<String> answers,
      String side,
      String choice,
      String active,
      String reason) {}
}
