package org.alignmentworkbench.model.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.EngineSettings;
import org.alignmentworkbench.model.llama.Fixture;
import org.alignmentworkbench.model.llama.LinearModule;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.llama.LoraAdapter;
import org.alignmentworkbench.model.llama.LoraConfig;
import org.alignmentworkbench.model.llama.TokenBatch;
import org.alignmentworkbench.model.llama.TokenRow;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ten AdamW steps against PyTorch (recipe in `train_full.json`): two micro-batches a step, the
/// loss normalised by the targets of both, warm-up and cosine, decay 0.1 on everything, norm
/// clipped at 1. Tolerances are ten times the rounding that the fixtures' README reports.
class TrainingTest {
  private static final AdamW RECIPE = new AdamW(0.9, 0.95, 1e-8, 0.1, 1.0);
  private static final LearningRateSchedule SCHEDULE =
      new LearningRateSchedule.WarmupCosine(1e-3, 3, 10);

  private static Engine engine;

  @BeforeAll
  static void open() {
    engine = Engine.start(EngineSettings.cpu(1));
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  private static List<TokenRow> microBatch(int step, int micro) {
    String name = "step" + step + ".micro" + micro + ".";
    return Fixture.rows(
        Fixture.ints("train_batches.safetensors", name + "input_ids", 20),
        Fixture.ints("train_batches.safetensors", name + "attention_mask", 20),
        Fixture.ints("train_batches.safetensors", name + "labels", 20));
  }

  private record Step(int tokens, double loss, double gradientNorm) {}

  private static Step step(Training training, int step) {
    List<List<TokenRow>> micros = List.of(microBatch(step, 0), microBatch(step, 1));
    int tokens = micros.stream().flatMap(List::stream).mapToInt(TokenRow::scoredTokens).sum();
    double loss = 0;
    for (List<TokenRow> rows : micros) {
      float[][] logProbs = training.accumulate(rows, 1.0, Fixture.constant(rows, -1.0 / tokens));
      for (float[] row : logProbs) {
        for (float logProb : row) {
          loss -= logProb / (double) tokens;
        }
      }
    }
    return new Step(tokens, loss, training.step(SCHEDULE.at(step)));
  }

  private static void assertSteps(Training training, JsonObject golden, double lossTolerance) {
    JsonArray steps = golden.getAsJsonArray("steps");
    for (int s = 0; s < 10; s++) {
      JsonObject expected = steps.get(s).getAsJsonObject();
      assertThat(SCHEDULE.at(s)).isCloseTo(expected.get("lr").getAsDouble(), within(1e-15));
      Step taken = step(training, s);
      assertThat(taken.tokens()).isEqualTo(expected.get("tokens").getAsInt());
      assertThat(taken.loss())
          .as("loss of step " + s)
          .isCloseTo(expected.get("loss").getAsDouble(), within(lossTolerance));
      double norm = expected.get("grad_norm_before_clip").getAsDouble();
      assertThat(taken.gradientNorm())
          .as("gradient norm of step " + s)
          .isCloseTo(norm, within(norm * 9e-6));
    }
  }

  @Test
  void ten_full_steps_are_those_of_pytorch() {
    try (LlamaModel model = LlamaModel.load(engine, Fixture.tinyConfig(), Fixture.tinyWeights());
        Training training = Training.of(model, RECIPE)) {
      assertSteps(training, Fixture.json("train_full.json"), 8.9e-6);
      Map<String, Tensor> weights = model.weights();
      Fixture.tensors("train_full_final.safetensors")
          .forEach((name, value) ->
              assertThat(Fixture.maxDifference(weights.get(name).data(), value.data()))
                  .as(name)
                  .isLessThan(7.3e-6));
    }
  }

  @Test
  void a_resumed_run_is_bitwise_the_uninterrupted_one(@TempDir Path folder) throws IOException {
    Map<String, Tensor> through;
    try (LlamaModel model = LlamaModel.load(engine, Fixture.tinyConfig(), Fixture.tinyWeights());
        Training training = Training.of(model, RECIPE)) {
      for (int s = 0; s < 5; s++) {
        step(training, s);
      }
      training.state().save(folder.resolve("state.safetensors"));
      for (int s = 5; s < 10; s++) {
        step(training, s);
      }
      training.state().save(folder.resolve("through.safetensors"));
      through = model.weights();
    }
    // another engine, as another process would have
    try (Engine fresh = Engine.start(EngineSettings.cpu(1));
        LlamaModel model = LlamaModel.load(fresh, Fixture.tinyConfig(), Fixture.tinyWeights());
        Training training = Training.of(model, RECIPE)) {
      training.restore(TrainingState.load(folder.resolve("state.safetensors")));
      assertThat(training.steps()).isEqualTo(5);
      for (int s = 5; s < 10; s++) {
        step(training, s);
      }
      model.weights().forEach((n, v) -> assertThat(v.data()).isEqualTo(through.get(n).data()));
      training.state().save(folder.resolve("resumed.safetensors"));
    }
    assertThat(Files.readAllBytes(folder.resolve("resumed.safetensors")))
        .isEqualTo(Files.readAllBytes(folder.resolve("through.safetensors")));
  }

  private static LoraAdapter adapter(String folder) {
    Map<String, Tensor> file = Fixture.tensors(folder + "/adapter_model.safetensors");
    LoraConfig config = LoraConfig.everywhere(16, 32);
    SequencedMap<String, Tensor> weights = new LinkedHashMap<>();
    config
        .weightShapes(Fixture.tinyConfig())
        .keySet()
        .forEach(name -> weights.put(name, file.get(name)));
    return new LoraAdapter(config, weights);
  }

  private static TokenBatch forwardBatch() {
    return new TokenBatch(
        Fixture.ints("forward.safetensors", "right.input_ids", 24),
        Fixture.ints("forward.safetensors", "right.attention_mask", 24));
  }

  @Test
  void an_adapter_computes_what_peft_computes() {
    Tensor expected = Fixture.tensor("lora_logits.safetensors", "logits");
    Tensor trained = Fixture.tensor("lora_logits.safetensors", "logits_after_training");
    try (LlamaModel base = LlamaModel.load(engine, Fixture.tinyConfig(), Fixture.tinyWeights());
        LlamaModel fresh = base.withAdapter(adapter("lora-init"));
        LlamaModel after = base.withAdapter(adapter("lora-trained"))) {
      float[] before = base.logits(forwardBatch()).data();
      assertThat(Fixture.maxDifference(fresh.logits(forwardBatch()).data(), expected.data()))
          .isLessThan(1e-4);
      assertThat(Fixture.maxDifference(after.logits(forwardBatch()).data(), trained.data()))
          .isLessThan(1e-4);
      // switched off it is exactly the base
      assertThat(base.logits(forwardBatch()).data()).isEqualTo(before);

      Map<String, Tensor> merged = after.mergedWeights();
      Fixture.tensors("lora_merged_trained.safetensors")
          .forEach((name, value) ->
              assertThat(Fixture.maxDifference(merged.get(name).data(), value.data()))
                  .as(name)
                  .isLessThan(1e-6));
      try (LlamaModel mergedModel = LlamaModel.load(engine, Fixture.tinyConfig(), merged)) {
        assertThat(Fixture.maxDifference(mergedModel.logits(forwardBatch()).data(), trained.data()))
            .isLessThan(1.1e-4);
      }
    }
  }

  @Test
  void every_adapter_gradient_is_that_of_peft() {
    try (LlamaModel base = LlamaModel.load(engine, Fixture.tinyConfig(), Fixture.tinyWeights());
        LlamaModel model = base.withAdapter(adapter("lora-init"));
        Training training = Training.of(model, RECIPE)) {
      List<TokenRow> rows =
          Fixture.rows(
              Fixture.ints("forward.safetensors", "right.input_ids", 24),
              Fixture.ints("forward.safetensors", "right.attention_mask", 24),
              Fixture.ints("forward.safetensors", "right.labels", 24));
      training.accumulate(rows, 1.0, Fixture.constant(rows, -1.0 / 34));
      Map<String, Tensor> gradients = training.gradients();
      Map<String, Tensor> expected = Fixture.tensors("lora_gradients.safetensors");
      assertThat(gradients.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
      expected.forEach((name, value) ->
          assertThat(Fixture.maxDifference(gradients.get(name).data(), value.data()))
              .as(name)
              .isLessThan(8.9e-6));
    }
  }

  @Test
  void ten_adapter_steps_are_those_of_peft_and_leave_the_base_alone() {
    try (LlamaModel base = LlamaModel.load(engine, Fixture.tinyConfig(), Fixture.tinyWeights());
        LlamaModel model = base.withAdapter(adapter("lora-init"));
        Training training = Training.of(model, RECIPE)) {
      assertSteps(training, Fixture.json("lora.json"), 8.2e-6);
      Map<String, Tensor> trained = model.adapter().orElseThrow().weights();
      adapter("lora-trained")
          .weights()
          .forEach((name, value) ->
              assertThat(Fixture.maxDifference(trained.get(name).data(), value.data()))
                  .as(name)
                  // README: 1.4e-7 observed; Adam divides by small moments
                  .isLessThan(5e-6));
      Fixture.tinyWeights()
          .forEach((n, v) -> assertThat(base.weights().get(n).data()).isEqualTo(v.data()));
    }
  }

  @Test
  void a_fresh_adapter_on_some_modules_changes_nothing_and_trains_only_them() {
    LoraConfig config =
        new LoraConfig(4, 8, java.util.Set.of(LinearModule.Q_PROJ, LinearModule.DOWN_PROJ));
    LoraAdapter adapter =
        LoraAdapter.fresh(Fixture.tinyConfig(), config, CounterStream.of(1, "adapter", 0, 0));
    assertThat(adapter.weights()).hasSize(8);
    try (LlamaModel base = LlamaModel.load(engine, Fixture.tinyConfig(), Fixture.tinyWeights());
        LlamaModel model = base.withAdapter(adapter);
        Training training = Training.of(model, RECIPE)) {
      float[] before = base.logits(forwardBatch()).data();
      assertThat(Fixture.maxDifference(model.logits(forwardBatch()).data(), before))
          .isLessThan(1e-5);
      double first = step(training, 0).loss();
      for (int s = 1; s < 60; s++) {
        List<TokenRow> rows = microBatch(0, 0);
        training.accumulate(rows, 1.0, Fixture.constant(rows, -0.05));
        training.step(1e-2);
      }
      double last = step(training, 0).loss();
      assertThat(last).isLessThan(first - 1);
    }
  }

  @Test
  void a_gradient_that_is_not_finite_leaves_everything_as_it_was() {
    Map<String, Tensor> broken = new LinkedHashMap<>();
    Fixture.tinyWeights().forEach((name, value) -> broken.put(name, value.copy()));
    broken.get("model.norm.weight").data()[0] = Float.NaN;
    try (LlamaModel model = LlamaModel.load(engine, Fixture.tinyConfig(), broken);
        Training training = Training.of(model, RECIPE)) {
      List<TokenRow> rows = microBatch(0, 0);
      training.accumulate(rows, 1.0, Fixture.constant(rows, -1));
      float[] embedding = model.weights().get("model.embed_tokens.weight").data();
      assertThatThrownBy(() -> training.step(1e-3))
          .isInstanceOf(NonFiniteGradientException.class)
          .hasMessageContaining("step 0");
      assertThat(training.steps()).isZero();
      assertThat(model.weights().get("model.embed_tokens.weight").data()).isEqualTo(embedding);
      assertThat(training.gradients().get("model.embed_tokens.weight").data()).containsOnly(0f);
    }
  }

  @Test
  void a_coefficient_that_is_not_finite_is_refused_by_place() {
    try (LlamaModel model = LlamaModel.load(engine, Fixture.tinyConfig(), Fixture.tinyWeights());
        Training training = Training.of(model, RECIPE)) {
      List<TokenRow> rows = List.of(TokenRow.of(new int[] {5, 6, 7}));
      float[][] c = {{0, 1, Float.NaN}};
      assertThatThrownBy(() -> training.accumulate(rows, 1.0, c))
          .hasMessageContaining("row 0, token 2");
    }
  }

  @Test
  void native_arrays_do_not_pile_up_over_hundreds_of_steps() {
    try (LlamaModel model = LlamaModel.load(engine, Fixture.tinyConfig(), Fixture.tinyWeights());
        Training training = Training.of(model, RECIPE)) {
      List<TokenRow> rows = microBatch(0, 0);
      float[][] c = Fixture.constant(rows, -0.01);
      training.accumulate(rows, 1.0, c);
      training.step(1e-4);
      int before = engine.residentArrays();
      for (int s = 0; s < 300; s++) {
        training.accumulate(rows, 1.0, logProbs -> c);
        training.step(1e-4);
      }
      assertThat(engine.residentArrays()).isEqualTo(before);
      assertThat(training.steps()).isEqualTo(301);
    }
  }

  @Test
  void schedules_pass_through_their_corner_points() {
    LearningRateSchedule linear = new LearningRateSchedule.WarmupLinear(2.0, 4, 8);
    // by hand: 0, 1/4, 2/4, 3/4 of 2, then 2 down to 0 in four steps
    assertThat(Arrays.stream(new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}).mapToDouble(linear::at))
        .containsExactly(0.0, 0.5, 1.0, 1.5, 2.0, 1.5, 1.0, 0.5, 0.0, 0.0);
    LearningRateSchedule cosine = new LearningRateSchedule.WarmupCosine(2.0, 0, 4);
    assertThat(cosine.at(0)).isEqualTo(2.0);
    assertThat(cosine.at(2)).isCloseTo(1.0, within(1e-15));
    assertThat(cosine.at(4)).isZero();
    assertThat(new LearningRateSchedule.Constant(3e-4).at(17)).isEqualTo(3e-4);
    assertThatThrownBy(() -> new LearningRateSchedule.WarmupLinear(1, 5, 5))
        .hasMessageContaining("warmup 5, steps 5");
  }
}
