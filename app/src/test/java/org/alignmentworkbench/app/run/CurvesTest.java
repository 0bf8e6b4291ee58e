package org.alignmentworkbench.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.db.run.MetricPoint;
import org.junit.jupiter.api.Test;

class CurvesTest {
  private static MetricPoint point(String series, long step, Double value, long seq) {
    return new MetricPoint(series, step, value, Instant.EPOCH, seq);
  }

  @Test
  void points_written_again_are_in_order_of_steps_and_the_cursor_is_the_newest() {
    Curves curves =
        Curves.of(
            List.of(point("loss", 2, .4, 3), point("loss", 1, .5, 7), point("kl", 1, null, 5)),
            name -> new RunViews.Legend(name, "", "", name, name, name, 0));
    assertThat(curves.cursor()).isEqualTo(7);
    assertThat(curves.series()).extracting(Curves.Series::name).containsExactly("kl", "loss");
    assertThat(curves.series().get(0).values()).containsExactly((Double) null);
    assertThat(curves.series().get(1).steps()).containsExactly(1L, 2L);
    assertThat(curves.series().get(1).values()).containsExactly(.5, .4);
  }

  @Test
  void a_long_curve_keeps_its_spikes_and_its_undefined_points() {
    List<MetricPoint> points = new ArrayList<>();
    for (int step = 0; step < 50_000; step++) {
      Double value =
          step == 31_337 ? Double.valueOf(99) : step == 7_777 ? null : Double.valueOf(step % 3);
      points.add(point("loss", step, value, step));
    }
    List<MetricPoint> kept = Curves.thin(points);
    assertThat(kept).hasSizeLessThanOrEqualTo(Curves.MOST_POINTS + 1);
    assertThat(kept).extracting(MetricPoint::step).isSorted().contains(31_337L, 7_777L);
  }

  @Test
  void curves_of_one_stage_and_family_share_a_plot_and_others_do_not() {
    assertThat(PlotKey.of("rewardModel/heldOutLoss")).isEqualTo(PlotKey.of("rewardModel/loss"));
    assertThat(PlotKey.of("student/loss")).isNotEqualTo(PlotKey.of("sft/loss"));
    assertThat(PlotKey.of("mdloo/reward")).isNotEqualTo(PlotKey.of("mdloo/learningRate"));
    assertThat(PlotKey.of("loss")).isEqualTo(new PlotKey("", "loss"));
  }

  @Test
  void what_one_looks_at_first_comes_first_and_the_machinery_last() {
    assertThat(PlotKey.of("mdloo/reward").rank()).isLessThan(PlotKey.of("mdloo/entropy").rank());
    assertThat(PlotKey.of("mdloo/entropy").rank())
        .isLessThan(PlotKey.of("mdloo/samplerMismatch").rank());
    assertThat(PlotKey.of("rewardModel/heldOutAccuracy").rank())
        .isEqualTo(PlotKey.of("rewardModel/accuracy").rank());
  }
}
