package org.alignmentworkbench.model.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.alignmentworkbench.model.template.Expression.CallArguments;
import org.alignmentworkbench.model.template.Lexer.Kind;
import org.alignmentworkbench.model.template.Lexer.Token;
import org.jspecify.annotations.Nullable;

/// Reads a template into statements, with Jinja's precedence of operators:
///
/// ```
/// if-else < or < and < not < comparison < + - < ~ < * / // % < sign < . [] () < | is
/// ```
final class Parser {
  private static final CallArguments NO_ARGUMENTS =
      new CallArguments(List.of(), new LinkedHashMap<>());
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

  private final List<Token> tokens;
  private int at;
  private int loops;
  private boolean marksGeneration;

  private Parser(List<Token> tokens) {
    this.tokens = tokens;
  }

  /// A template that was read.
  ///
  /// @param body its statements
  /// @param marksGeneration whether it says itself what the model is to learn
  record Parsed(List<Statement> body, boolean marksGeneration) {}

  static Parsed parse(String template) {
    Parser parser = new Parser(Lexer.tokens(template));
    List<Statement> body = parser.statements(Set.of());
    return new Parsed(body, parser.marksGeneration);
  }

  /// Statements up to a tag named by one of `ends`, whose name is left to be read; without ends, to
  /// the end of the template.
  private List<Statement> statements(Set<String> ends) {
    List<Statement> body = new ArrayList<>();
    while (true) {
      Token token = next();
      switch (token.kind()) {
        case TEXT -> body.add(new Statement.Output(Text.of(token.text())));
        case VARIABLE_BEGIN -> {
          body.add(new Statement.Print(tupleOrExpression()));
          expect(Kind.VARIABLE_END, "");
        }
        case BLOCK_BEGIN -> {
          if (ends.contains(peek().text())) {
            return body;
          }
          body.add(tag());
        }
        case END -> {
          if (!ends.isEmpty()) {
            throw TemplateException.at(token.line(), "the template ends before one of " + ends);
          }
          return body;
        }
        default -> throw unexpected(token);
      }
    }
  }

  private Statement tag() {
    Token name = next();
    return switch (name.text()) {
      case "if" -> ifTag();
      case "for" -> forTag(name.line());
      case "set" -> setTag(name.line());
      case "generation" -> {
        marksGeneration = true;
        endTag();
        List<Statement> body = statements(Set.of("endgeneration"));
        at++;
        endTag();
        yield new Statement.Generation(body);
      }
      case "break", "continue" -> {
        if (loops == 0) {
          throw TemplateException.at(name.line(), name.text() + " stands outside a loop");
        }
        endTag();
        yield name.text().equals("break") ? new Statement.Break() : new Statement.Continue();
      }
      default -> throw new TemplateException.Unsupported(name.line(), "tag " + name.text());
    };
  }

  private Statement ifTag() {
    List<Statement.Branch> branches = new ArrayList<>();
    List<Statement> otherwise = List.of();
    Expression condition = tupleOrExpression();
    endTag();
    while (true) {
      List<Statement> body = statements(Set.of("elif", "else", "endif"));
      branches.add(new Statement.Branch(condition, body));
      String end = next().text();
      if (end.equals("elif")) {
        condition = tupleOrExpression();
        endTag();
        continue;
      }
      endTag();
      if (end.equals("else")) {
        otherwise = statements(Set.of("endif"));
        at++;
        endTag();
      }
      return new Statement.If(branches, otherwise);
    }
  }

  private Statement forTag(int line) {
    List<String> targets = targets();
    expect(Kind.NAME, "in");
    Expression items = or(); // no if-else here: "if" begins the filter
    Expression condition = null;
    if (accept(Kind.NAME, "if")) {
      condition = expression();
    }
    if (peek().is(Kind.NAME, "recursive")) {
      throw new TemplateException.Unsupported(line, "for ... recursive");
    }
    endTag();
    loops++;
    List<Statement> body = statements(Set.of("else", "endfor"));
    loops--;
    List<Statement> otherwise = List.of();
    if (next().text().equals("else")) {
      endTag();
      otherwise = statements(Set.of("endfor"));
      at++;
    }
    endTag();
    return new Statement.For(line, targets, items, condition, body, otherwise);
  }

  private Statement setTag(int line) {
    List<String> targets = targets();
    if (targets.size() == 1 && accept(Kind.OPERATOR, ".")) {
      String attribute = expect(Kind.NAME, null).text();
      expect(Kind.OPERATOR, "=");
      Expression value = tupleOrExpression();
      endTag();
      return new Statement.SetAttribute(line, targets.getFirst(), attribute, value);
    }
    if (accept(Kind.OPERATOR, "=")) {
      Expression value = tupleOrExpression();
      endTag();
      return new Statement.Set(line, targets, value);
    }
    if (targets.size() != 1 || peek().kind() != Kind.BLOCK_END) {
      throw new TemplateException.Unsupported(line, "this form of set");
    }
    endTag();
    List<Statement> body = statements(Set.of("endset"));
    at++;
    endTag();
    return new Statement.SetBlock(targets.getFirst(), body);
  }

  private List<String> targets() {
    List<String> targets = new ArrayList<>();
    do {
      Token name = expect(Kind.NAME, null);
      if (constant(name.text()) != null) {
        throw TemplateException.at(name.line(), "cannot assign to " + name.text());
      }
      targets.add(name.text());
    } while (accept(Kind.OPERATOR, ","));
    return targets;
  }

  private void endTag() {
    expect(Kind.BLOCK_END, "");
  }

  private Expression tupleOrExpression() {
    int line = peek().line();
    Expression first = expression();
    if (!peek().is(Kind.OPERATOR, ",")) {
      return first;
    }
    List<Expression> items = new ArrayList<>(List.of(first));
    while (accept(Kind.OPERATOR, ",")) {
      if (peek().kind() == Kind.BLOCK_END || peek().kind() == Kind.VARIABLE_END) {
        break;
      }
      items.add(expression());
    }
    return new Expression.ListOf(line, items);
  }

  private Expression expression() {
    Expression value = or();
    while (peek().is(Kind.NAME, "if")) {
      int line = next().line();
      Expression condition = or();
      Expression otherwise = accept(Kind.NAME, "else") ? expression() : null;
      value = new Expression.Conditional(line, condition, value, otherwise);
    }
    return value;
  }

  private Expression or() {
    Expression left = and();
    while (peek().is(Kind.NAME, "or")) {
      left = new Expression.Or(next().line(), left, and());
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (peek().is(Kind.NAME, "and")) {
      left = new Expression.And(next().line(), left, not());
    }
    return left;
  }

  private Expression not() {
    return peek().is(Kind.NAME, "not") ? new Expression.Not(next().line(), not()) : comparison();
  }

  private Expression comparison() {
    int line = peek().line();
    Expression first = sum();
    List<String> operators = new ArrayList<>();
    List<Expression> others = new ArrayList<>();
    while (true) {
      Token token = peek();
      if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
        operators.add(next().text());
      } else if (token.is(Kind.NAME, "in")) {
        operators.add(next().text());
      } else if (token.is(Kind.NAME, "not") && tokens.get(at + 1).is(Kind.NAME, "in")) {
        at += 2;
        operators.add("not in");
      } else {
        break;
      }
      others.add(sum());
    }
    return operators.isEmpty() ? first : new Expression.Comparison(line, first, operators, others);
  }

  private Expression sum() {
    Expression left = concatenation();
    while (peek().is(Kind.OPERATOR, "+") || peek().is(Kind.OPERATOR, "-")) {
      Token operator = next();
      left = new Expression.Arithmetic(operator.line(), operator.text(), left, concatenation());
    }
    return left;
  }

  private Expression concatenation() {
    Expression left = product();
    while (peek().is(Kind.OPERATOR, "~")) {
      left = new Expression.Arithmetic(next().line(), "~", left, product());
    }
    return left;
  }

  private Expression product() {
    Expression left = sign(true);
    while (peek().kind() == Kind.OPERATOR && Set.of("*", "/", "//", "%").contains(peek().text())) {
      Token operator = next();
      left = new Expression.Arithmetic(operator.line(), operator.text(), left, sign(true));
    }
    if (peek().is(Kind.OPERATOR, "**")) {
      throw new TemplateException.Unsupported(peek().line(), "operator **");
    }
    return left;
  }

  private Expression sign(boolean withFilters) {
    Token token = peek();
    Expression value;
    if (token.is(Kind.OPERATOR, "-") || token.is(Kind.OPERATOR, "+")) {
      at++;
      value = new Expression.Sign(token.line(), token.text().equals("-"), sign(false));
    } else {
      value = primary();
    }
    value = postfix(value);
    return withFilters ? filters(value) : value;
  }

  private Expression primary() {
    Token token = next();
    switch (token.kind()) {
      case NAME -> {
        Value constant = constant(token.text());
        return constant == null
            ? new Expression.Name(token.line(), token.text())
            : new Expression.Literal(token.line(), constant);
      }
      case STRING -> {
        StringBuilder text = new StringBuilder(token.text());
        while (peek().kind() == Kind.STRING) {
          text.append(next().text());
        }
        return new Expression.Literal(token.line(), Text.of(text.toString()));
      }
      case WHOLE -> {
        try {
          long value = Long.parseLong(token.text());
          return new Expression.Literal(token.line(), new Value.Whole(value));
        } catch (NumberFormatException tooLarge) {
          throw TemplateException.at(token.line(), "number too large: " + token.text());
        }
      }
      case REAL -> {
        return new Expression.Literal(
            token.line(), new Value.Real(Double.parseDouble(token.text())));
      }
      case OPERATOR -> {
        switch (token.text()) {
          case "(" -> {
            return parentheses(token.line());
          }
          case "[" -> {
            return new Expression.ListOf(token.line(), listUntil("]"));
          }
          case "{" -> {
            return dictionary(token.line());
          }
          default -> throw unexpected(token);
        }
      }
      default -> throw unexpected(token);
    }
  }

  private static @Nullable Value constant(String name) {
    return switch (name) {
      case "true", "True" -> new Value.Truth(true);
      case "false", "False" -> new Value.Truth(false);
      case "none", "None" -> Value.NONE;
      default -> null;
    };
  }

  private Expression parentheses(int line) {
    if (accept(Kind.OPERATOR, ")")) {
      return new Expression.ListOf(line, List.of());
    }
    Expression first = expression();
    if (accept(Kind.OPERATOR, ")")) {
      return first;
    }
    expect(Kind.OPERATOR, ",");
    List<Expression> items = new ArrayList<>(List.of(first));
    items.addAll(listUntil(")"));
    return new Expression.ListOf(line, items);
  }

  private List<Expression> listUntil(String close) {
    List<Expression> items = new ArrayList<>();
    while (!accept(Kind.OPERATOR, close)) {
      items.add(expression());
      if (!peek().is(Kind.OPERATOR, close)) {
        expect(Kind.OPERATOR, ",");
      }
    }
    return items;
  }

  private Expression dictionary(int line) {
    List<Expression> keys = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!accept(Kind.OPERATOR, "}")) {
      keys.add(expression());
      expect(Kind.OPERATOR, ":");
      values.add(expression());
      if (!peek().is(Kind.OPERATOR, "}")) {
        expect(Kind.OPERATOR, ",");
      }
    }
    return new Expression.DictOf(line, keys, values);
  }

  private Expression postfix(Expression object) {
    Expression value = object;
    while (peek().kind() == Kind.OPERATOR) {
      Token token = peek();
      switch (token.text()) {
        case "." -> {
          at++;
          Token name = next();
          if (name.kind() == Kind.WHOLE) {
            Expression key =
                new Expression.Literal(name.line(), new Value.Whole(Long.parseLong(name.text())));
            value = new Expression.Item(token.line(), value, key);
          } else if (name.kind() == Kind.NAME) {
            value = new Expression.Attribute(token.line(), value, name.text());
          } else {
            throw unexpected(name);
          }
        }
        case "[" -> {
          at++;
          value = subscript(token.line(), value);
        }
        case "(" -> {
          at++;
          value = new Expression.Call(token.line(), value, arguments());
        }
        default -> {
          return value;
        }
      }
    }
    return value;
  }

  private Expression subscript(int line, Expression object) {
    Expression from = peek().is(Kind.OPERATOR, ":") ? null : expression();
    if (accept(Kind.OPERATOR, "]") && from != null) {
      return new Expression.Item(line, object, from);
    }
    expect(Kind.OPERATOR, ":");
    Expression to =
        peek().is(Kind.OPERATOR, ":") || peek().is(Kind.OPERATOR, "]") ? null : expression();
    Expression step = null;
    if (accept(Kind.OPERATOR, ":") && !peek().is(Kind.OPERATOR, "]")) {
      step = expression();
    }
    expect(Kind.OPERATOR, "]");
    return new Expression.Slice(line, object, from, to, step);
  }

  private CallArguments arguments() {
    List<Expression> positional = new ArrayList<>();
    SequencedMap<String, Expression> named = new LinkedHashMap<>();
    while (!accept(Kind.OPERATOR, ")")) {
      Token token = peek();
      if (token.is(Kind.OPERATOR, "*") || token.is(Kind.OPERATOR, "**")) {
        throw new TemplateException.Unsupported(token.line(), "argument " + token.text() + "...");
      }
      if (token.kind() == Kind.NAME && tokens.get(at + 1).is(Kind.OPERATOR, "=")) {
        at += 2;
        named.put(token.text(), expression());
      } else {
        positional.add(expression());
      }
      if (!peek().is(Kind.OPERATOR, ")")) {
        expect(Kind.OPERATOR, ",");
      }
    }
    return new CallArguments(positional, named);
  }

  private Expression filters(Expression object) {
    Expression value = object;
    while (true) {
      Token token = peek();
      if (token.is(Kind.OPERATOR, "|")) {
        at++;
        String name = expect(Kind.NAME, null).text();
        CallArguments arguments = accept(Kind.OPERATOR, "(") ? arguments() : NO_ARGUMENTS;
        value = new Expression.Filter(token.line(), value, name, arguments);
      } else if (token.is(Kind.NAME, "is")) {
        at++;
        value = test(token.line(), value);
      } else {
        return value;
      }
    }
  }

  private Expression test(int line, Expression value) {
    boolean negated = accept(Kind.NAME, "not");
    // A test may be called like a constant: "is none", "is true".
    String name = expect(Kind.NAME, null).text();
    CallArguments arguments = NO_ARGUMENTS;
    Token token = peek();
    if (accept(Kind.OPERATOR, "(")) {
      arguments = arguments();
    } else if (beginsArgument(token)) {
      arguments = new CallArguments(List.of(postfix(primary())), new LinkedHashMap<>());
    }
    Expression test = new Expression.Test(line, value, name, arguments);
    return negated ? new Expression.Not(line, test) : test;
  }

  private static boolean beginsArgument(Token token) {
    return switch (token.kind()) {
      case NAME -> !Set.of("else", "or", "and", "if", "is", "not", "in").contains(token.text());
      case STRING, WHOLE, REAL -> true;
      case OPERATOR -> token.text().equals("[") || token.text().equals("{");
      default -> false;
    };
  }

  private Token peek() {
    return tokens.get(at);
  }

  private Token next() {
    return tokens.get(at++);
  }

  private boolean accept(Kind kind, String text) {
    if (peek().is(kind, text)) {
      at++;
      return true;
    }
    return false;
  }

  private Token expect(Kind kind, @Nullable String text) {
    Token token = next();
    if (token.kind() != kind || (text != null && !token.text().equals(text))) {
      throw unexpected(token);
    }
    return token;
  }

  private static TemplateException unexpected(Token token) {
    return TemplateException.at(
        token.line(),
        switch (token.kind()) {
          case END -> "the template ends inside a tag";
          case BLOCK_END, VARIABLE_END -> "the tag ends too early";
          default -> "unexpected " + token.text();
        });
  }
}
