package org.alignmentworkbench.app.bench.desk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import org.alignmentworkbench.app.bench.BenchReport;
import org.alignmentworkbench.app.bench.BenchReport.Figure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// `workbench bench annotation`: the desk at the size of a large project.
@Command(
    name = "annotation",
    description =
        "Measure the desk at the size of a large project: annotators at work, lists, import,"
            + " export, start, agreement and rankings. All of it takes about half an hour.")
public final class AnnotationBench implements Callable<Integer> {
  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(
      names = "--peer",
      paramLabel = "PYTHON",
      description =
          "An interpreter with the requirements of the data side's peers; WORKBENCH_PEERS_DATA"
              + " names their folder.")
  private @Nullable Path python;

  @Option(
      names = "--part",
      paramLabel = "FIGURE",
      description = "Only what gives this figure; may be repeated.")
  private List<String> wanted = new ArrayList<>();

  @Option(
      names = "--short",
      description = "Everything small: whether it works, not how fast it is.")
  private boolean small;

  @Option(
      names = "--submits",
      paramLabel = "N",
      description = "Submits of all annotators together; 20,000 unless told otherwise.")
  private @Nullable Integer submits;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Collection<Part> parts =
        wanted.isEmpty()
            ? EnumSet.allOf(Part.class)
            : EnumSet.copyOf(wanted.stream().map(Part::giving).toList());
    Scale whole = small ? Scale.SHORT : Scale.FULL;
    Scale scale = submits == null ? whole : whole.submitting(submits);
    @Nullable PeerProgram peer = python == null ? null : PeerProgram.of(python);
    List<Figure> figures = new ArrayList<>();
    try (ServerWork server = new ServerWork(scale)) {
      for (Part part : parts) {
        List<Figure> measured = measure(part, new ArithmeticWork(scale, peer), server);
        figures.addAll(measured);
        measured.forEach(figure -> (json ? System.err : System.out).println(figure.line()));
      }
    }
    if (json) {
      System.out.println(
          JsonMapper.shared().writeValueAsString(new BenchReport("annotation", figures)));
    }
    return 0;
  }

  private static List<Figure> measure(Part part, ArithmeticWork arithmetic, ServerWork server)
      throws IOException, InterruptedException {
    return switch (part) {
      case ALPHA -> arithmetic.alpha();
      case BRADLEY_TERRY -> arithmetic.bradleyTerry();
      case IMPORT -> server.importing();
      case EXPORT -> server.exporting();
      case START -> server.starting();
      case DESK -> server.labelling();
      case STREAMS -> server.streaming();
    };
  }
}
