package org.alignmentworkbench.annotation.page;

import java.io.Serializable;
import java.util.List;

/// A sentence above the page's content, usually put in the flash attributes as `notice`.
///
/// @param kind colour and mark
/// @param word message key
/// @param arguments of the message
public record Notice(Kind kind, String word, List<String> arguments) implements Serializable {
  /// How urgent it is; never told by colour alone.
  public enum Kind {
    INFO,
    GOOD,
    WARN,
    BAD
  }

  public Notice {
    arguments = List.copyOf(arguments);
  }

  /// A notice without arguments.
  public static Notice of(Kind kind, String word) {
    return new Notice(kind, word, List.of());
  }

  /// The name of the style class.
  public String style() {
    return switch (kind) {
      case INFO -> "info";
      case GOOD -> "good";
      case WARN -> "warn";
      case BAD -> "bad";
    };
  }

  /// The message's arguments in the form a template hands on.
  public Object[] messageArguments() {
    return arguments.toArray();
  }
}
