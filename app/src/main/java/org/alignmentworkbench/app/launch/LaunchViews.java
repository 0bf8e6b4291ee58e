package org.alignmentworkbench.app.launch;

import java.util.List;
import org.alignmentworkbench.annotation.page.Option;
import org.jspecify.annotations.Nullable;

/// The view records of the form of a new run; every text is finished.
final class LaunchViews {
  private LaunchViews() {}

  /// A job that can be chosen.
  record Job(String name, String title, String lead, String settings) {}

  /// How a field is asked for.
  enum Kind {
    NUMBER,
    TEXT,
    SWITCH,
    CHOICE,
    BOXES
  }

  /// A field of the form.
  ///
  /// @param name of the form's field
  /// @param hint meaning, unit and bounds
  /// @param otherwise the default in words
  /// @param names id of the list of suggestions, or null
  /// @param options of a choice or of boxes
  /// @param changed whether the value is another one than the default
  record Field(
      String name,
      String path,
      String label,
      String hint,
      String otherwise,
      Kind kind,
      String value,
      List<Option> options,
      List<String> chosen,
      @Nullable String names,
      boolean changed,
      @Nullable String fault) {}

  /// The fields of one record.
  ///
  /// @param count how many, and how many were changed, in words
  /// @param open whether it holds something to look at
  record Group(String title, String meaning, String count, boolean open, List<Field> fields) {}

  /// Names the project has of one kind.
  record Suggestions(String id, List<String> names) {}
}
