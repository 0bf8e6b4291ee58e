package org.alignmentworkbench.model.template;

import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// An expression of a template, with the line it stands on.
sealed interface Expression {
  int line();

  record Literal(int line, Value value) implements Expression {}

  record Name(int line, String name) implements Expression {}

  record ListOf(int line, List<Expression> items) implements Expression {}

  record DictOf(int line, List<Expression> keys, List<Expression> values) implements Expression {}

  /// `object.name`
  record Attribute(int line, Expression object, String name) implements Expression {}

  /// `object[key]`
  record Item(int line, Expression object, Expression key) implements Expression {}

  /// `object[from:to:step]`
  record Slice(
      int line,
      Expression object,
      @Nullable Expression from,
      @Nullable Expression to,
      @Nullable Expression step)
      implements Expression {}

  record Call(int line, Expression function, CallArguments arguments) implements Expression {}

  /// `value | name(arguments)`
  record Filter(int line, Expression value, String name, CallArguments arguments)
      implements Expression {}

  /// `value is name(arguments)`
  record Test(int line, Expression value, String name, CallArguments arguments)
      implements Expression {}

  record Not(int line, Expression value) implements Expression {}

  record Sign(int line, boolean negative, Expression value) implements Expression {}

  record And(int line, Expression left, Expression right) implements Expression {}

  record Or(int line, Expression left, Expression right) implements Expression {}

  /// One of `+ - * / // % ~`.
  record Arithmetic(int line, String operator, Expression left, Expression right)
      implements Expression {}

  /// `first op second op third ...`, as in Python all of them must hold.
  record Comparison(int line, Expression first, List<String> operators, List<Expression> others)
      implements Expression {}

  /// `then if condition else otherwise`
  record Conditional(
      int line, Expression condition, Expression then, @Nullable Expression otherwise)
      implements Expression {}

  record CallArguments(List<Expression> positional, SequencedMap<String, Expression> named) {}
}
