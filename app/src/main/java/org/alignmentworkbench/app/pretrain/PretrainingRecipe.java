package org.alignmentworkbench.app.pretrain;

import java.util.List;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.training.AdamW;
import org.alignmentworkbench.model.training.LearningRateSchedule;

/// Everything that decides the weights of a pre-trained base model.
///
/// | field | unit |
/// |---|---|
/// | `seed` | corpus, initial weights |
/// | `vocabularyDocuments` | documents the vocabulary is trained on |
/// | `documentsPerStep`, `steps` | documents of one optimiser step; steps in all |
/// | `peakLearningRate`, `warmupSteps` | linear warm-up to the peak, then half a cosine to 0 |
/// | `initialDeviation` | standard deviation of the initial weights |
public record PretrainingRecipe(
    String name,
    long seed,
    LlamaConfig config,
    int vocabularyDocuments,
    int documentsPerStep,
    int steps,
    int warmupSteps,
    double peakLearningRate,
    double initialDeviation,
    AdamW optimizer) {

  static final String PAD = "<|pad|>";
  static final String BEGIN = "<|begin|>";
  static final String END = "<|end|>";

  /// The control tokens, whose ids are their places here.
  static final List<String> CONTROL_TOKENS =
      List.of(PAD, BEGIN, END, "<|system|>", "<|user|>", "<|assistant|>");

  /// One token opens a message and names its role; `<|end|>` closes it and is what generation stops
  /// at.
  static final String CHAT_TEMPLATE =
      "{{ bos_token }}{% for message in messages %}"
          + "{% if message['role'] == 'system' %}<|system|>"
          + "{% elif message['role'] == 'user' %}<|user|>"
          + "{% elif message['role'] == 'assistant' %}<|assistant|>"
          + "{% else %}{{ raise_exception('unknown role ' + message['role']) }}{% endif %}"
          + "{{ message['content'] }}<|end|>{% endfor %}"
          + "{% if add_generation_prompt %}<|assistant|>{% endif %}";

  public PretrainingRecipe {
    require(vocabularyDocuments > 0, "vocabularyDocuments", vocabularyDocuments);
    require(documentsPerStep > 0, "documentsPerStep", documentsPerStep);
    require(steps > 0, "steps", steps);
    require(warmupSteps >= 0 && warmupSteps < steps, "warmupSteps", warmupSteps);
    require(initialDeviation > 0, "initialDeviation", initialDeviation);
  }

  private static void require(boolean holds, String name, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(name + " is out of range, was " + value);
    }
  }

  /// The base model that is shipped: 1.3 million parameters.
  public static PretrainingRecipe nano() {
    return new PretrainingRecipe(
        "nano",
        20_261_125,
        LlamaConfig.fromJson(
            """
            {"architectures": ["LlamaForCausalLM"], "model_type": "llama",
             "vocab_size": 1024, "hidden_size": 128, "intermediate_size": 384,
             "num_hidden_layers": 6, "num_attention_heads": 4, "num_key_value_heads": 2,
             "head_dim": 32, "max_position_embeddings": 384, "rope_theta": 10000.0,
             "rms_norm_eps": 1e-5, "hidden_act": "silu", "tie_word_embeddings": true,
             "attention_bias": false, "mlp_bias": false,
             "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0, "torch_dtype": "float16"}
            """),
        4_000,
        64,
        4_000,
        100,
        3e-3,
        0.03,
        new AdamW(0.9, 0.95, 1e-8, 0.05, 1.0));
  }

  /// The learning rate at each step.
  LearningRateSchedule schedule() {
    return new LearningRateSchedule.WarmupCosine(peakLearningRate, warmupSteps, steps);
  }
}
