package org.alignmentworkbench.model.template;

import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// What an expression of a template can be.
sealed interface Value
    permits Text,
        Value.Nothing,
        Value.Undefined,
        Value.Truth,
        Value.Whole,
        Value.Real,
        Value.Sequence,
        Value.Dictionary,
        Value.Namespace,
        Value.Loop,
        Value.Function {

  Value NONE = new Nothing();

  /// Python's None.
  record Nothing() implements Value {}

  /// A name or key that is not there: prints as nothing, is false, and refuses everything else.
  record Undefined(String what) implements Value {}

  record Truth(boolean value) implements Value {}

  record Whole(long value) implements Value {}

  record Real(double value) implements Value {}

  record Sequence(List<Value> items) implements Value {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  record Dictionary(SequencedMap<String, Value> entries) implements Value {}

  /// The one thing whose attributes a template may set.
  record Namespace(Map<String, Value> attributes) implements Value {}

  /// `loop` inside a `for`.
  record Loop(List<Value> items, int index0) implements Value {}

  /// Something to call.
  record Function(String name, Body body) implements Value {}

  /// What a function does.
  @FunctionalInterface
  interface Body {
    Value call(Arguments arguments);
  }

  /// What a function, filter or test is called with.
  record Arguments(int line, String of, List<Value> positional, Map<String, Value> named) {
    int size() {
      return positional.size() + named.size();
    }

    /// Positional argument `index`, or the one named `name`, or `otherwise`.
    Value get(int index, String name, Value otherwise) {
      if (index >= 0 && index < positional.size()) {
        return positional.get(index);
      }
      Value value = named.get(name);
      return value == null ? otherwise : value;
    }

    Value require(int index, String name) {
      if (index >= positional.size() && !named.containsKey(name)) {
        throw TemplateException.at(line, of + " needs the argument " + name);
      }
      return get(index, name, NONE);
    }

    /// Refuses arguments beyond those named; the first `names` may be positional.
    void only(String... names) {
      if (positional.size() > names.length) {
        throw TemplateException.at(
            line, of + " takes at most " + names.length + " arguments, has " + positional.size());
      }
      for (String name : named.keySet()) {
        if (!List.of(names).contains(name)) {
          throw new TemplateException.Unsupported(line, "argument " + name + " of " + of);
        }
      }
    }
  }
}
