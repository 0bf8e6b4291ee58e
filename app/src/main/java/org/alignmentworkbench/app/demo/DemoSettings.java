package org.alignmentworkbench.app.demo;

import java.util.List;
import java.util.Map;

/// What the demo's runs are set to: the sizes that fit a model of 1.3 million parameters, two cores
/// and a quarter of an hour. Every value stands here once, and the runs keep what they were given.
///
/// @param seed names the project's prompts, its annotators and every random stream
record DemoSettings(long seed) {
  static final String BASE = "base";
  static final String SFT = "sft";
  static final String CONTROL = "sft-more";
  static final String MDLOO = "mdloo";
  static final String COMPRESSED = "compressed";
  static final String RECOVERED = "recovered";
  static final String ADAPTER = "summaries";
  static final String REWARD_MODEL = "itec-2/reward-model";

  /// What is evaluated, in the order of the report. A stage is the model of its name; `-unfiltered`
  /// students learnt the committee's best answers without the filter of verifiable checks.
  static final List<String> EVALUATED =
      List.of(
          BASE,
          SFT,
          CONTROL,
          "itec-1",
          "itec-2",
          "itec-2-unfiltered",
          MDLOO,
          COMPRESSED,
          RECOVERED);

  /// Held-out prompts of every stage.
  static final int HELD_OUT = 1_000;

  /// Of these, the first ones, on which a round looks at its own student.
  private static final int HELD_OUT_OF_A_ROUND = 500;

  static final int DEMONSTRATIONS = 3_000;

  /// Comparisons wanted in a round: scripted annotators are quick, and the reward model is as good
  /// as its data.
  private static final int PAIRS = 1_200;

  private static final int ROUND_PROMPTS = 800;

  /// Demonstrations that the control may read: enough for one pass, none twice.
  private static final int CONTROL_PROMPTS = 8_000;

  /// Scripted annotators at the desk at once.
  static final int ANNOTATORS = 4;

  Map<String, Object> supervised() {
    return Map.of("model", BASE, "result", SFT, "firstPrompt", 0, "prompts", DEMONSTRATIONS);
  }

  /// The same further supervised tokens as the students of the rounds, on demonstrations that are
  /// all fresh: the best that plain fine-tuning can do with them.
  Map<String, Object> control(long supervisedTokens) {
    return Map.of(
        "model",
        SFT,
        "result",
        CONTROL,
        "firstPrompt",
        DEMONSTRATIONS,
        "prompts",
        CONTROL_PROMPTS,
        "training",
        Map.of("maxSupervisedTokens", supervisedTokens, "epochs", 1, "patience", 0));
  }

  /// Round 1 starts from the supervised policy, round 2 from the student of round 1.
  Map<String, Object> round(int round) {
    int first = DEMONSTRATIONS + (round - 1) * ROUND_PROMPTS;
    return Map.ofEntries(
        Map.entry("round", round),
        Map.entry("model", round == 1 ? SFT : "itec-" + (round - 1)),
        Map.entry("reference", SFT),
        Map.entry("scripted", true),
        Map.entry(
            "pairs",
            Map.of(
                "firstPrompt",
                (round - 1) * PAIRS,
                "prompts",
                PAIRS,
                // The first committee is one member, who must answer twice.
                "samplesPerMember",
                round == 1 ? 2 : 1)),
        Map.entry(
            "mirrorDescent",
            Map.of(
                "firstPrompt",
                first,
                "prompts",
                ROUND_PROMPTS,
                "training",
                Map.of("iterations", 30))),
        // Twelve candidates a prompt: of three members in the first round, of six in the second.
        Map.entry(
            "members",
            Map.of(
                "firstPrompt",
                first,
                "prompts",
                ROUND_PROMPTS,
                "samplesPerMember",
                round == 1 ? 4 : 2)),
        Map.entry("unfilteredStudent", round == 2),
        Map.entry("evaluationPrompts", HELD_OUT_OF_A_ROUND),
        Map.entry("compareWith", List.of(round == 1 ? SFT : "itec-" + (round - 1), SFT)));
  }

  Map<String, Object> mirrorDescent() {
    return Map.of(
        "model",
        "itec-2",
        "reference",
        "itec-2",
        "rewardModel",
        REWARD_MODEL,
        "result",
        MDLOO,
        "firstPrompt",
        DEMONSTRATIONS + 2 * ROUND_PROMPTS,
        "prompts",
        ROUND_PROMPTS,
        "training",
        // A dear divergence: what the reward model has not seen it cannot judge.
        Map.of("iterations", 40, "beta", 0.15));
  }

  /// Palettized to 3.5 bits a weight and recovered by an adapter of rank 16.
  Map<String, Object> compression() {
    return Map.of(
        "model",
        MDLOO,
        "result",
        COMPRESSED,
        "recovered",
        RECOVERED,
        "firstPrompt",
        DEMONSTRATIONS + 2 * ROUND_PROMPTS);
  }

  /// The adapter of one feature, summaries, from the committee's best answers.
  Map<String, Object> adapter() {
    return Map.of("model", RECOVERED, "result", ADAPTER, "dataset", "itec-2/selected");
  }

  /// The recovered model in every format.
  Map<String, Object> export(String model) {
    return Map.of(
        "model",
        model,
        "formats",
        model.equals(ADAPTER)
            ? List.of("peft", "gguf-adapter")
            : List.of("hf", "peft", "gguf", "gguf-adapter"));
  }

  /// All stages meet the same reward model, so that their scores can be compared.
  Map<String, Object> evaluation(String stage, String model) {
    return Map.of(
        "stage",
        stage,
        "model",
        model,
        "rewardModel",
        REWARD_MODEL,
        "reference",
        SFT,
        "prompts",
        HELD_OUT,
        "compareWith",
        comparedWith(stage));
  }

  /// The stage before, and the supervised policy; what is not evaluated yet cannot be compared
  /// with.
  static List<String> comparedWith(String stage) {
    return switch (stage) {
      case BASE -> List.of();
      case SFT -> List.of(BASE);
      case CONTROL, "itec-1" -> List.of(SFT);
      case "itec-2" -> List.of("itec-1", SFT, CONTROL);
      case "itec-2-unfiltered" -> List.of("itec-1", SFT, "itec-2");
      case MDLOO -> List.of("itec-2", SFT);
      case COMPRESSED -> List.of(MDLOO, SFT);
      case RECOVERED -> List.of(COMPRESSED, SFT, MDLOO);
      default -> throw new IllegalArgumentException("no stage '" + stage + "'");
    };
  }
}
