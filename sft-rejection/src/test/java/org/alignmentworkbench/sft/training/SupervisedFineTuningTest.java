package org.alignmentworkbench.sft.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.tensor.Tensor;
import org.alignmentworkbench.rlhf.training.NonFiniteLossException;
import org.alignmentworkbench.rlhf.training.OptimizerSettings;
import org.alignmentworkbench.rlhf.training.ResumableWork;
import org.alignmentworkbench.rlhf.training.TinyModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisedFineTuningTest {
  private static final OptimizerSettings OPTIMIZER = new OptimizerSettings(0.01, 0, 1, 0, 1);
  private static final SupervisedSettings SETTINGS =
      new SupervisedSettings(6, 4, 3, false, 2, 2, 0, 0, OPTIMIZER);

  @TempDir Path folder;

  @Test
  void the_held_out_loss_falls_and_its_lowest_point_is_the_result() {
    try (LlamaModel model = TinyModels.policy(5);
        var training = new SupervisedFineTuning(model, rows(0, 12), rows(50, 6), SETTINGS, 1)) {
      double before = training.heldOutLoss();
      while (training.advance()) {}
      assertThat(training.best().loss()).isLessThan(before - 0.5);
      double lowest =
          training.takeMetrics().stream()
              .filter(m -> m.series().equals("heldOutLoss"))
              .mapToDouble(ResumableWork.Metric::value)
              .min()
              .orElseThrow();
      assertThat(training.best().loss()).isEqualTo(lowest);
      assertThat(training.result()).isEqualTo(training.best().weights());
    }
  }

  @Test
  void without_a_new_best_for_as_long_as_its_patience_it_ends_early() {
    // A rate that ruins the model: the first measurement stays the best.
    var settings =
        new SupervisedSettings(50, 4, 4, false, 1, 1, 3, 0, new OptimizerSettings(5, 0, 1, 0, 100));
    try (LlamaModel model = TinyModels.policy(5);
        var training = new SupervisedFineTuning(model, rows(0, 8), rows(50, 6), settings, 1)) {
      int units = 0;
      while (training.advance()) {
        units++;
      }
      assertThat(units).isLessThan(100);
      assertThat(training.progress().step()).isEqualTo(training.progress().steps());
      assertThat(training.advance()).isFalse();
    }
  }

  @Test
  void a_budget_of_tokens_ends_with_the_step_that_reaches_it() {
    var settings = new SupervisedSettings(100, 4, 4, false, 1, 10, 0, 50, OPTIMIZER);
    try (LlamaModel model = TinyModels.policy(5);
        var training = new SupervisedFineTuning(model, rows(0, 12), List.of(), settings, 1)) {
      while (training.advance()) {}
      double tokens =
          training.takeMetrics().stream()
              .filter(m -> m.series().equals("supervisedTokens"))
              .mapToDouble(ResumableWork.Metric::value)
              .sum();
      // Rows supervise 3 tokens, a step of 4 rows 12: five steps reach 50.
      assertThat(tokens).isEqualTo(60);
    }
  }

  @Test
  void the_tokens_that_were_trained_are_those_of_every_row_prompts_included() {
    try (LlamaModel model = TinyModels.policy(5);
        var training = new SupervisedFineTuning(model, rows(0, 12), rows(50, 6), SETTINGS, 1)) {
      assertThat(training.trainedTokens()).isZero();
      while (training.advance()) {}
      long all = rows(0, 12).stream().mapToLong(row -> row.ids().length).sum();
      // Six passes; rows that only the loss is measured on are not trained.
      assertThat(training.trainedTokens()).isEqualTo(6 * all);
      assertThat(training.takeMetrics()).noneMatch(m -> m.series().equals("tokensPerSecond"));
    }
  }

  @Test
  void a_training_restored_after_every_unit_ends_with_the_same_bits() throws IOException {
    Map<String, Tensor> expected;
    Map<String, Tensor> best;
    try (LlamaModel model = TinyModels.policy(5);
        var training = new SupervisedFineTuning(model, rows(0, 10), rows(50, 4), SETTINGS, 1)) {
      while (training.advance()) {}
      expected = model.weights();
      best = training.result();
    }
    Path state = null;
    boolean more = true;
    for (int unit = 0; more; unit++) {
      try (LlamaModel model = TinyModels.policy(5);
          var training = new SupervisedFineTuning(model, rows(0, 10), rows(50, 4), SETTINGS, 1)) {
        if (state != null) {
          training.restore(state);
        }
        more = training.advance();
        state = folder.resolve("unit-" + unit);
        training.save(state);
        if (!more) {
          assertSame(model.weights(), expected);
          assertSame(training.result(), best);
        }
      }
    }
  }

  @Test
  void one_row_eight_times_and_eight_rows_once_give_one_loss_curve() {
    double[] one = losses(1);
    // Equivalence class: only float32 rounding differs, over three steps of an optimiser.
    assertThat(losses(2)).containsExactly(one, within(1e-4));
    assertThat(losses(8)).containsExactly(one, within(1e-4));
  }

  @Test
  void weights_that_are_not_numbers_stop_the_training_with_step_and_rows() {
    var weights = TinyModels.weights(TinyModels.CONFIG, 5);
    weights.get("model.norm.weight").data()[0] = Float.NaN;
    try (LlamaModel model = LlamaModel.load(TinyModels.engine(), TinyModels.CONFIG, weights);
        var training = new SupervisedFineTuning(model, rows(0, 4), List.of(), SETTINGS, 1)) {
      assertThatThrownBy(training::advance)
          .isInstanceOf(NonFiniteLossException.class)
          .hasMessageContaining("step 0")
          .hasMessageContaining("row-");
    }
  }

  @Test
  void no_rows_or_a_row_without_supervision_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SupervisedRow("r", new int[] {1, 2}, new boolean[] {true, true}))
        .withMessageContaining("row r");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SupervisedRow("r", new int[] {1, 2}, new boolean[2]))
        .withMessageContaining("no token is supervised");
    try (LlamaModel model = TinyModels.policy(5)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new SupervisedFineTuning(model, List.of(), List.of(), SETTINGS, 1));
    }
  }

  private static double[] losses(int microRows) {
    var settings = new SupervisedSettings(1, 8, microRows, false, 1, 10, 0, 0, OPTIMIZER);
    try (LlamaModel model = TinyModels.policy(5);
        var training = new SupervisedFineTuning(model, rows(0, 24), List.of(), settings, 1)) {
      while (training.advance()) {}
      return training.takeMetrics().stream()
          .filter(m -> m.series().equals("loss"))
          .mapToDouble(ResumableWork.Metric::value)
          .toArray();
    }
  }

  private static List<SupervisedRow> rows(int from, int count) {
    var rows = new ArrayList<SupervisedRow>();
    for (int i = from; i < from + count; i++) {
      int middle = 2 + CounterStream.of(1, "rows", 0, i).below(0, 5);
      rows.add(SupervisedRow.of("row-" + i, new int[] {1, middle}, new int[] {9, middle, 0}));
    }
    return rows;
  }

  private static void assertSame(Map<String, Tensor> actual, Map<String, Tensor> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    actual.forEach(
        (name, tensor) -> assertThat(tensor.data()).as(name).isEqualTo(expected.get(name).data()));
  }
}
