package org.alignmentworkbench.model.agreement;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import java.util.ArrayList;
import java.util.List;

/// Reliability matrices as [Ratings]: rows are raters, columns units.
final class Matrices {
  private Matrices() {}

  /// A table such as "1 2 . 3" with one line a rater and dots for gaps.
  static Ratings parse(String table) {
    List<Rating> ratings = new ArrayList<>();
    String[] rows = table.strip().split("\n");
    for (int rater = 0; rater < rows.length; rater++) {
      String[] cells = rows[rater].strip().split(" +");
      for (int unit = 0; unit < cells.length; unit++) {
        if (!cells[unit].equals(".")) {
          ratings.add(new Rating(unit, rater, Double.parseDouble(cells[unit])));
        }
      }
    }
    return Ratings.of(ratings);
  }

  static Ratings json(JsonArray matrix) {
    List<Rating> ratings = new ArrayList<>();
    for (int rater = 0; rater < matrix.size(); rater++) {
      JsonArray row = matrix.get(rater).getAsJsonArray();
      for (int unit = 0; unit < row.size(); unit++) {
        JsonElement value = row.get(unit);
        if (!value.isJsonNull()) {
          ratings.add(new Rating(unit, rater, value.getAsDouble()));
        }
      }
    }
    return Ratings.of(ratings);
  }

  /// Units with the values of raters 0, 1, ... as digits.
  static Ratings units(String... digits) {
    List<Rating> ratings = new ArrayList<>();
    for (int unit = 0; unit < digits.length; unit++) {
      for (int rater = 0; rater < digits[unit].length(); rater++) {
        ratings.add(new Rating(unit, rater, digits[unit].charAt(rater) - '0'));
      }
    }
    return Ratings.of(ratings);
  }
}
