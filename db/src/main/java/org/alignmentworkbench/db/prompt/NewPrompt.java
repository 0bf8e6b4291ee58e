package org.alignmentworkbench.db.prompt;

/// A prompt to be kept; [Prompt] says what the parts mean.
public record NewPrompt(
    String key, Split split, String kind, String template, String text, String task) {
  public NewPrompt {
    if (key.isBlank()) {
      throw new IllegalArgumentException("a prompt needs a key");
    }
    if (text.isEmpty()) {
      throw new IllegalArgumentException("prompt " + key + " is empty");
    }
  }
}
