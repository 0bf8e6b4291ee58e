package org.alignmentworkbench.app.bench.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.util.List;
import org.alignmentworkbench.app.bench.BenchReport.Figure;
import org.junit.jupiter.api.Test;

class ArithmeticWorkTest {
  @Test
  void agreement_and_rankings_are_measured_in_seconds_without_a_peer()
      throws IOException, InterruptedException {
    ArithmeticWork work = new ArithmeticWork(Scale.SHORT, null);
    List<Figure> alpha = work.alpha();
    assertThat(alpha.stream().map(Figure::name)).isEqualTo(Part.ALPHA.figures());
    List<Figure> rankings = work.bradleyTerry();
    assertThat(rankings.stream().map(Figure::name)).isEqualTo(Part.BRADLEY_TERRY.figures());
    assertThat(List.of(alpha.getFirst(), alpha.getLast(), rankings.getFirst()))
        .allSatisfy(figure -> {
          assertThat(figure.unit()).isEqualTo("s");
          assertThat(figure.min()).isPositive();
          assertThat(figure.value()).isBetween(figure.min(), figure.max());
          assertThat(figure.peer()).isNull();
          assertThat(figure.ratio()).isNull();
        });
  }

  @Test
  void a_peer_that_takes_twice_as_long_gives_a_ratio_of_two() {
    Figure figure = Figure.beside("alpha300k", "s", new double[] {3, 1, 2}, "krippendorff", 4);
    assertThat(figure.value()).isEqualTo(2);
    assertThat(figure.ratio()).isEqualTo(2);
    assertThat(figure.peerValue()).isEqualTo(4);
    assertThat(figure.n()).isEqualTo(3);
  }

  @Test
  void a_figure_leads_to_the_part_that_gives_it() {
    for (Part part : Part.values()) {
      assertThat(part.figures()).allSatisfy(name -> assertThat(Part.giving(name)).isEqualTo(part));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Part.giving("alpha30k"))
        .withMessageStartingWith("no figure 'alpha30k'; there are alpha300k, ");
  }
}
