package org.alignmentworkbench.model.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.alignmentworkbench.model.template.Value.Arguments;

/// Filters (`value | name`) and tests (`value is name`).
final class Filters {
  private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,18}");

  private Filters() {}

  static Value apply(String name, Value value, Arguments arguments) {
    int line = arguments.line();
    return switch (name) {
      case "trim" -> Python.strip(Python.string(value, line), arguments, true, true);
      case "upper" -> none(arguments, Python.string(value, line).upper());
      case "lower" -> none(arguments, Python.string(value, line).lower());
      case "capitalize" -> none(arguments, Python.string(value, line).capitalize());
      case "title" -> none(arguments, Python.string(value, line).title());
      case "string", "safe" -> none(arguments, Python.string(value, line));
      case "length", "count" -> none(arguments, new Value.Whole(length(value, line)));
      case "list" -> none(arguments, new Value.Sequence(Python.iterate(value, line)));
      case "default", "d" -> {
        arguments.only("default_value", "boolean");
        boolean falseToo = Python.truth(arguments.get(1, "boolean", new Value.Truth(false)));
        boolean missing = value instanceof Value.Undefined || (falseToo && !Python.truth(value));
        yield missing ? arguments.get(0, "default_value", Text.EMPTY) : value;
      }
      case "join" -> join(value, arguments);
      case "replace" -> {
        arguments.only("old", "new", "count");
        yield Python.string(value, line)
            .replace(
                Python.string(arguments.require(0, "old"), line),
                Python.string(arguments.require(1, "new"), line),
                (int) Python.whole(arguments.get(2, "count", new Value.Whole(-1)), line));
      }
      case "first", "last" -> {
        arguments.only();
        List<Value> items = Python.iterate(value, line);
        if (items.isEmpty()) {
          yield new Value.Undefined("the " + name + " of nothing");
        }
        yield name.equals("first") ? items.getFirst() : items.getLast();
      }
      case "reverse" -> {
        arguments.only();
        yield Python.slice(value, null, null, new Value.Whole(-1), line);
      }
      case "int" -> toInt(value, arguments);
      case "items" -> {
        arguments.only();
        if (value instanceof Value.Undefined) {
          yield new Value.Sequence(List.of());
        }
        if (!(value instanceof Value.Dictionary dictionary)) {
          throw TemplateException.at(line, "filter items needs a dict, was " + Python.type(value));
        }
        yield Python.items(dictionary);
      }
      case "map" -> {
        if (!arguments.positional().isEmpty()) {
          throw new TemplateException.Unsupported(line, "filter map with a filter's name");
        }
        arguments.only("attribute");
        Value attribute = arguments.require(-1, "attribute");
        yield new Value.Sequence(
            Python.iterate(value, line).stream()
                .map(item -> Python.item(item, attribute, line))
                .toList());
      }
      case "selectattr" -> select(value, arguments, true);
      case "rejectattr" -> select(value, arguments, false);
      case "tojson" -> {
        arguments.only("ensure_ascii", "indent");
        if (Python.truth(arguments.get(0, "ensure_ascii", new Value.Truth(false)))) {
          throw new TemplateException.Unsupported(line, "tojson(ensure_ascii=true)");
        }
        Value indent = arguments.get(1, "indent", Value.NONE);
        long spaces = indent instanceof Value.Nothing ? -1 : Python.whole(indent, line);
        if (spaces > 16) {
          throw new TemplateException.Unsupported(line, "tojson(indent=" + spaces + ")");
        }
        Text.Builder out = new Text.Builder();
        json(value, out, (int) Math.max(spaces, -1), 0, line);
        yield out.build();
      }
      default -> throw new TemplateException.Unsupported(line, "filter " + name);
    };
  }

  static boolean test(String name, Value value, Arguments arguments) {
    int line = arguments.line();
    return switch (name) {
      case "defined" -> !(value instanceof Value.Undefined);
      case "undefined" -> value instanceof Value.Undefined;
      case "none" -> value instanceof Value.Nothing;
      case "boolean" -> value instanceof Value.Truth;
      case "true" -> value instanceof Value.Truth truth && truth.value();
      case "false" -> value instanceof Value.Truth truth && !truth.value();
      case "integer" -> value instanceof Value.Whole;
      case "float" -> value instanceof Value.Real;
      case "number" ->
          value instanceof Value.Whole
              || value instanceof Value.Real
              || value instanceof Value.Truth;
      case "string" -> value instanceof Text;
      case "mapping" -> value instanceof Value.Dictionary;
      case "iterable", "sequence" ->
          value instanceof Text
              || value instanceof Value.Sequence
              || value instanceof Value.Dictionary
              || value instanceof Value.Undefined;
      case "callable" -> value instanceof Value.Function;
      case "even" -> Python.whole(value, line) % 2 == 0;
      case "odd" -> Python.whole(value, line) % 2 != 0;
      case "divisibleby" -> {
        long by = Python.whole(arguments.require(0, "num"), line);
        if (by == 0) {
          throw TemplateException.at(line, "divisibleby 0");
        }
        yield Python.whole(value, line) % by == 0;
      }
      case "eq", "equalto" -> Python.equal(value, arguments.require(0, "other"));
      case "ne" -> !Python.equal(value, arguments.require(0, "other"));
      case "lt", "lessthan" -> Python.compare("<", value, arguments.require(0, "other"), line);
      case "le" -> Python.compare("<=", value, arguments.require(0, "other"), line);
      case "gt", "greaterthan" -> Python.compare(">", value, arguments.require(0, "other"), line);
      case "ge" -> Python.compare(">=", value, arguments.require(0, "other"), line);
      case "in" -> Python.compare("in", value, arguments.require(0, "seq"), line);
      default -> throw new TemplateException.Unsupported(line, "test " + name);
    };
  }

  private static Value none(Arguments arguments, Value result) {
    arguments.only();
    return result;
  }

  private static int length(Value value, int line) {
    return value instanceof Text text ? text.length() : Python.iterate(value, line).size();
  }

  private static Value join(Value value, Arguments arguments) {
    int line = arguments.line();
    arguments.only("d", "attribute");
    List<Value> items = new ArrayList<>(Python.iterate(value, line));
    Value attribute = arguments.get(1, "attribute", Value.NONE);
    if (!(attribute instanceof Value.Nothing)) {
      items.replaceAll(item -> Python.item(item, attribute, line));
    }
    Text separator = Python.string(arguments.get(0, "d", Text.EMPTY), line);
    return Python.join(separator, items, false, line);
  }

  private static Value toInt(Value value, Arguments arguments) {
    arguments.only("default");
    Value otherwise = arguments.get(0, "default", new Value.Whole(0));
    return switch (value) {
      case Value.Whole whole -> whole;
      case Value.Truth truth -> new Value.Whole(truth.value() ? 1 : 0);
      case Value.Real real -> new Value.Whole((long) real.value());
      case Text text -> {
        String digits = text.strip(Text::isSpace, true, true).toString();
        yield WHOLE.matcher(digits).matches() ? new Value.Whole(Long.parseLong(digits)) : otherwise;
      }
      case Value.Nothing _,
          Value.Undefined _,
          Value.Sequence _,
          Value.Dictionary _,
          Value.Namespace _,
          Value.Loop _,
          Value.Function _ ->
          otherwise;
    };
  }

  private static Value select(Value value, Arguments arguments, boolean kept) {
    int line = arguments.line();
    Value attribute = arguments.require(0, "attribute");
    List<Value> rest = arguments.positional();
    List<Value> result = new ArrayList<>();
    for (Value item : Python.iterate(value, line)) {
      Value of = Python.item(item, attribute, line);
      boolean holds =
          rest.size() < 2
              ? Python.truth(of)
              : test(
                  Python.string(rest.get(1), line).toString(),
                  of,
                  new Arguments(
                      line, arguments.of(), rest.subList(2, rest.size()), arguments.named()));
      if (holds == kept) {
        result.add(item);
      }
    }
    return new Value.Sequence(result);
  }

  /// Python's `json.dumps(value, ensure_ascii=False, indent=indent)`; an indent below 0 is none.
  private static void json(Value value, Text.Builder out, int indent, int depth, int line) {
    switch (value) {
      case Value.Nothing _ -> out.append("null");
      case Value.Truth truth -> out.append(truth.value() ? "true" : "false");
      case Value.Whole whole -> out.append(Long.toString(whole.value()));
      case Value.Real real -> out.append(Python.repr(real.value()));
      case Text text -> jsonString(text, out);
      case Value.Sequence sequence -> {
        out.append("[");
        for (int i = 0; i < sequence.items().size(); i++) {
          separate(out, i == 0, indent, depth + 1);
          json(sequence.items().get(i), out, indent, depth + 1, line);
        }
        close(out, sequence.items().isEmpty(), indent, depth);
        out.append("]");
      }
      case Value.Dictionary dictionary -> {
        out.append("{");
        SequencedMap<String, Value> entries = dictionary.entries();
        boolean first = true;
        for (Map.Entry<String, Value> entry : entries.entrySet()) {
          separate(out, first, indent, depth + 1);
          first = false;
          jsonString(Text.of(entry.getKey()), out);
          out.append(": ");
          json(entry.getValue(), out, indent, depth + 1, line);
        }
        close(out, entries.isEmpty(), indent, depth);
        out.append("}");
      }
      case Value.Undefined _, Value.Namespace _, Value.Loop _, Value.Function _ ->
          throw TemplateException.at(line, Python.type(value) + " cannot be written as JSON");
    }
  }

  private static void separate(Text.Builder out, boolean first, int indent, int depth) {
    if (!first) {
      out.append(indent < 0 ? ", " : ",");
    }
    if (indent >= 0) {
      out.append("\n" + " ".repeat(indent * depth));
    }
  }

  private static void close(Text.Builder out, boolean empty, int indent, int depth) {
    if (!empty && indent >= 0) {
      out.append("\n" + " ".repeat(indent * depth));
    }
  }

  private static void jsonString(Text text, Text.Builder out) {
    out.append("\"");
    for (int i = 0; i < text.length(); i++) {
      int c = text.at(i);
      int source = text.source(i);
      String escaped =
          switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            default -> c < 0x20 ? "\\u%04x".formatted(c) : "";
          };
      if (escaped.isEmpty()) {
        out.append(c, source);
      } else {
        escaped.codePoints().forEach(e -> out.append(e, source));
      }
    }
    out.append("\"");
  }
}
