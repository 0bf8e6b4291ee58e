package org.alignmentworkbench.model.template;

/// A template that cannot be read or rendered; nothing of the output is kept.
public sealed class TemplateException extends RuntimeException {
  TemplateException(String message) {
    super(message);
  }

  static TemplateException at(int line, String message) {
    return new TemplateException("chat template, line " + line + ": " + message);
  }

  /// A construct of Jinja that this interpreter does not know, refused by name.
  public static final class Unsupported extends TemplateException {
    Unsupported(int line, String construct) {
      super("chat template, line " + line + ": " + construct + " is not supported");
    }
  }

  /// The template itself refuses the conversation (`raise_exception`); the message is its own.
  public static final class Raised extends TemplateException {
    Raised(String message) {
      super(message);
    }
  }
}
