package org.alignmentworkbench.rlhf.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.llama.TokenBatch;
import org.alignmentworkbench.model.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MirrorDescentRlhfTest {
  private static final List<PromptRow> PROMPTS =
      List.of(
          new PromptRow("a", new int[] {1, 4}),
          new PromptRow("b", new int[] {2, 5, 6}),
          new PromptRow("c", new int[] {3}));

  /// Likes token 7, dislikes long answers.
  private static final ResponseReward LIKES_SEVEN =
      (prompts, responses) ->
          responses.stream()
              .mapToDouble(
                  ids -> Arrays.stream(ids).filter(id -> id == 7).count() - 0.1 * ids.length)
              .toArray();

  private static final MirrorDescentSettings SMALL =
      new MirrorDescentSettings(
          4,
          2,
          4,
          6,
          1,
          0.05,
          0.1,
          4,
          2,
          2,
          8,
          3,
          false,
          new OptimizerSettings(0.01, 2, 0.5, 0, 1));

  @TempDir Path folder;

  @Test
  void on_a_bandit_of_tokens_the_policy_approaches_the_reference_tilted_by_the_reward() {
    int[] prompt = {1};
    double beta = 0.25;
    // One token, no stop id: sixteen actions with a reward each.
    ResponseReward table =
        (prompts, responses) -> responses.stream().mapToDouble(ids -> arm(ids[0])).toArray();
    var settings =
        new MirrorDescentSettings(
            150,
            1,
            128,
            1,
            1,
            beta,
            1,
            4,
            2,
            1,
            128,
            128,
            false,
            new OptimizerSettings(0.02, 0, 0.05, 0, 1));
    try (LlamaModel policy = TinyModels.policy(3);
        LlamaModel reference = TinyModels.policy(3)) {
      double[] ref = probabilities(reference, prompt);
      double[] optimum = new double[ref.length];
      double sum = 0;
      for (int a = 0; a < ref.length; a++) {
        optimum[a] = ref[a] * Math.exp(arm(a) / beta);
        sum += optimum[a];
      }
      for (int a = 0; a < ref.length; a++) {
        optimum[a] /= sum;
      }
      try (var training =
          new MirrorDescentRlhf(
              policy,
              reference,
              table,
              List.of(new PromptRow("only", prompt)),
              Set.of(),
              settings,
              1)) {
        while (training.advance()) {}
      }
      double before = distance(ref, optimum);
      double after = distance(probabilities(policy, prompt), optimum);
      // Total variation. Sampling 128 of 16 actions and a rate that ends at 1e-3 leave a few per
      // cent.
      assertThat(before).isGreaterThan(0.3);
      assertThat(after).isLessThan(0.05);
      // The reference stays what it was.
      assertThat(probabilities(reference, prompt)).isEqualTo(ref);
    }
  }

  @Test
  void layers_computed_once_more_give_the_same_bits() {
    Map<String, Tensor> kept = trained(false);
    trained(true)
        .forEach((name, weight) ->
            assertThat(weight.data())
                .as(name)
                .isEqualTo(kept.getOrDefault(name, Tensor.zeros(1)).data()));
  }

  private static Map<String, Tensor> trained(boolean recompute) {
    var settings =
        new MirrorDescentSettings(
            2,
            2,
            4,
            6,
            1,
            0.05,
            0.1,
            4,
            2,
            2,
            8,
            3,
            recompute,
            new OptimizerSettings(0.01, 2, 0.5, 0, 1));
    try (LlamaModel policy = TinyModels.policy(3);
        LlamaModel reference = TinyModels.policy(3);
        var training = training(policy, reference, settings)) {
      while (training.advance()) {}
      assertThat(policy.body().dims()[8]).isEqualTo(recompute ? 1 : 0);
      return policy.weights();
    }
  }

  @Test
  void a_training_restored_after_every_unit_ends_with_the_same_bits() throws IOException {
    Map<String, Tensor> uninterrupted;
    int units = 0;
    try (LlamaModel policy = TinyModels.policy(3);
        LlamaModel reference = TinyModels.policy(3);
        var training = training(policy, reference, SMALL)) {
      while (training.advance()) {
        units++;
      }
      uninterrupted = policy.weights();
    }
    // Two phases an iteration.
    assertThat(units).isEqualTo(8);
    Path state = null;
    for (int unit = 0; unit <= units; unit++) {
      // A new process: the starting weights are loaded again and the state is laid over them.
      try (LlamaModel policy = TinyModels.policy(3);
          LlamaModel reference = TinyModels.policy(3);
          var training = training(policy, reference, SMALL)) {
        if (state != null) {
          training.restore(state);
        }
        assertThat(training.advance()).isEqualTo(unit < units);
        state = folder.resolve("unit-" + unit);
        training.save(state);
        if (unit == units) {
          assertSame(policy.weights(), uninterrupted);
        }
      }
    }
  }

  @Test
  void another_seed_is_another_training_and_the_same_seed_the_same() {
    var first = weightsAfter(1);
    assertSame(weightsAfter(1), first);
    assertThat(weightsAfter(2).get("model.norm.weight").data())
        .isNotEqualTo(first.get("model.norm.weight").data());
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.6, 1.7})
  void before_the_first_update_the_ratio_is_one_and_the_divergence_zero(double temperature) {
    try (LlamaModel policy = TinyModels.policy(3);
        LlamaModel reference = TinyModels.policy(3);
        var training = training(policy, reference, small(2, 4, temperature, 0.05))) {
      training.advance();
      training.advance();
      var metrics = training.takeMetrics();
      // The same scorer on other batches: float32 rounding of sums over up to 6 tokens.
      assertThat(value(metrics, "largestLogRatio", 0)).isCloseTo(0, within(1e-4));
      assertThat(value(metrics, "klToPrevious", 0)).isCloseTo(0, within(1e-8));
      // At another temperature than the sampler's the two would be tenths of a nat apart.
      assertThat(value(metrics, "samplerMismatch", 0)).isCloseTo(0, within(1e-4));
      // Same weights, same rows, same batches: exactly zero.
      assertThat(value(metrics, "klToReference", 0)).isZero();
      assertThat(value(metrics, "reward", 0)).isEqualTo(value(metrics, "shapedReward", 0));
    }
  }

  @Test
  void the_divergence_is_measured_from_a_reference_that_stays() {
    try (LlamaModel policy = TinyModels.policy(3);
        LlamaModel reference = TinyModels.policy(3);
        var training = training(policy, reference, SMALL)) {
      while (training.advance()) {}
      // After an iteration of updates; a reference that moves along would keep it at zero.
      assertThat(Math.abs(value(training.takeMetrics(), "klToReference", 3))).isGreaterThan(1e-3);
    }
  }

  @Test
  void an_unscorable_response_takes_part_in_nothing() {
    // Two responses, the first unscorable: the second has no sibling to be better than.
    ResponseReward oneFails = (prompts, responses) -> new double[] {Double.NaN, 5};
    try (LlamaModel policy = TinyModels.policy(3);
        LlamaModel reference = TinyModels.policy(3);
        var training =
            new MirrorDescentRlhf(
                policy, reference, oneFails, PROMPTS, Set.of(0), small(1, 2, 1, 0), 1)) {
      training.advance();
      training.advance();
      assertThat(value(training.takeMetrics(), "gradientNorm", 0)).isCloseTo(0, within(1e-4));
    }
  }

  @Test
  void siblings_are_responses_to_one_prompt() {
    // A reward of the prompt alone: whoever is compared with a sibling gains nothing.
    ResponseReward ofThePrompt =
        (prompts, responses) ->
            prompts.stream().mapToDouble(prompt -> 10.0 * prompt.ids()[0]).toArray();
    try (LlamaModel policy = TinyModels.policy(3);
        LlamaModel reference = TinyModels.policy(3);
        var training =
            new MirrorDescentRlhf(
                policy, reference, ofThePrompt, PROMPTS, Set.of(0), small(3, 2, 1, 0), 1)) {
      training.advance();
      training.advance();
      var metrics = training.takeMetrics();
      assertThat(value(metrics, "flatGroups", 0)).isEqualTo(1);
      assertThat(value(metrics, "gradientNorm", 0)).isCloseTo(0, within(1e-4));
    }
  }

  @Test
  void weights_that_are_not_numbers_stop_the_training_with_step_and_batch() {
    var weights = TinyModels.weights(TinyModels.CONFIG, 3);
    weights.get("model.norm.weight").data()[0] = Float.NaN;
    try (LlamaModel policy = LlamaModel.load(TinyModels.engine(), TinyModels.CONFIG, weights);
        LlamaModel reference = TinyModels.policy(3);
        var training = training(policy, reference, SMALL)) {
      assertThatThrownBy(
              () -> {
                while (training.advance()) {}
              })
          .isInstanceOf(NonFiniteLossException.class)
          .hasMessageContaining("step 0")
          .hasMessageContaining("a");
    }
  }

  @Test
  void the_samples_of_an_iteration_are_cut_the_same_whatever_the_micro_batch() {
    double one = lossOfFirstUpdate(1);
    // Equivalence class: rows of a micro-batch change float32 rounding and nothing else.
    assertThat(lossOfFirstUpdate(3)).isCloseTo(one, within(1e-5));
    assertThat(lossOfFirstUpdate(100)).isCloseTo(one, within(1e-5));
  }

  private static MirrorDescentSettings small(
      int prompts, int samples, double temperature, double beta) {
    return new MirrorDescentSettings(
        4,
        prompts,
        samples,
        6,
        temperature,
        beta,
        0.1,
        4,
        2,
        2,
        8,
        3,
        false,
        new OptimizerSettings(0.01, 2, 0.5, 0, 1));
  }

  private double lossOfFirstUpdate(int microRows) {
    var settings =
        new MirrorDescentSettings(
            1,
            2,
            4,
            6,
            1,
            0.05,
            0.1,
            4,
            2,
            1,
            8,
            microRows,
            false,
            new OptimizerSettings(0.01, 0, 1, 0, 1));
    try (LlamaModel policy = TinyModels.policy(3);
        LlamaModel reference = TinyModels.policy(3);
        var training = training(policy, reference, settings)) {
      training.advance();
      training.advance();
      return value(training.takeMetrics(), "loss", 1);
    }
  }

  private Map<String, Tensor> weightsAfter(long seed) {
    try (LlamaModel policy = TinyModels.policy(3);
        LlamaModel reference = TinyModels.policy(3);
        var training =
            new MirrorDescentRlhf(
                policy, reference, LIKES_SEVEN, PROMPTS, Set.of(0), SMALL, seed)) {
      while (training.advance()) {}
      return policy.weights();
    }
  }

  private static MirrorDescentRlhf training(
      LlamaModel policy, LlamaModel reference, MirrorDescentSettings settings) {
    return new MirrorDescentRlhf(policy, reference, LIKES_SEVEN, PROMPTS, Set.of(0), settings, 1);
  }

  private static double arm(int token) {
    return ((token * 7) % 16) / 16.0;
  }

  private static double[] probabilities(LlamaModel model, int[] prompt) {
    int[] mask = new int[prompt.length];
    Arrays.fill(mask, 1);
    Tensor logits = model.logits(new TokenBatch(new int[][] {prompt}, new int[][] {mask}));
    int vocabulary = logits.extent(2);
    int from = (prompt.length - 1) * vocabulary;
    double[] p = new double[vocabulary];
    double sum = 0;
    for (int a = 0; a < vocabulary; a++) {
      p[a] = Math.exp(logits.data()[from + a]);
      sum += p[a];
    }
    for (int a = 0; a < vocabulary; a++) {
      p[a] /= sum;
    }
    return p;
  }

  private static double distance(double[] p, double[] q) {
    double sum = 0;
    for (int a = 0; a < p.length; a++) {
      sum += Math.abs(p[a] - q[a]) / 2;
    }
    return sum;
  }

  static double value(List<ResumableWork.Metric> metrics, String series, long step) {
    return metrics.stream()
        .filter(m -> m.series().equals(series) && m.step() == step)
        .findFirst()
        .orElseThrow()
        .value();
  }

  static void assertSame(Map<String, Tensor> actual, Map<String, Tensor> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    actual.forEach(
        (name, tensor) -> assertThat(tensor.data()).as(name).isEqualTo(expected.get(name).data()));
  }
}
