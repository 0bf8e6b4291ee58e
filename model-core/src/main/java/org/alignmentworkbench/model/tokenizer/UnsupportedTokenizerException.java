package org.alignmentworkbench.model.tokenizer;

/// A `tokenizer.json` that asks for something this reader does not do: the message names it.
public final class UnsupportedTokenizerException extends IllegalArgumentException {
  UnsupportedTokenizerException(String message) {
    super(message);
  }
}
