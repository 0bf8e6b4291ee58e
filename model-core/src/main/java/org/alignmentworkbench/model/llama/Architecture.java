package org.alignmentworkbench.model.llama;

/// The decoders that are computed here. They differ in what stands between the products of queries,
/// keys and values and the turning by their position, and in nothing else.
public enum Architecture {
  /// Nothing. Mistral without a sliding window is the same computation under another name.
  LLAMA("llama", "LlamaForCausalLM"),
  /// A bias on each of the three (Yang et al. 2024, Qwen2 Technical Report).
  QWEN2("qwen2", "Qwen2ForCausalLM"),
  /// A root-mean-square norm of every query head and every key head, with one weight for each place
  /// in a head (Yang et al. 2025, Qwen3 Technical Report).
  QWEN3("qwen3", "Qwen3ForCausalLM");

  private final String modelType;
  private final String className;

  Architecture(String modelType, String className) {
    this.modelType = modelType;
    this.className = className;
  }

  /// What `model_type` of a configuration and `general.architecture` of a GGUF file call it.
  public String modelType() {
    return modelType;
  }

  /// What `architectures` of a configuration calls it with a language model's head.
  public String className() {
    return className;
  }

  /// Whether files for llama.cpp hold the rows of queries and keys in interleaved order.
  public boolean interleavedInGguf() {
    return this == LLAMA;
  }
}
