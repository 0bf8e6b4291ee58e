package org.alignmentworkbench.model.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A part of a template: text, output or a tag.
sealed interface Statement {

  record Output(Text text) implements Statement {}

  record Print(Expression value) implements Statement {}

  record If(List<Branch> branches, List<Statement> otherwise) implements Statement {}

  record Branch(Expression condition, List<Statement> body) {}

  record For(
      int line,
      List<String> targets,
      Expression items,
      @Nullable Expression condition,
      List<Statement> body,
      List<Statement> otherwise)
      implements Statement {}

  /// `set a, b = value`
  record Set(int line, List<String> targets, Expression value) implements Statement {}

  /// `set namespace.attribute = value`
  record SetAttribute(int line, String namespace, String attribute, Expression value)
      implements Statement {}

  /// `set name` ... `endset`
  record SetBlock(String target, List<Statement> body) implements Statement {}

  /// `generation` ... `endgeneration`: what the model is to learn to write.
  record Generation(List<Statement> body) implements Statement {}

  record Break() implements Statement {}

  record Continue() implements Statement {}
}
