package org.alignmentworkbench.app.bench.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.alignmentworkbench.app.bench.BenchReport.Figure;
import org.junit.jupiter.api.Test;

/// The load programme at its smallest, against the whole server in a process of its own. Times are
/// nobody's business here; that every acknowledged judgement is one row is checked by the programme
/// itself, which fails otherwise.
class ServerWorkIT {
  @Test
  void five_annotators_a_lead_and_ten_streams_get_true_answers()
      throws IOException, InterruptedException {
    List<Figure> figures = new ArrayList<>();
    try (ServerWork work = new ServerWork(Scale.SHORT)) {
      figures.addAll(work.importing());
      figures.addAll(work.exporting());
      figures.addAll(work.labelling());
      figures.addAll(work.starting());
      figures.addAll(work.streaming());
    }
    Set<String> expected =
        Arrays.stream(Part.values())
            .filter(part -> part != Part.ALPHA && part != Part.BRADLEY_TERRY)
            .flatMap(part -> part.figures().stream())
            .collect(Collectors.toSet());
    assertThat(figures.stream().map(Figure::name)).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(figures).allSatisfy(figure -> assertThat(figure.n()).isPositive());
    Figure submits =
        figures.stream().filter(f -> f.name().equals("submitP95")).findFirst().orElseThrow();
    // The first 5 of 100 submits are not counted, and at most one a person comes after the last.
    assertThat(submits.n())
        .isBetween((int) (0.95 * Scale.SHORT.submits()) - 5, Scale.SHORT.submits() + 5);
  }
}
