package org.alignmentworkbench.model.template;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.alignmentworkbench.model.template.Value.Arguments;
import org.jspecify.annotations.Nullable;

/// Python's (and Jinja's) meaning of operators, attributes and methods.
final class Python {
  private static final Set<String> OTHER_STRING_METHODS =
      Set.of(
          "casefold",
          "center",
          "encode",
          "expandtabs",
          "format",
          "format_map",
          "index",
          "isalnum",
          "isalpha",
          "isascii",
          "isdecimal",
          "isdigit",
          "isidentifier",
          "islower",
          "isnumeric",
          "isprintable",
          "isspace",
          "istitle",
          "isupper",
          "ljust",
          "maketrans",
          "partition",
          "rfind",
          "rindex",
          "rjust",
          "rpartition",
          "rsplit",
          "swapcase",
          "translate",
          "zfill");
  private static final Set<String> OTHER_DICTIONARY_METHODS =
      Set.of("clear", "copy", "fromkeys", "pop", "popitem", "setdefault", "update");
  private static final Set<String> LIST_METHODS =
      Set.of(
          "append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove",
          "reverse", "sort");

  private Python() {}

  static String type(Value value) {
    return switch (value) {
      case Value.Nothing _ -> "None";
      case Value.Undefined _ -> "undefined";
      case Value.Truth _ -> "bool";
      case Value.Whole _ -> "int";
      case Value.Real _ -> "float";
      case Text _ -> "str";
      case Value.Sequence _ -> "list";
      case Value.Dictionary _ -> "dict";
      case Value.Namespace _ -> "namespace";
      case Value.Loop _ -> "loop";
      case Value.Function function -> "function " + function.name();
    };
  }

  static boolean truth(Value value) {
    return switch (value) {
      case Value.Nothing _ -> false;
      case Value.Undefined _ -> false;
      case Value.Truth truth -> truth.value();
      case Value.Whole whole -> whole.value() != 0;
      case Value.Real real -> real.value() != 0;
      case Text text -> text.length() > 0;
      case Value.Sequence sequence -> !sequence.items().isEmpty();
      case Value.Dictionary dictionary -> !dictionary.entries().isEmpty();
      case Value.Namespace _ -> true;
      case Value.Loop _ -> true;
      case Value.Function _ -> true;
    };
  }

  /// `str(value)`; the forms of lists and dictionaries are refused.
  static Text string(Value value, int line) {
    return switch (value) {
      case Text text -> text;
      case Value.Nothing _ -> Text.of("None");
      case Value.Undefined _ -> Text.EMPTY;
      case Value.Truth truth -> Text.of(truth.value() ? "True" : "False");
      case Value.Whole whole -> Text.of(Long.toString(whole.value()));
      case Value.Real real -> Text.of(repr(real.value()));
      case Value.Sequence _,
          Value.Dictionary _,
          Value.Namespace _,
          Value.Loop _,
          Value.Function _ ->
          throw new TemplateException.Unsupported(line, "printing a " + type(value));
    };
  }

  /// Python's shortest form of a float: an exponent below 1e-4 and from 1e16 on.
  static String repr(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    double size = Math.abs(value);
    if (size == 0 || (size >= 1e-4 && size < 1e16)) {
      String plain = new BigDecimal(Double.toString(size)).toPlainString();
      String sign = Double.doubleToRawLongBits(value) < 0 ? "-" : "";
      return sign + (plain.contains(".") ? plain : plain + ".0");
    }
    String java = Double.toString(value); // d.dddE-dd
    int e = java.indexOf('E');
    String digits = java.substring(0, e).replaceFirst("\\.0$", "");
    int exponent = Integer.parseInt(java.substring(e + 1));
    return digits + "e" + (exponent < 0 ? "-" : "+") + "%02d".formatted(Math.abs(exponent));
  }

  static List<Value> iterate(Value value, int line) {
    return switch (value) {
      case Value.Sequence sequence -> sequence.items();
      case Value.Undefined _ -> List.of();
      case Value.Dictionary dictionary ->
          dictionary.entries().keySet().stream().<Value>map(Text::of).toList();
      case Text text -> {
        List<Value> characters = new ArrayList<>();
        for (int i = 0; i < text.length(); i++) {
          characters.add(text.slice(i, i + 1));
        }
        yield characters;
      }
      case Value.Nothing _,
          Value.Truth _,
          Value.Whole _,
          Value.Real _,
          Value.Namespace _,
          Value.Loop _,
          Value.Function _ ->
          throw TemplateException.at(line, type(value) + " has no items");
    };
  }

  static long whole(Value value, int line) {
    return switch (value) {
      case Value.Whole whole -> whole.value();
      case Value.Truth truth -> truth.value() ? 1 : 0;
      case Text _,
          Value.Nothing _,
          Value.Undefined _,
          Value.Real _,
          Value.Sequence _,
          Value.Dictionary _,
          Value.Namespace _,
          Value.Loop _,
          Value.Function _ ->
          throw TemplateException.at(line, "an int is needed, was " + type(value));
    };
  }

  private static boolean isNumber(Value value) {
    return value instanceof Value.Whole
        || value instanceof Value.Real
        || value instanceof Value.Truth;
  }

  private static double real(Value value, int line) {
    return value instanceof Value.Real real ? real.value() : whole(value, line);
  }

  static Value sign(Value value, boolean negative, int line) {
    if (value instanceof Value.Real real) {
      return new Value.Real(negative ? -real.value() : real.value());
    }
    long whole = whole(value, line);
    return new Value.Whole(negative ? Math.negateExact(whole) : whole);
  }

  static Value arithmetic(String operator, Value left, Value right, int line) {
    if (operator.equals("~")) {
      return string(left, line).plus(string(right, line));
    }
    if (operator.equals("+")) {
      if (left instanceof Text a && right instanceof Text b) {
        return a.plus(b);
      }
      if (left instanceof Value.Sequence a && right instanceof Value.Sequence b) {
        List<Value> joined = new ArrayList<>(a.items());
        joined.addAll(b.items());
        return new Value.Sequence(joined);
      }
    }
    for (Value side : List.of(left, right)) {
      if (side instanceof Value.Undefined undefined) {
        throw TemplateException.at(line, undefined.what() + " is undefined");
      }
    }
    if (!isNumber(left) || !isNumber(right)) {
      if (operator.equals("*") || (operator.equals("%") && left instanceof Text)) {
        throw new TemplateException.Unsupported(
            line, "operator " + operator + " on " + type(left) + " and " + type(right));
      }
      throw TemplateException.at(
          line, "operator " + operator + " does not go with " + type(left) + " and " + type(right));
    }
    try {
      return numbers(operator, left, right, line);
    } catch (ArithmeticException impossible) {
      throw TemplateException.at(line, "operator " + operator + ": " + impossible.getMessage());
    }
  }

  private static Value numbers(String operator, Value left, Value right, int line) {
    if (left instanceof Value.Real || right instanceof Value.Real || operator.equals("/")) {
      double a = real(left, line);
      double b = real(right, line);
      if (b == 0 && "/ // %".contains(operator)) {
        throw new ArithmeticException("/ by zero");
      }
      return new Value.Real(
          switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            case "//" -> Math.floor(a / b);
            default -> a - b * Math.floor(a / b);
          });
    }
    long a = whole(left, line);
    long b = whole(right, line);
    return new Value.Whole(
        switch (operator) {
          case "+" -> Math.addExact(a, b);
          case "-" -> Math.subtractExact(a, b);
          case "*" -> Math.multiplyExact(a, b);
          case "//" -> Math.floorDiv(a, b);
          default -> Math.floorMod(a, b);
        });
  }

  static boolean compare(String operator, Value left, Value right, int line) {
    return switch (operator) {
      case "==" -> equal(left, right);
      case "!=" -> !equal(left, right);
      case "in" -> contains(right, left, line);
      case "not in" -> !contains(right, left, line);
      default -> {
        int order = order(left, right, operator, line);
        yield switch (operator) {
          case "<" -> order < 0;
          case "<=" -> order <= 0;
          case ">" -> order > 0;
          default -> order >= 0;
        };
      }
    };
  }

  private static int order(Value left, Value right, String operator, int line) {
    if (left instanceof Text a && right instanceof Text b) {
      return a.compare(b);
    }
    if (isNumber(left) && isNumber(right)) {
      return Double.compare(real(left, line), real(right, line));
    }
    throw TemplateException.at(
        line, "operator " + operator + " does not go with " + type(left) + " and " + type(right));
  }

  static boolean equal(Value left, Value right) {
    if (isNumber(left) && isNumber(right)) {
      return real(left, 0) == real(right, 0);
    }
    if (left instanceof Value.Undefined && right instanceof Value.Undefined) {
      return true;
    }
    if (left instanceof Value.Sequence a && right instanceof Value.Sequence b) {
      if (a.items().size() != b.items().size()) {
        return false;
      }
      for (int i = 0; i < a.items().size(); i++) {
        if (!equal(a.items().get(i), b.items().get(i))) {
          return false;
        }
      }
      return true;
    }
    if (left instanceof Value.Dictionary a && right instanceof Value.Dictionary b) {
      return a.entries().keySet().equals(b.entries().keySet())
          && a.entries().entrySet().stream()
              .allMatch(entry -> equal(entry.getValue(), value(b, entry.getKey())));
    }
    return left.equals(right);
  }

  private static Value value(Value.Dictionary dictionary, String key) {
    Value value = dictionary.entries().get(key);
    return value == null
        ? new Value.Undefined("'dict object' has no attribute '" + key + "'")
        : value;
  }

  private static boolean contains(Value whole, Value part, int line) {
    return switch (whole) {
      case Text text -> {
        if (!(part instanceof Text inside)) {
          throw TemplateException.at(line, "only a str can be in a str, was " + type(part));
        }
        yield text.indexOf(inside, 0) >= 0;
      }
      case Value.Dictionary dictionary ->
          part instanceof Text key && dictionary.entries().containsKey(key.toString());
      case Value.Sequence _,
          Value.Undefined _,
          Value.Nothing _,
          Value.Truth _,
          Value.Whole _,
          Value.Real _,
          Value.Namespace _,
          Value.Loop _,
          Value.Function _ ->
          iterate(whole, line).stream().anyMatch(item -> equal(item, part));
    };
  }

  static Value slice(
      Value object, @Nullable Value from, @Nullable Value to, @Nullable Value step, int line) {
    int length =
        switch (object) {
          case Text text -> text.length();
          case Value.Sequence sequence -> sequence.items().size();
          case Value.Nothing _,
              Value.Undefined _,
              Value.Truth _,
              Value.Whole _,
              Value.Real _,
              Value.Dictionary _,
              Value.Namespace _,
              Value.Loop _,
              Value.Function _ ->
              throw TemplateException.at(line, type(object) + " cannot be sliced");
        };
    long stride = bound(step, 1, line);
    if (stride == 0) {
      throw TemplateException.at(line, "the step of a slice must not be 0");
    }
    boolean up = stride > 0;
    long begin = clamp(bound(from, up ? 0 : length - 1L, line), from != null, length, up);
    long end = clamp(bound(to, up ? length : -1, line), to != null, length, up);
    Text.Builder characters = new Text.Builder();
    List<Value> items = new ArrayList<>();
    for (long i = begin; up ? i < end : i > end; i += stride) {
      if (object instanceof Text text) {
        characters.append(text.at((int) i), text.source((int) i));
      } else if (object instanceof Value.Sequence sequence) {
        items.add(sequence.items().get((int) i));
      }
      if (Math.abs(stride) > length) {
        break;
      }
    }
    return object instanceof Text ? characters.build() : new Value.Sequence(items);
  }

  private static long bound(@Nullable Value value, long otherwise, int line) {
    return value == null || value instanceof Value.Nothing ? otherwise : whole(value, line);
  }

  private static long clamp(long index, boolean given, int length, boolean up) {
    long from = given && index < 0 ? index + length : index;
    return up ? Math.clamp(from, 0, length) : Math.clamp(from, -1, length - 1L);
  }

  static Value item(Value object, Value key, int line) {
    return switch (object) {
      case Value.Undefined undefined ->
          throw TemplateException.at(line, undefined.what() + " is undefined");
      case Value.Sequence sequence when key instanceof Value.Whole whole -> {
        long i = whole.value() < 0 ? whole.value() + sequence.items().size() : whole.value();
        yield i >= 0 && i < sequence.items().size()
            ? sequence.items().get((int) i)
            : new Value.Undefined("item " + whole.value() + " of the list");
      }
      case Text text when key instanceof Value.Whole whole -> {
        long i = whole.value() < 0 ? whole.value() + text.length() : whole.value();
        yield i >= 0 && i < text.length()
            ? text.slice((int) i, (int) i + 1)
            : new Value.Undefined("character " + whole.value() + " of the str");
      }
      case Value.Dictionary dictionary
          when key instanceof Text name && dictionary.entries().containsKey(name.toString()) ->
          value(dictionary, name.toString());
      case Value ignored ->
          key instanceof Text name
              ? attribute(object, name.toString(), line)
              : new Value.Undefined("an item of " + type(ignored));
    };
  }

  static Value attribute(Value object, String name, int line) {
    return switch (object) {
      case Value.Undefined undefined ->
          throw TemplateException.at(line, undefined.what() + " is undefined");
      case Text text -> stringMethod(text, name, line);
      case Value.Dictionary dictionary -> dictionaryAttribute(dictionary, name, line);
      case Value.Namespace namespace -> {
        Value value = namespace.attributes().get(name);
        yield value == null ? new Value.Undefined("'" + name + "' of the namespace") : value;
      }
      case Value.Loop loop -> loopAttribute(loop, name, line);
      case Value.Sequence _ -> {
        if (LIST_METHODS.contains(name)) {
          throw new TemplateException.Unsupported(line, "method " + name + " of a list");
        }
        yield new Value.Undefined("'list object' has no attribute '" + name + "'");
      }
      case Value.Nothing _, Value.Truth _, Value.Whole _, Value.Real _, Value.Function _ ->
          new Value.Undefined("'" + type(object) + "' has no attribute '" + name + "'");
    };
  }

  private static Value loopAttribute(Value.Loop loop, String name, int line) {
    int size = loop.items().size();
    int i = loop.index0();
    return switch (name) {
      case "index" -> new Value.Whole(i + 1);
      case "index0" -> new Value.Whole(i);
      case "revindex" -> new Value.Whole(size - i);
      case "revindex0" -> new Value.Whole(size - i - 1);
      case "first" -> new Value.Truth(i == 0);
      case "last" -> new Value.Truth(i == size - 1);
      case "length" -> new Value.Whole(size);
      // Only a recursive loop, which is refused, would be deeper.
      case "depth" -> new Value.Whole(1);
      case "depth0" -> new Value.Whole(0);
      case "previtem" ->
          i > 0 ? loop.items().get(i - 1) : new Value.Undefined("there is no previous item");
      case "nextitem" ->
          i + 1 < size ? loop.items().get(i + 1) : new Value.Undefined("there is no next item");
      default -> throw new TemplateException.Unsupported(line, "loop." + name);
    };
  }

  private static Value dictionaryAttribute(Value.Dictionary dictionary, String name, int line) {
    if (OTHER_DICTIONARY_METHODS.contains(name)) {
      throw new TemplateException.Unsupported(line, "method " + name + " of a dict");
    }
    return switch (name) {
      case "get" ->
          new Value.Function(
              "get",
              arguments -> {
                arguments.only("key", "default");
                Value found =
                    arguments.require(0, "key") instanceof Text key
                        ? dictionary.entries().get(key.toString())
                        : null;
                return found == null ? arguments.get(1, "default", Value.NONE) : found;
              });
      case "items" -> new Value.Function("items", arguments -> items(dictionary));
      case "keys" ->
          new Value.Function("keys", arguments -> new Value.Sequence(iterate(dictionary, line)));
      case "values" ->
          new Value.Function(
              "values",
              arguments -> new Value.Sequence(List.copyOf(dictionary.entries().values())));
      default -> value(dictionary, name);
    };
  }

  static Value items(Value.Dictionary dictionary) {
    return new Value.Sequence(
        dictionary.entries().entrySet().stream()
            .<Value>map(
                entry -> new Value.Sequence(List.of(Text.of(entry.getKey()), entry.getValue())))
            .toList());
  }

  private static Value stringMethod(Text text, String name, int line) {
    if (OTHER_STRING_METHODS.contains(name)) {
      throw new TemplateException.Unsupported(line, "method " + name + " of a str");
    }
    Value.@Nullable Body body =
        switch (name) {
          case "strip" -> arguments -> strip(text, arguments, true, true);
          case "lstrip" -> arguments -> strip(text, arguments, true, false);
          case "rstrip" -> arguments -> strip(text, arguments, false, true);
          case "upper" -> arguments -> text.upper();
          case "lower" -> arguments -> text.lower();
          case "title" -> arguments -> text.title();
          case "capitalize" -> arguments -> text.capitalize();
          case "split" -> arguments -> split(text, arguments);
          case "splitlines" -> arguments -> new Value.Sequence(lines(text));
          case "replace" ->
              arguments -> {
                arguments.only("old", "new", "count");
                return text.replace(
                    text(arguments, 0, "old"),
                    text(arguments, 1, "new"),
                    (int) whole(arguments.get(2, "count", new Value.Whole(-1)), line));
              };
          case "startswith" -> arguments -> affix(arguments, part -> text.startsWith(part, 0));
          case "endswith" -> arguments -> affix(arguments, text::endsWith);
          case "removeprefix" ->
              arguments -> {
                Text part = text(arguments, 0, "prefix");
                return text.startsWith(part, 0) ? text.slice(part.length(), text.length()) : text;
              };
          case "removesuffix" ->
              arguments -> {
                Text part = text(arguments, 0, "suffix");
                return text.endsWith(part) ? text.slice(0, text.length() - part.length()) : text;
              };
          case "find" ->
              arguments -> {
                arguments.only("sub");
                return new Value.Whole(text.indexOf(text(arguments, 0, "sub"), 0));
              };
          case "count" ->
              arguments -> {
                arguments.only("sub");
                Text part = text(arguments, 0, "sub");
                return new Value.Whole(
                    part.length() == 0 ? text.length() + 1 : text.split(part, -1).size() - 1);
              };
          case "join" ->
              arguments -> {
                arguments.only("iterable");
                return join(text, iterate(arguments.require(0, "iterable"), line), true, line);
              };
          default -> null;
        };
    return body == null
        ? new Value.Undefined("'str object' has no attribute '" + name + "'")
        : new Value.Function(name, body);
  }

  private static Text text(Arguments arguments, int index, String name) {
    Value value = arguments.require(index, name);
    if (value instanceof Text text) {
      return text;
    }
    throw TemplateException.at(
        arguments.line(), arguments.of() + ": " + name + " must be a str, was " + type(value));
  }

  static Text strip(Text text, Arguments arguments, boolean left, boolean right) {
    arguments.only("chars");
    if (arguments.get(0, "chars", Value.NONE) instanceof Value.Nothing) {
      return text.strip(Text::isSpace, left, right);
    }
    Text characters = text(arguments, 0, "chars");
    return text.strip(
        c -> {
          for (int i = 0; i < characters.length(); i++) {
            if (characters.at(i) == c) {
              return true;
            }
          }
          return false;
        },
        left,
        right);
  }

  private static Value split(Text text, Arguments arguments) {
    arguments.only("sep", "maxsplit");
    int limit = (int) whole(arguments.get(1, "maxsplit", new Value.Whole(-1)), arguments.line());
    if (arguments.get(0, "sep", Value.NONE) instanceof Value.Nothing) {
      if (limit >= 0) {
        throw new TemplateException.Unsupported(arguments.line(), "split(None, maxsplit)");
      }
      return new Value.Sequence(List.copyOf(text.words()));
    }
    Text separator = text(arguments, 0, "sep");
    if (separator.length() == 0) {
      throw TemplateException.at(arguments.line(), "split: empty separator");
    }
    return new Value.Sequence(List.copyOf(text.split(separator, limit)));
  }

  private static List<Value> lines(Text text) {
    List<Value> lines = new ArrayList<>();
    int begin = 0;
    for (int i = 0; i < text.length(); i++) {
      int c = text.at(i);
      boolean end =
          (c >= 10 && c <= 13)
              || (c >= 0x1C && c <= 0x1E)
              || c == 0x85
              || c == 0x2028
              || c == 0x2029;
      if (end) {
        lines.add(text.slice(begin, i));
        if (c == '\r' && i + 1 < text.length() && text.at(i + 1) == '\n') {
          i++;
        }
        begin = i + 1;
      }
    }
    if (begin < text.length()) {
      lines.add(text.slice(begin, text.length()));
    }
    return lines;
  }

  private static Value affix(Arguments arguments, java.util.function.Predicate<Text> holds) {
    arguments.only("affix");
    List<Value> any =
        arguments.require(0, "affix") instanceof Value.Sequence several
            ? several.items()
            : List.of(text(arguments, 0, "affix"));
    for (Value one : any) {
      if (!(one instanceof Text part)) {
        throw TemplateException.at(
            arguments.line(), arguments.of() + " needs a str, was " + type(one));
      }
      if (holds.test(part)) {
        return new Value.Truth(true);
      }
    }
    return new Value.Truth(false);
  }

  /// @param strict whether items must be strings, as for the method; the filter makes them so
  static Text join(Text separator, List<Value> items, boolean strict, int line) {
    Text.Builder out = new Text.Builder();
    for (int i = 0; i < items.size(); i++) {
      if (strict && !(items.get(i) instanceof Text)) {
        throw TemplateException.at(line, "join needs a str, was " + type(items.get(i)));
      }
      if (i > 0) {
        out.append(separator);
      }
      out.append(string(items.get(i), line));
    }
    return out.build();
  }
}
