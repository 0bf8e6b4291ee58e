package org.alignmentworkbench.model.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.EngineSettings;
import org.alignmentworkbench.model.engine.ResidentArray;
import org.alignmentworkbench.model.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Against transformers' figures; tolerances are ten times the rounding that the fixtures' README
/// reports between fp32 and fp64.
class LlamaModelTest {
  private static Engine engine;
  private static LlamaModel model;

  @BeforeAll
  static void open() {
    engine = Engine.start(EngineSettings.cpu(1));
    model = LlamaModel.load(engine, Fixture.tinyConfig(), Fixture.tinyWeights());
  }

  @AfterAll
  static void close() {
    model.close();
    engine.close();
  }

  private static int[][] ints(String name) {
    return Fixture.ints("forward.safetensors", name, 24);
  }

  private static List<TokenRow> rows(String side) {
    return Fixture.rows(
        ints(side + ".input_ids"), ints(side + ".attention_mask"), ints(side + ".labels"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"right", "left"})
  void logits_of_padded_batches_are_those_of_transformers(String side) {
    Tensor logits =
        model.logits(new TokenBatch(ints(side + ".input_ids"), ints(side + ".attention_mask")));
    Tensor expected = Fixture.tensor("forward.safetensors", side + ".logits");
    assertThat(logits.shape()).isEqualTo(expected.shape());
    assertThat(Fixture.maxDifference(logits.data(), expected.data())).isLessThan(7e-5);
  }

  @Test
  void ids_under_the_padding_change_nothing() {
    int[][] ids = ints("left.input_ids");
    int[][] mask = ints("left.attention_mask");
    float[] before = model.logits(new TokenBatch(ids, mask)).data();
    for (int r = 0; r < ids.length; r++) {
      for (int t = 0; t < 24; t++) {
        if (mask[r][t] == 0) {
          ids[r][t] = 77 + t;
        }
      }
    }
    assertThat(model.logits(new TokenBatch(ids, mask)).data()).isEqualTo(before);
  }

  @Test
  void a_text_scores_in_float64_as_it_does_in_float32() {
    int[] ids = new int[150];
    for (int t = 0; t < ids.length; t++) {
      ids[t] = (31 * t + 7) % 512;
    }
    double[] exact = model.textLogProbs(ids);
    float[] scored = model.tokenLogProbs(List.of(TokenRow.of(ids)), 1)[0];
    assertThat(exact).hasSize(149);
    for (int t = 1; t < ids.length; t++) {
      assertThat((double) scored[t]).isCloseTo(exact[t - 1], within(2.7e-5));
    }
    assertThatThrownBy(() -> model.textLogProbs(new int[] {1}))
        .hasMessage("a text must hold at least two tokens to have a log-probability, was 1");
  }

  @Test
  void logits_read_position_by_position_are_those_of_the_whole_text() {
    int[] ids = new int[150];
    int[] mask = new int[150];
    for (int t = 0; t < ids.length; t++) {
      ids[t] = (31 * t + 7) % 512;
      mask[t] = 1;
    }
    float[] whole = model.logits(new TokenBatch(new int[][] {ids}, new int[][] {mask})).data();
    List<Integer> positions = new ArrayList<>();
    model.logits(
        ids,
        10,
        (position, logits) -> {
          positions.add(position);
          float[] expected =
              java.util.Arrays.copyOfRange(whole, 512 * position, 512 * position + 512);
          // another number of rows in the last product changes its rounding
          assertThat(Fixture.maxDifference(logits, expected)).isLessThan(1e-5);
        });
    assertThat(positions).hasSize(140).startsWith(10, 11).endsWith(149);
  }

  @ParameterizedTest
  @ValueSource(strings = {"right", "left"})
  void token_log_probs_and_loss_are_those_of_transformers(String side) {
    float[][] logProbs = model.tokenLogProbs(rows(side), 1.0);
    Tensor expected = Fixture.tensor("forward.safetensors", side + ".token_logprobs");
    int[][] mask = ints(side + ".attention_mask");
    double sum = 0;
    for (int r = 0; r < logProbs.length; r++) {
      int start = 0;
      while (mask[r][start] == 0) {
        start++;
      }
      for (int t = 1; t < logProbs[r].length; t++) {
        sum -= logProbs[r][t];
        // entry t of the fixture scores label t + 1
        assertThat((double) logProbs[r][t])
            .isCloseTo(expected.data()[r * 23 + start + t - 1], within(2.7e-5));
      }
    }
    double loss =
        Fixture.json("forward.json").getAsJsonObject("fp64").get(side + ".loss_sum").getAsDouble();
    assertThat(sum).isCloseTo(loss, within(2e-4));
  }

  @Test
  void a_row_alone_scores_as_in_a_batch() {
    List<TokenRow> rows = rows("right");
    float[][] together = model.tokenLogProbs(rows, 1.0);
    for (int r = 0; r < rows.size(); r++) {
      float[] alone = model.tokenLogProbs(List.of(rows.get(r)), 1.0)[0];
      // padding changes the blocking of matrix products, hence rounding
      assertThat(Fixture.maxDifference(alone, together[r])).isLessThan(2.7e-5);
    }
  }

  @Test
  void every_gradient_is_that_of_transformers() {
    List<TokenRow> rows = rows("right");
    Map<String, Tensor> gradients = gradients(rows, 1.0, Fixture.constant(rows, -1.0 / 34));
    Map<String, Tensor> expected = Fixture.tensors("gradients_full.safetensors");
    assertThat(gradients.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
    expected.forEach((name, value) -> {
      assertThat(Fixture.maxDifference(gradients.get(name).data(), value.data()))
          .as(name)
          .isLessThan(1e-5);
      assertThat(relativeL2(gradients.get(name).data(), value.data())).as(name).isLessThan(1.65e-5);
    });
  }

  @Test
  void micro_batches_of_one_add_up_to_one_batch() {
    List<TokenRow> rows = new ArrayList<>();
    for (int r = 0; r < 8; r++) {
      int[] ids = new int[5 + 2 * r];
      for (int t = 0; t < ids.length; t++) {
        ids[t] = (31 * r + 17 * t) % 512;
      }
      rows.add(TokenRow.of(ids));
    }
    float[][] c = Fixture.constant(rows, -0.01);
    float[] together = flat(gradients(rows, 1.0, c));
    float[] apart = new float[together.length];
    try (ResidentArray gradient = engine.resident(apart)) {
      for (int r = 0; r < rows.size(); r++) {
        model.addGradient(gradient, List.of(rows.get(r)), 1.0, new float[][] {c[r]});
      }
      apart = gradient.read();
    }
    assertThat(relativeL2(apart, together)).isLessThan(1e-6);
  }

  @Test
  void a_coefficient_function_gives_the_bits_of_constant_coefficients() {
    List<TokenRow> rows = rows("right");
    float[][] c = Fixture.constant(rows, 0.5);
    float[] constant = flat(gradients(rows, 0.7, c));
    try (ResidentArray gradient = engine.resident(new float[constant.length])) {
      float[][] seen = model.addGradient(gradient, rows, 0.7, logProbs -> c);
      assertThat(gradient.read()).isEqualTo(constant);
      assertThat(seen).isDeepEqualTo(model.tokenLogProbs(rows, 0.7));
    }
  }

  private static Map<String, Tensor> gradients(
      List<TokenRow> rows, double temperature, float[][] c) {
    int size = model.body().trainedLayout().size();
    try (ResidentArray gradient = engine.resident(new float[size])) {
      model.addGradient(gradient, rows, temperature, c);
      return model.body().trainedLayout().unpack(gradient.read());
    }
  }

  private static float[] flat(Map<String, Tensor> gradients) {
    return model.body().trainedLayout().pack(gradients);
  }

  private static double relativeL2(float[] a, float[] b) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < a.length; i++) {
      difference += Math.pow((double) a[i] - b[i], 2);
      norm += Math.pow(b[i], 2);
    }
    return Math.sqrt(difference / norm);
  }
}
