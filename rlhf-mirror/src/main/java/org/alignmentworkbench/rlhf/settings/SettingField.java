package org.alignmentworkbench.rlhf.settings;

import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// One setting: what it means, what it may be, and what it is.
///
/// @param choices what a choice, or each text of a list, may be; empty when any may be
/// @param value a `Long`, `Double`, `Boolean`, `String`, or a `List` of texts
public record SettingField(
    String path,
    String name,
    String meaning,
    String unit,
    Kind kind,
    Range range,
    List<String> choices,
    Names names,
    boolean optional,
    Object value)
    implements SettingPart {
  /// What kind of value it takes.
  public enum Kind {
    WHOLE,
    DECIMAL,
    SWITCH,
    TEXT,
    CHOICE,
    LIST
  }

  /// The bounds of a number; infinite where there is none.
  public record Range(double atLeast, double above, double atMost, double below) {
    boolean holds(double value) {
      return value >= atLeast
          && value > above
          && value <= atMost
          && value < below
          // An open side does not let infinity or NaN in: no setting means anything there.
          && Double.isFinite(value);
    }

    /// The bounds as a formula: `> 0, <= 1`; empty where there are none.
    public String words() {
      List<String> parts = new ArrayList<>();
      part(parts, ">= ", atLeast);
      part(parts, "> ", above);
      part(parts, "<= ", atMost);
      part(parts, "< ", below);
      return String.join(", ", parts);
    }

    private static void part(List<String> parts, String sign, double bound) {
      if (Double.isFinite(bound)) {
        parts.add(sign + plain(bound));
      }
    }
  }

  static SettingField of(String path, RecordComponent component, Setting setting, Object value) {
    Class<?> type = component.getType();
    Kind kind;
    List<String> choices = List.of(setting.oneOf());
    Object plainValue = value;
    if (type == int.class || type == long.class) {
      kind = Kind.WHOLE;
      plainValue = ((Number) value).longValue();
    } else if (type == double.class) {
      kind = Kind.DECIMAL;
    } else if (type == boolean.class) {
      kind = Kind.SWITCH;
    } else if (type == String.class) {
      kind = choices.isEmpty() ? Kind.TEXT : Kind.CHOICE;
    } else if (type.isEnum()) {
      kind = Kind.CHOICE;
      choices =
          Arrays.stream(type.getEnumConstants()).map(each -> ((Enum<?>) each).name()).toList();
      plainValue = ((Enum<?>) value).name();
    } else if (type == List.class) {
      kind = Kind.LIST;
    } else {
      throw new IllegalArgumentException("no form can ask for " + path + ", a " + type);
    }
    return new SettingField(
        path,
        component.getName(),
        setting.value(),
        setting.unit(),
        kind,
        new Range(setting.atLeast(), setting.above(), setting.atMost(), setting.below()),
        choices,
        setting.names(),
        setting.optional(),
        plainValue);
  }

  /// The value as a person types it.
  public String text() {
    return typed(value);
  }

  /// A value of this kind as a person types it.
  public static String typed(Object value) {
    return switch (value) {
      case Double number -> plain(number);
      case List<?> list -> list.stream().map(String::valueOf).collect(Collectors.joining(", "));
      default -> value.toString();
    };
  }

  /// What somebody typed, as a value.
  ///
  /// @throws IllegalArgumentException with the rule that it breaks
  public Object read(String typed) {
    String text = typed.strip();
    return switch (kind) {
      case WHOLE -> {
        long number = whole(text);
        inRange((double) number, text);
        yield number;
      }
      case DECIMAL -> {
        double number = decimal(text);
        inRange(number, text);
        yield number;
      }
      case SWITCH ->
          switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "on", "yes" -> true;
            case "false", "off", "no", "" -> false;
            default -> throw refused("true or false", text);
          };
      case TEXT -> {
        if (text.isEmpty() && !optional) {
          throw new IllegalArgumentException("must not be empty");
        }
        yield text;
      }
      case CHOICE -> chosen(text);
      case LIST -> {
        List<String> items =
            Arrays.stream(text.split("[,\n]"))
                .map(String::strip)
                .filter(s -> !s.isEmpty())
                .toList();
        if (items.isEmpty() && !optional) {
          throw new IllegalArgumentException("must not be empty");
        }
        if (!choices.isEmpty()) {
          items.forEach(this::chosen);
        }
        yield items;
      }
    };
  }

  private String chosen(String text) {
    if (!choices.contains(text)) {
      throw refused("one of " + String.join(", ", choices), text);
    }
    return text;
  }

  private void inRange(double number, String text) {
    if (!range.holds(number)) {
      String words = range.words();
      throw refused(words.isEmpty() ? "finite" : words, text);
    }
  }

  private static long whole(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw refused("a whole number", text);
    }
  }

  private static double decimal(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw refused("a number", text);
    }
  }

  private static IllegalArgumentException refused(String rule, String text) {
    return new IllegalArgumentException("must be " + rule + ", was '" + text + "'");
  }

  /// The shortest way to write a number that reads back as the same one.
  static String plain(double number) {
    double size = Math.abs(number);
    if (size != 0 && (size < 1e-3 || size >= 1e9)) {
      return Double.toString(number).replace(".0E", "E").toLowerCase(Locale.ROOT);
    }
    String digits = new BigDecimal(Double.toString(number)).toPlainString();
    return digits.endsWith(".0") ? digits.substring(0, digits.length() - 2) : digits;
  }
}
