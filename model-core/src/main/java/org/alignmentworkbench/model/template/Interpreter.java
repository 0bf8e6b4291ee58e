package org.alignmentworkbench.model.template;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.alignmentworkbench.model.template.Value.Arguments;
import org.jspecify.annotations.Nullable;

/// Runs a template over the values of a conversation.
final class Interpreter {
  /// A stop for templates that never end: far more than any conversation needs.
  private static final int MAX_STEPS = 1_000_000;

  private enum Flow {
    ON,
    BREAK,
    CONTINUE
  }

  /// Names of one block; what is set inside does not leave it.
  private static final class Scope {
    private final @Nullable Scope outer;
    private final Map<String, Value> names = new HashMap<>();

    Scope(@Nullable Scope outer) {
      this.outer = outer;
    }

    @Nullable Value find(String name) {
      for (Scope scope = this; scope != null; scope = scope.outer) {
        Value value = scope.names.get(name);
        if (value != null) {
          return value;
        }
      }
      return null;
    }
  }

  /// What came out.
  ///
  /// @param text all characters with their sources
  /// @param generated which of them stand inside a `generation` tag
  record Rendered(Text text, BitSet generated) {}

  private Text.Builder out = new Text.Builder();
  private final BitSet generated = new BitSet();
  private int generationDepth;
  private int captures;
  private int steps;
  private Scope scope = new Scope(null);

  private Interpreter() {}

  static Rendered render(List<Statement> body, Map<String, Value> variables) {
    Interpreter interpreter = new Interpreter();
    interpreter.scope.names.putAll(variables);
    interpreter.scope = new Scope(interpreter.scope);
    try {
      interpreter.run(body);
    } catch (StackOverflowError nested) {
      throw new TemplateException("chat template: nested too deeply");
    }
    return new Rendered(interpreter.out.build(), interpreter.generated);
  }

  private Flow run(List<Statement> body) {
    for (Statement statement : body) {
      Flow flow = run(statement);
      if (flow != Flow.ON) {
        return flow;
      }
    }
    return Flow.ON;
  }

  private Flow run(Statement statement) {
    step();
    switch (statement) {
      case Statement.Output output -> write(output.text());
      case Statement.Print print ->
          write(Python.string(evaluate(print.value()), print.value().line()));
      case Statement.If choice -> {
        for (Statement.Branch branch : choice.branches()) {
          if (Python.truth(evaluate(branch.condition()))) {
            return run(branch.body());
          }
        }
        return run(choice.otherwise());
      }
      case Statement.For loop -> loop(loop);
      case Statement.Set set -> {
        Value value = evaluate(set.value());
        assign(set.targets(), value, set.line());
      }
      case Statement.SetAttribute set -> {
        if (!(scope.find(set.namespace()) instanceof Value.Namespace namespace)) {
          throw TemplateException.at(
              set.line(), "cannot set an attribute of " + set.namespace() + ": no namespace");
        }
        namespace.attributes().put(set.attribute(), evaluate(set.value()));
      }
      case Statement.SetBlock set -> {
        Text.Builder before = out;
        out = new Text.Builder();
        captures++;
        Scope outer = scope;
        scope = new Scope(outer);
        run(set.body());
        scope = outer;
        captures--;
        scope.names.put(set.target(), out.build());
        out = before;
      }
      case Statement.Generation generation -> {
        generationDepth++;
        Scope outer = scope;
        scope = new Scope(outer);
        run(generation.body());
        scope = outer;
        generationDepth--;
      }
      case Statement.Break _ -> {
        return Flow.BREAK;
      }
      case Statement.Continue _ -> {
        return Flow.CONTINUE;
      }
    }
    return Flow.ON;
  }

  private void loop(Statement.For loop) {
    List<Value> items = Python.iterate(evaluate(loop.items()), loop.line());
    Scope outer = scope;
    Expression condition = loop.condition();
    if (condition != null) {
      List<Value> kept = new ArrayList<>();
      for (Value item : items) {
        scope = new Scope(outer);
        assign(loop.targets(), item, loop.line());
        if (Python.truth(evaluate(condition))) {
          kept.add(item);
        }
      }
      scope = outer;
      items = kept;
    }
    if (items.isEmpty()) {
      scope = new Scope(outer);
      run(loop.otherwise());
      scope = outer;
      return;
    }
    for (int i = 0; i < items.size(); i++) {
      step();
      scope = new Scope(outer);
      scope.names.put("loop", new Value.Loop(items, i));
      assign(loop.targets(), items.get(i), loop.line());
      if (run(loop.body()) == Flow.BREAK) {
        break;
      }
    }
    scope = outer;
  }

  private void assign(List<String> targets, Value value, int line) {
    if (targets.size() == 1) {
      scope.names.put(targets.getFirst(), value);
      return;
    }
    List<Value> items = Python.iterate(value, line);
    if (items.size() != targets.size()) {
      throw TemplateException.at(
          line, targets.size() + " names cannot take " + items.size() + " values");
    }
    for (int i = 0; i < items.size(); i++) {
      scope.names.put(targets.get(i), items.get(i));
    }
  }

  private void write(Text text) {
    int begin = out.size();
    out.append(text);
    if (generationDepth > 0 && captures == 0) {
      generated.set(begin, out.size());
    }
  }

  private void step() {
    if (++steps > MAX_STEPS) {
      throw new TemplateException("chat template: does not end within " + MAX_STEPS + " steps");
    }
  }

  private Value evaluate(Expression expression) {
    int line = expression.line();
    return switch (expression) {
      case Expression.Literal literal -> literal.value();
      case Expression.Name name -> name(name);
      case Expression.ListOf list ->
          new Value.Sequence(list.items().stream().map(this::evaluate).toList());
      case Expression.DictOf dictionary -> dictionary(dictionary);
      case Expression.Attribute attribute ->
          Python.attribute(evaluate(attribute.object()), attribute.name(), line);
      case Expression.Item item -> Python.item(evaluate(item.object()), evaluate(item.key()), line);
      case Expression.Slice slice ->
          Python.slice(
              evaluate(slice.object()),
              optional(slice.from()),
              optional(slice.to()),
              optional(slice.step()),
              line);
      case Expression.Call call -> {
        Value function = evaluate(call.function());
        if (function instanceof Value.Undefined undefined) {
          throw TemplateException.at(line, undefined.what() + " is undefined");
        }
        if (!(function instanceof Value.Function known)) {
          throw TemplateException.at(line, Python.type(function) + " cannot be called");
        }
        yield known.body().call(arguments(line, known.name(), call.arguments()));
      }
      case Expression.Filter filter ->
          Filters.apply(
              filter.name(),
              evaluate(filter.value()),
              arguments(line, "filter " + filter.name(), filter.arguments()));
      case Expression.Test test ->
          new Value.Truth(
              Filters.test(
                  test.name(),
                  evaluate(test.value()),
                  arguments(line, "test " + test.name(), test.arguments())));
      case Expression.Not not -> new Value.Truth(!Python.truth(evaluate(not.value())));
      case Expression.Sign sign -> Python.sign(evaluate(sign.value()), sign.negative(), line);
      case Expression.And and -> {
        Value left = evaluate(and.left());
        yield Python.truth(left) ? evaluate(and.right()) : left;
      }
      case Expression.Or or -> {
        Value left = evaluate(or.left());
        yield Python.truth(left) ? left : evaluate(or.right());
      }
      case Expression.Arithmetic arithmetic ->
          Python.arithmetic(
              arithmetic.operator(),
              evaluate(arithmetic.left()),
              evaluate(arithmetic.right()),
              line);
      case Expression.Comparison comparison -> comparison(comparison);
      case Expression.Conditional conditional -> {
        Expression otherwise = conditional.otherwise();
        if (Python.truth(evaluate(conditional.condition()))) {
          yield evaluate(conditional.then());
        }
        yield otherwise == null
            ? new Value.Undefined("the inline if without else")
            : evaluate(otherwise);
      }
    };
  }

  private @Nullable Value optional(@Nullable Expression expression) {
    return expression == null ? null : evaluate(expression);
  }

  private Value name(Expression.Name name) {
    Value value = scope.find(name.name());
    if (value != null) {
      return value;
    }
    return switch (name.name()) {
      case "raise_exception" -> new Value.Function("raise_exception", Functions::raise);
      case "range" -> new Value.Function("range", Functions::range);
      case "namespace" -> new Value.Function("namespace", Functions::namespace);
      // A training set must not depend on the day it was made.
      case "strftime_now", "cycler", "joiner", "lipsum", "dict" ->
          throw new TemplateException.Unsupported(name.line(), "function " + name.name());
      default -> new Value.Undefined("'" + name.name() + "'");
    };
  }

  private Value dictionary(Expression.DictOf dictionary) {
    SequencedMap<String, Value> entries = new LinkedHashMap<>();
    for (int i = 0; i < dictionary.keys().size(); i++) {
      if (!(evaluate(dictionary.keys().get(i)) instanceof Text key)) {
        throw new TemplateException.Unsupported(
            dictionary.line(), "a dictionary key that is no string");
      }
      entries.put(key.toString(), evaluate(dictionary.values().get(i)));
    }
    return new Value.Dictionary(entries);
  }

  private Value comparison(Expression.Comparison comparison) {
    Value left = evaluate(comparison.first());
    for (int i = 0; i < comparison.operators().size(); i++) {
      Value right = evaluate(comparison.others().get(i));
      if (!Python.compare(comparison.operators().get(i), left, right, comparison.line())) {
        return new Value.Truth(false);
      }
      left = right;
    }
    return new Value.Truth(true);
  }

  private Arguments arguments(int line, String of, Expression.CallArguments arguments) {
    List<Value> positional = arguments.positional().stream().map(this::evaluate).toList();
    Map<String, Value> named = new LinkedHashMap<>();
    arguments.named().forEach((name, value) -> named.put(name, evaluate(value)));
    return new Arguments(line, of, positional, named);
  }
}
