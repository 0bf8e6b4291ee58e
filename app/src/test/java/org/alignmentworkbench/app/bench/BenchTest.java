package org.alignmentworkbench.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.alignmentworkbench.model.engine.Precision;
import org.junit.jupiter.api.Test;

class BenchTest {
  @Test
  void a_ratio_is_the_median_over_pairs_and_above_one_when_ours_is_better() {
    var fast =
        BenchReport.Figure.of(
            "speed", "tokens/s", false, new double[] {10, 30, 20}, "peer", new double[] {5, 10, 5});
    // Pairs 2, 3 and 4 to one.
    assertThat(fast.ratio()).isEqualTo(3);
    assertThat(fast.value()).isEqualTo(20);
    assertThat(fast.min()).isEqualTo(10);
    assertThat(fast.max()).isEqualTo(30);
    assertThat(fast.peerValue()).isEqualTo(5);
    var small =
        BenchReport.Figure.of(
            "memory", "MiB", true, new double[] {100}, "peer", new double[] {250});
    assertThat(small.ratio()).isEqualTo(2.5);
    var alone =
        BenchReport.Figure.of("speed", "tokens/s", false, new double[] {1}, "p", new double[0]);
    assertThat(alone.peer()).isNull();
    assertThat(alone.ratio()).isNull();
  }

  @Test
  void operations_are_those_of_the_shape() {
    // Four layers: q and o 128 x 128, k and v 64 x 128, three maps of 352 x 128; two operations.
    double oneLayer = 2 * 128 * 128 + 2 * 64 * 128 + 3 * 352 * 128;
    assertThat(BenchShape.NANO.linearOperations()).isEqualTo(2 * 4 * oneLayer);
    assertThat(BenchShape.NANO.outputOperations()).isEqualTo(2 * 1024 * 128);
    // A row of one token sees itself: two products of 4 heads x 32 in 4 layers.
    assertThat(BenchShape.NANO.attentionOperations(1)).isEqualTo(2 * 2 * 4 * 4 * 32);
    // 134,515,008 parameters are what the published model has.
    assertThat(BenchShape.SMOL.config().parameters()).isEqualTo(134_515_008L);
  }

  @Test
  void our_side_measures_itself() throws IOException {
    BenchWork.Measured measured =
        BenchWork.run(Bench.SCORE_NANO, 1, Precision.FP32, BenchWork::measured);
    assertThat(measured.of(Bench.SCORE_NANO.speed())).isPositive();
    assertThat(measured.of(Bench.SHARE_OF_PEAK)).isPositive();
  }

  @Test
  void a_profile_says_where_the_time_goes() throws IOException {
    String table = BenchWork.run(Bench.SCORE_NANO, 1, Precision.FP32, BenchWork::profiled);
    assertThat(table).contains("\nmm ").contains("together").contains("of peak");
  }

  @Test
  void operations_of_a_product_are_two_for_each_multiply_add() {
    assertThat(KernelProfile.operations("aten::mm", List.of(new long[] {3, 5}, new long[] {5, 7})))
        .isEqualTo(2 * 3 * 5 * 7);
    assertThat(
            KernelProfile.operations(
                "aten::addmm", List.of(new long[] {3, 7}, new long[] {3, 5}, new long[] {5, 7})))
        .isEqualTo(2 * 3 * 5 * 7);
    assertThat(
            KernelProfile.operations(
                "aten::bmm", List.of(new long[] {4, 3, 5}, new long[] {4, 5, 7})))
        .isEqualTo(2 * 4 * 3 * 5 * 7);
    assertThat(KernelProfile.operations("aten::mul", List.of(new long[] {3}, new long[] {3})))
        .isZero();
  }

  @Test
  void an_unknown_bench_is_refused_with_those_there_are() {
    assertThatThrownBy(() -> Bench.labelled("sft-huge"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sft-huge")
        .hasMessageContaining("rollout-nano");
  }
}
