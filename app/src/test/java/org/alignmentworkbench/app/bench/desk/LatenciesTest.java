package org.alignmentworkbench.app.bench.desk;

import static org.assertj.core.api.Assertions.assertThat;

import org.alignmentworkbench.app.bench.BenchReport.Figure;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  @Test
  void ninety_five_of_a_hundred_stay_within_the_figure() {
    Latencies latencies = new Latencies();
    for (int millis = 100; millis >= 1; millis--) {
      latencies.add(millis > 50 ? "slow" : "fast", millis * 1_000_000L);
    }
    Figure figure = latencies.p95("pageP95");
    assertThat(figure.value()).isEqualTo(95);
    assertThat(figure.n()).isEqualTo(100);
    assertThat(figure.min()).isEqualTo(1);
    assertThat(figure.max()).isEqualTo(100);
    // Of 51 to 100 and of 1 to 50 the 48th: 0.95 times 50 is 47.5.
    assertThat(latencies.byWhat().getFirst()).startsWith("slow").endsWith("n=50 p95 98.0 ms");
    assertThat(latencies.byWhat().getLast()).startsWith("fast").endsWith("n=50 p95 48.0 ms");
  }

  @Test
  void a_single_request_is_its_own_percentile() {
    assertThat(Latencies.percentile(new double[] {7}, 0.95)).isEqualTo(7);
  }
}
