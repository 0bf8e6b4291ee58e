package org.alignmentworkbench.model.dataset.json;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A number, as it was written.
///
/// @param literal as JSON spells it
public record JsonNumber(String literal) implements JsonValue {
  private static final Pattern SPELLING =
      Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?");

  public JsonNumber {
    if (!SPELLING.matcher(literal).matches()) {
      throw new IllegalArgumentException("not a JSON number: " + literal);
    }
  }

  public static JsonNumber of(long number) {
    return new JsonNumber(Long.toString(number));
  }

  /// @param number finite
  public static JsonNumber of(double number) {
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException("JSON has no number for " + number);
    }
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? of((long) number)
        : new JsonNumber(Double.toString(number));
  }

  public double asDouble() {
    return Double.parseDouble(literal);
  }

  /// The integer it stands for, or null where it has a fraction or does not fit.
  public @Nullable Long asLongOrNull() {
    double value = asDouble();
    return value == Math.rint(value) && Math.abs(value) < 0x1p53 ? (Long) (long) value : null;
  }
}
