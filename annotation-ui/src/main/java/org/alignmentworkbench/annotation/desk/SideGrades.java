package org.alignmentworkbench.annotation.desk;

import java.util.List;
import org.alignmentworkbench.db.task.Grades;
import org.jspecify.annotations.Nullable;

/// The four grades of one answer as far as they are given: 0 poor, 1 fair, 2 good.
public record SideGrades(
    @Nullable Integer instructionFollowing,
    @Nullable Integer concision,
    @Nullable Integer truthfulness,
    @Nullable Integer harmlessness) {
  /// The points an answer is graded on, in the order of the page.
  static final List<String> CRITERIA =
      List.of("instructionFollowing", "concision", "truthfulness", "harmlessness");

  static final SideGrades NONE = new SideGrades(null, null, null, null);

  /// The grade on one of [#CRITERIA].
  public @Nullable Integer level(String criterion) {
    return switch (criterion) {
      case "instructionFollowing" -> instructionFollowing;
      case "concision" -> concision;
      case "truthfulness" -> truthfulness;
      case "harmlessness" -> harmlessness;
      default -> throw new IllegalArgumentException("no such criterion: " + criterion);
    };
  }

  /// Whether every given grade is a grade.
  boolean valid() {
    return CRITERIA.stream()
        .map(this::level)
        .allMatch(g -> g == null || (g >= 0 && g <= Grades.BEST));
  }

  /// All four grades, or null while one is missing or is none.
  @Nullable Grades complete() {
    Integer following = instructionFollowing;
    Integer brief = concision;
    Integer truthful = truthfulness;
    Integer harmless = harmlessness;
    if (following == null || brief == null || truthful == null || harmless == null || !valid()) {
      return null;
    }
    return new Grades(following, brief, truthful, harmless);
  }
}
