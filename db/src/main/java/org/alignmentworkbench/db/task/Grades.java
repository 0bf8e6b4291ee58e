package org.alignmentworkbench.db.task;

/// Four grades of one response, each 0 (bad), 1 (middling) or 2 (good). The order of the components
/// is the order of a reward model's grade heads.
public record Grades(int instructionFollowing, int concision, int truthfulness, int harmlessness) {
  /// The largest grade.
  public static final int BEST = 2;

  public Grades {
    check("instruction following", instructionFollowing);
    check("concision", concision);
    check("truthfulness", truthfulness);
    check("harmlessness", harmlessness);
  }

  private static void check(String name, int grade) {
    if (grade < 0 || grade > BEST) {
      throw new IllegalArgumentException(
          "the grade of " + name + " must be 0, 1 or 2, was " + grade);
    }
  }

  String toJson() {
    return "{\"instructionFollowing\":%d,\"concision\":%d,\"truthfulness\":%d,\"harmlessness\":%d}"
        .formatted(instructionFollowing, concision, truthfulness, harmlessness);
  }
}
