package org.alignmentworkbench.annotation.reading;

/// Markup that went through [Sanitizer]: the one thing a template may write without escaping.
///
/// Only this package makes it, and a test refuses unescaped output of anything else.
public final class SafeMarkup {
  private final String markup;

  SafeMarkup(String markup) {
    this.markup = markup;
  }

  /// The markup.
  public String markup() {
    return markup;
  }

  @Override
  public String toString() {
    return markup;
  }
}
