package org.alignmentworkbench.app.export.job;

/// What a model can be written as.
public enum ExportFormat {
  /// A Hugging Face folder in 16 bits, with the packed file where the model is compressed.
  HF("hf"),
  /// A PEFT adapter folder.
  PEFT("peft"),
  /// A GGUF file of the model in 16 bits.
  GGUF("gguf"),
  /// A GGUF file of an adapter.
  GGUF_ADAPTER("gguf-adapter");

  private final String label;

  ExportFormat(String label) {
    this.label = label;
  }

  /// What reports, pages and lineage call it.
  public String label() {
    return label;
  }

  /// The format that is called so.
  public static ExportFormat labelled(String label) {
    for (ExportFormat format : values()) {
      if (format.label.equals(label)) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        "formats must be of hf, peft, gguf and gguf-adapter, was " + label);
  }
}
