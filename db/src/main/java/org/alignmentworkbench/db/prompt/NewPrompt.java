package org.alignmentworkbench.db.prompt;

import org.jspecify.annotations.Nullable;

/// A prompt to be kept; [Prompt] says what the parts mean.
///
/// @param language a BCP 47 tag in lower case; null where nobody says
public record NewPrompt(
    String key,
    Split split,
    String kind,
    String template,
    String text,
    String task,
    @Nullable String language) {
  /// A prompt of which nobody says the language.
  public NewPrompt(
      String key, Split split, String kind, String template, String text, String task) {
    this(key, split, kind, template, text, task, null);
  }

  public NewPrompt {
    if (key.isBlank()) {
      throw new IllegalArgumentException("a prompt needs a key");
    }
    if (text.isEmpty()) {
      throw new IllegalArgumentException("prompt " + key + " is empty");
    }
  }
}
