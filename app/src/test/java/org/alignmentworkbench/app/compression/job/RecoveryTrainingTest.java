package org.alignmentworkbench.app.compression.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.llama.LoraAdapter;
import org.alignmentworkbench.model.llama.LoraConfig;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.tensor.Tensor;
import org.alignmentworkbench.rlhf.training.OptimizerSettings;
import org.alignmentworkbench.rlhf.training.TinyModels;
import org.alignmentworkbench.sft.training.SupervisedRow;
import org.junit.jupiter.api.Test;

/// The training of a recovery adapter, apart from its job.
class RecoveryTrainingTest {
  private static List<SupervisedRow> rows(int vocabulary) {
    List<SupervisedRow> rows = new ArrayList<>();
    CounterStream stream = CounterStream.of(1, "recovery-rows", 0, 0);
    for (int row = 0; row < 10; row++) {
      int first = 9 * row;
      int[] ids = IntStream.range(first, first + 9).map(i -> stream.below(i, vocabulary)).toArray();
      boolean[] supervised = new boolean[9];
      Arrays.fill(supervised, 4, 9, true);
      rows.add(new SupervisedRow("row-" + row, ids, supervised));
    }
    return rows;
  }

  private static Map<String, Tensor> trained(boolean recompute) {
    var settings =
        new RecoverySettings(2, 4, 2, 1, 2, recompute, new OptimizerSettings(0.01, 1, 0.5, 0, 1));
    try (LlamaModel teacher = TinyModels.policy(3);
        LlamaModel base = TinyModels.policy(4)) {
      LoraAdapter fresh =
          LoraAdapter.fresh(
              TinyModels.CONFIG, LoraConfig.everywhere(2, 4), CounterStream.of(1, "adapter", 0, 0));
      try (LlamaModel student = base.withAdapter(fresh)) {
        List<RecoveryTraining.Taught> taught =
            RecoveryTraining.taught(
                teacher, rows(TinyModels.CONFIG.vocabularySize()), 1, settings.microRows());
        try (var training =
            new RecoveryTraining(
                student, taught.subList(0, 8), taught.subList(8, 10), 1, settings, 1)) {
          while (training.advance()) {}
          assertThat(student.body().dims()[8]).isEqualTo(recompute ? 1 : 0);
          assertThat(training.takeMetrics())
              .filteredOn(metric -> metric.series().equals("gradientNorm"))
              .allSatisfy(metric -> assertThat(metric.value()).isPositive());
          return Map.copyOf(student.adapter().orElseThrow().weights());
        }
      }
    }
  }

  @Test
  void layers_computed_once_more_give_the_same_bits() {
    Map<String, Tensor> kept = trained(false);
    Map<String, Tensor> recomputed = trained(true);
    assertThat(recomputed.keySet()).isEqualTo(kept.keySet());
    recomputed.forEach((name, weight) ->
        assertThat(weight.data())
            .as(name)
            .isEqualTo(kept.getOrDefault(name, Tensor.zeros(1)).data()));
  }
}
