package org.alignmentworkbench.model.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.EngineSettings;
import org.alignmentworkbench.model.llama.Fixture;
import org.alignmentworkbench.model.llama.NaiveLlama;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.tensor.Tensor;
import org.alignmentworkbench.model.training.AdamW;
import org.alignmentworkbench.model.training.TrainingState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RewardModelTest {
  private static Engine engine;

  @BeforeAll
  static void open() {
    engine = Engine.start(EngineSettings.cpu(1));
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  /// A model whose grade heads are not at zero, so that their gradients reach the body.
  private static RewardModel model() {
    CounterStream stream = CounterStream.of(3, "reward", 0, 0);
    try (RewardModel fresh =
        RewardModel.fromBackbone(engine, Fixture.tinyConfig(), Fixture.tinyWeights(), stream)) {
      Map<String, Tensor> weights = new LinkedHashMap<>(fresh.weights());
      int drawn = 1_000_000;
      for (Map.Entry<String, Tensor> entry : weights.entrySet()) {
        if (entry.getKey().startsWith("grade_heads")) {
          float[] data = entry.getValue().data();
          for (int i = 0; i < data.length; i++) {
            data[i] += (float) (0.1 * stream.normal(drawn++));
          }
        }
      }
      return RewardModel.of(engine, Fixture.tinyConfig(), weights);
    }
  }

  private static List<int[]> rows() {
    List<int[]> rows = new ArrayList<>();
    for (int r = 0; r < 5; r++) {
      int[] ids = new int[3 + 4 * r];
      for (int t = 0; t < ids.length; t++) {
        ids[t] = (37 * r + 11 * t + 5) % 512;
      }
      rows.add(ids);
    }
    return rows;
  }

  @Test
  void a_new_model_grades_every_class_equally() {
    try (RewardModel model =
        RewardModel.fromBackbone(
            engine,
            Fixture.tinyConfig(),
            Fixture.tinyWeights(),
            CounterStream.of(1, "reward", 0, 0))) {
      for (RewardScore score : model.scores(rows())) {
        assertThat(score.score()).isFinite();
        for (float[] logits : score.gradeLogits()) {
          assertThat(logits).containsExactly(0f, 0f, 0f);
        }
      }
    }
  }

  @Test
  void scores_are_those_of_the_naive_twin() {
    try (RewardModel model = model()) {
      NaiveLlama naive = new NaiveLlama(Fixture.tinyConfig(), model.weights());
      List<RewardScore> scores = model.scores(rows());
      for (int r = 0; r < 5; r++) {
        double[] expected = naive.reward(rows().get(r));
        assertThat(scores.get(r).score()).isCloseTo(expected[0], within(2e-5));
        for (int i = 0; i < 12; i++) {
          assertThat((double) scores.get(r).gradeLogits()[i / 3][i % 3])
              .isCloseTo(expected[1 + i], within(2e-5));
        }
      }
    }
  }

  @Test
  void a_score_does_not_depend_on_the_batch() {
    try (RewardModel model = model()) {
      List<RewardScore> together = model.scores(rows());
      for (int r = 0; r < 5; r++) {
        RewardScore alone = model.scores(List.of(rows().get(r))).getFirst();
        // hidden states of size about 1; rounding as in the fixtures' README, 7.3e-6, times ten
        assertThat(alone.score()).isCloseTo(together.get(r).score(), within(7e-5));
      }
    }
  }

  @Test
  void gradients_are_those_of_finite_differences_in_double_precision() {
    try (RewardModel model = model();
        RewardTraining training = RewardTraining.of(model, AdamW.withDecay(0))) {
      List<RewardGradient> direction = new ArrayList<>();
      CounterStream stream = CounterStream.of(9, "direction", 0, 0);
      double[][] d = new double[5][13];
      for (int r = 0; r < 5; r++) {
        float[][] grades = new float[4][3];
        d[r][0] = stream.normal(100 * r);
        for (int i = 0; i < 12; i++) {
          grades[i / 3][i % 3] = (float) stream.normal(100 * r + i + 1);
          d[r][i + 1] = grades[i / 3][i % 3];
        }
        direction.add(new RewardGradient(d[r][0], grades));
      }
      training.accumulate(rows(), direction);
      Map<String, Tensor> gradients = training.gradients();
      Map<String, Tensor> weights = model.weights();
      int probe = 0;
      for (String name : weights.keySet()) {
        float[] gradient = gradients.get(name).data();
        double scale = 0;
        for (float g : gradient) {
          scale = Math.max(scale, Math.abs(g));
        }
        for (int k = 0; k < 2; k++) {
          int i = CounterStream.of(5, "probe", 0, 0).below(probe++, gradient.length);
          double h = 1e-5;
          double difference =
              (objective(weights, name, i, h, d) - objective(weights, name, i, -h, d)) / (2 * h);
          // float32 gradient: rounding relative to the largest entry of its parameter
          assertThat((double) gradient[i])
              .as(name + "[" + i + "]")
              .isCloseTo(difference, within(2e-5 * Math.max(scale, 0.1)));
        }
      }
    }
  }

  private static double objective(
      Map<String, Tensor> weights, String name, int index, double h, double[][] direction) {
    NaiveLlama naive = new NaiveLlama(Fixture.tinyConfig(), weights);
    naive.nudge(name, index, h);
    double sum = 0;
    for (int r = 0; r < 5; r++) {
      double[] outputs = naive.reward(rows().get(r));
      for (int i = 0; i < 13; i++) {
        sum += direction[r][i] * outputs[i];
      }
    }
    return sum;
  }

  @Test
  void it_learns_to_prefer_and_to_grade_and_resumes_exactly(@TempDir Path folder)
      throws IOException {
    // Bradley-Terry on two rows, cross-entropy on a grade; written out here, no loss class
    // involved.
    RewardGradientFunction loss =
        scores -> {
          double p = 1 / (1 + Math.exp(scores.get(1).score() - scores.get(0).score())) - 1;
          float[][] grades = new float[4][3];
          float[] z = scores.get(0).gradeLogits()[2];
          double sum = Math.exp(z[0]) + Math.exp(z[1]) + Math.exp(z[2]);
          for (int c = 0; c < 3; c++) {
            grades[2][c] = (float) (Math.exp(z[c]) / sum - (c == 1 ? 1 : 0));
          }
          return List.of(new RewardGradient(p, grades), RewardGradient.ofScore(-p));
        };
    List<int[]> pair = rows().subList(1, 3);
    try (RewardModel model = model();
        RewardTraining training = RewardTraining.of(model, AdamW.withDecay(0.01))) {
      for (int s = 0; s < 20; s++) {
        training.accumulate(pair, loss);
        training.step(1e-3);
        if (s == 9) {
          training.state().save(folder.resolve("state.safetensors"));
        }
      }
      List<RewardScore> after = model.scores(pair);
      assertThat(after.get(0).score()).isGreaterThan(after.get(1).score() + 2);
      float[] z = after.get(0).gradeLogits()[2];
      assertThat(z[1]).isGreaterThan(Math.max(z[0], z[2]) + 1);

      try (RewardModel again = model();
          RewardTraining resumed = RewardTraining.of(again, AdamW.withDecay(0.01))) {
        resumed.restore(TrainingState.load(folder.resolve("state.safetensors")));
        for (int s = 10; s < 20; s++) {
          resumed.accumulate(pair, loss);
          resumed.step(1e-3);
        }
        Map<String, Tensor> through = model.weights();
        again.weights().forEach((n, v) -> assertThat(v.data()).isEqualTo(through.get(n).data()));
      }
    }
  }

  @Test
  void a_saved_model_scores_bit_for_bit_the_same(@TempDir Path folder) throws IOException {
    try (RewardModel model = model()) {
      model.save(folder);
      try (RewardModel back = RewardModel.load(engine, folder)) {
        assertThat(back.config()).isEqualTo(model.config());
        for (int r = 0; r < 5; r++) {
          assertThat(back.scores(rows()).get(r).score())
              .isEqualTo(model.scores(rows()).get(r).score());
        }
      }
    }
  }

  @Test
  void a_language_models_folder_is_refused() {
    assertThatThrownBy(() -> RewardModel.load(engine, Fixture.path("tiny-llama")))
        .hasMessageContaining("architectures")
        .hasMessageContaining("LlamaForCausalLM");
  }
}
