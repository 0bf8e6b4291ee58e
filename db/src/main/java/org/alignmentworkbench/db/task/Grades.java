package org.alignmentworkbench.db.task;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

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

  /// The grades of one side in columns such as `a_concision`; null where none were given.
  ///
  /// @param side `a_` or `b_`
  public static @Nullable Grades orNull(ResultSet row, String side) throws SQLException {
    if (row.getString(side + "concision") == null) {
      return null;
    }
    return new Grades(
        row.getInt(side + "instruction_following"),
        row.getInt(side + "concision"),
        row.getInt(side + "truthfulness"),
        row.getInt(side + "harmlessness"));
  }

  private static void check(String name, int grade) {
    if (grade < 0 || grade > BEST) {
      throw new IllegalArgumentException(
          "the grade of " + name + " must be 0, 1 or 2, was " + grade);
    }
  }

  /// A JSON object.
  public String toJson() {
    return "{\"instructionFollowing\":%d,\"concision\":%d,\"truthfulness\":%d,\"harmlessness\":%d}"
        .formatted(instructionFollowing, concision, truthfulness, harmlessness);
  }
}
