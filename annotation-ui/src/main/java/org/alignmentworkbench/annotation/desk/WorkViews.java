package org.alignmentworkbench.annotation.desk;

import java.util.List;
import java.util.Set;
import org.alignmentworkbench.annotation.diff.Piece;
import org.alignmentworkbench.annotation.page.Moment;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the pages of a task that is no comparison show, every figure already formatted.
final class WorkViews {
  private WorkViews() {}

  /// An answer as it is shown.
  ///
  /// @param name what it is called on the page
  /// @param asShown the text behind a line end, which a browser drops at the start of a text field
  record Shown(String name, String text, String asShown, String characters) {}

  /// Something to choose one of.
  ///
  /// @param field the form's field
  record Row(String field, String title, List<Step> steps) {}

  /// One of a row's.
  record Step(String value, String keyCap, String text, boolean chosen) {}

  /// What was asked of a model so far.
  ///
  /// @param chosen the number of the one to judge
  record Attempts(List<Attempt> all, long chosen) {}

  /// One of them.
  record Attempt(long id, String prompt, String response) {}

  /// A reason to mark a passage with.
  record Reason(String keyCap, String text) {}

  /// The task in hand. There is no field here that tells who answered.
  ///
  /// @param kind the kind's name, for words and styles
  /// @param rows what is graded, or the answers that are ranked
  /// @param text what is written, behind a line end
  /// @param changes between the answer and what is written; empty but for edits
  record Task(
      long slot,
      long projectId,
      String kind,
      int ordinal,
      int overlap,
      String doneByYou,
      String prompt,
      List<Shown> answers,
      List<Row> rows,
      List<Reason> reasons,
      boolean ties,
      String text,
      int longest,
      List<Piece> changes,
      @Nullable String guideline,
      int guidelineVersion,
      int guidelineBefore,
      Moment leasedUntil,
      long leaseMillis,
      long leftMillis,
      @Nullable Moment draftAt,
      String status,
      WorkForm form,
      List<String> problems) {
    /// Whether severities have a meaning only beside a broken policy.
    public boolean optional(Row row) {
      return row.field().equals("severity");
    }

    /// Longest reason.
    public int reasonLimit() {
      return Entry.REASON_LIMIT;
    }

    /// Why one may skip.
    public List<String> skipReasons() {
      return DeskViews.SKIP_REASONS.stream()
          .filter(why -> answers.size() > 1 || !ONLY_OF_SEVERAL.contains(why))
          .toList();
    }
  }

  private static final Set<String> ONLY_OF_SEVERAL = Set.of("same");

  /// The task in hand for programs, under the same rules as the page.
  ///
  /// @param ordinal the slot's number in its task, from 0
  /// @param overlap judgements wanted for the task
  /// @param question as `kind` and what the kind has, such as `dimensions`
  /// @param answers in the order in which they are shown
  record Data(
      long slot,
      long project,
      int ordinal,
      int overlap,
      JsonNode question,
      String prompt,
      List<String> answers,
      int guidelineVersion,
      String leasedUntil) {}
}
