package org.alignmentworkbench.app.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.alignmentworkbench.app.bench.desk.AnnotationBench;
import org.alignmentworkbench.model.engine.Precision;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `workbench bench NAME`: how fast, beside the peer where one is given.
///
/// Our side and the peer's run in turns, each in a process of its own with the other ended: ours,
/// theirs, ours, theirs. A pair is two neighbours; the ratio is the median over pairs.
@Command(
    name = "bench",
    description = "Measure speed and memory, and compare with the programs people use today.",
    subcommands = AnnotationBench.class)
public final class BenchCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.shared();

  /// The peers' programs put their model into float32: this runs one of them with a model that goes
  /// to bfloat16 instead.
  private static final String ALL_BFLOAT16 =
      """
      import runpy, sys, torch
      torch.nn.Module.float = lambda module: module.bfloat16()
      sys.argv = sys.argv[1:]
      runpy.run_path(sys.argv[0], run_name="__main__")
      """;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description =
          "sft-smol, sft-smol-recompute, sft-nano, rollout-smol, rollout-nano, score-smol,"
              + " score-nano, ragged or import, or annotation with options of its own. ragged and"
              + " import need WORKBENCH_MODELS, ragged also WORKBENCH_FIXTURES.")
  private String name = "";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(
      names = "--peer",
      paramLabel = "PYTHON",
      description =
          "An interpreter with the peers' requirements; WORKBENCH_PEERS names their folder. ragged"
              + " brings its own program.")
  private @Nullable Path python;

  @Option(
      names = "--pairs",
      paramLabel = "N",
      description = "Processes of each side (default: ${DEFAULT-VALUE}).")
  private int pairs = 5;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Kernel threads of both sides (default: ${DEFAULT-VALUE}).")
  private int threads = 2;

  @Option(
      names = "--dtype",
      paramLabel = "fp32|bf16",
      description = "Precision of the large products on both sides (default: ${DEFAULT-VALUE}).")
  private String dtype = "fp32";

  @Option(
      names = "--profile",
      description = "Instead: where the time of one repetition of ours goes, by operator.")
  private boolean profile;

  @Option(names = "--one-side", hidden = true, description = "Our side once, in this process.")
  private boolean oneSide;

  @Option(names = "--files", hidden = true, description = "What was prepared for our side.")
  private @Nullable Path files;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Bench bench = Bench.labelled(name);
    Precision precision = Precision.labelled(dtype);
    if (oneSide) {
      System.out.println(JSON.writeValueAsString(oneSide(bench, precision)));
      return 0;
    }
    if (profile) {
      System.out.print(BenchWork.run(bench, threads, precision, BenchWork::profiled));
      return 0;
    }
    if (pairs < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "--pairs and --threads must be >= 1, were " + pairs + " and " + threads);
    }
    BenchReport report = report(bench, precision);
    if (json) {
      System.out.println(JSON.writeValueAsString(report));
    } else {
      report.figures().forEach(figure -> System.out.println(figure.line()));
    }
    return 0;
  }

  private BenchWork.Measured oneSide(Bench bench, Precision precision) throws IOException {
    Path prepared = files;
    if (prepared == null) {
      return BenchWork.run(bench, threads, precision, BenchWork::measured);
    }
    return bench.kind() == Bench.Kind.IMPORT
        ? ImportWork.measured(bench, threads, precision, prepared)
        : RaggedWork.measured(bench, threads, precision, prepared);
  }

  private BenchReport report(Bench bench, Precision precision)
      throws IOException, InterruptedException {
    if (!bench.prepared()) {
      return measure(bench, precision, python == null ? null : peersFolder(), null);
    }
    if (python != null) {
      // Refused before the model is prepared, where there is no peer.
      List<String> _ = bench.peer(threads);
    }
    try (BenchFiles made = BenchFiles.prepare(bench)) {
      return measure(bench, precision, python == null ? null : made.folder(), made.folder());
    }
  }

  private BenchReport measure(
      Bench bench, Precision precision, @Nullable Path peers, @Nullable Path prepared)
      throws IOException, InterruptedException {
    var ours = new ArrayList<BenchWork.Measured>();
    var theirs = new ArrayList<JsonNode>();
    Bench.Quantity headline = bench.quantities().getFirst();
    for (int pair = 0; pair < pairs; pair++) {
      List<String> own = own(bench, precision, prepared);
      ours.add(JSON.treeToValue(lastLine(own), BenchWork.Measured.class));
      if (peers != null) {
        theirs.add(lastLine(peer(bench, precision, peers, prepared)));
        requireSameWork(ours.getLast(), theirs.getLast(), precision);
      }
      System.err.printf(
          Locale.ROOT,
          "pair %d of %d: %,.1f %s%s%n",
          pair + 1,
          pairs,
          ours.getLast().of(headline),
          headline.unit(),
          theirs.isEmpty() ? "" : ", peer %,.1f".formatted(value(headline, theirs.getLast())));
    }
    return new BenchReport(
        precision == Precision.FP32 ? bench.label() : bench.label() + "-" + precision.label(),
        figures(bench, ours, theirs));
  }

  /// A figure for each quantity that every process of ours measured.
  private List<BenchReport.Figure> figures(
      Bench bench, List<BenchWork.Measured> ours, List<JsonNode> theirs) {
    @Nullable String peer =
        theirs.isEmpty() ? null : bench.peer(threads).getFirst().replace(".py", "");
    var figures = new ArrayList<BenchReport.Figure>();
    for (Bench.Quantity quantity : bench.quantities()) {
      double[] values = ours.stream().mapToDouble(measured -> measured.of(quantity)).toArray();
      if (Arrays.stream(values).allMatch(Double::isFinite)) {
        double[] beside =
            quantity.peerField() == null
                ? new double[0]
                : theirs.stream().mapToDouble(line -> value(quantity, line)).toArray();
        figures.add(
            BenchReport.Figure.of(
                quantity.name(), quantity.unit(), quantity.lessIsBetter(), values, peer, beside));
      }
    }
    return figures;
  }

  private static double value(Bench.Quantity quantity, JsonNode line) {
    return line.path(String.valueOf(quantity.peerField())).asDouble();
  }

  /// Before the first step both sides have the same weights and rows: a loss that differs says that
  /// one of them does other work, and a ratio would mean nothing.
  static void requireSameWork(BenchWork.Measured ours, JsonNode theirs, Precision precision)
      throws IOException {
    Double loss = ours.firstLoss();
    if (loss == null) {
      return;
    }
    // Rounding: float32 sums in another order, or products in bfloat16 with 8 bits.
    double bound = precision == Precision.FP32 ? 1e-3 : 0.05;
    double other = theirs.path("first_loss").asDouble(Double.NaN);
    if (!(Math.abs(loss - other) <= bound)) {
      throw new IOException(
          "the sides must have the same loss before the first step within "
              + bound
              + ", were "
              + loss
              + " and "
              + other);
    }
  }

  private static Path peersFolder() {
    String folder = System.getenv("WORKBENCH_PEERS");
    if (folder == null || !Files.isDirectory(Path.of(folder))) {
      throw new IllegalArgumentException(
          "--peer needs WORKBENCH_PEERS to name the folder of the peers' programs, was " + folder);
    }
    return Path.of(folder);
  }

  /// The same Java with the same class path, once more.
  private List<String> own(Bench bench, Precision precision, @Nullable Path prepared) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("org.alignmentworkbench.app.Workbench", "bench", bench.label()));
    command.addAll(
        List.of(
            "--one-side", "--threads", Integer.toString(threads), "--dtype", precision.label()));
    if (prepared != null) {
      command.addAll(List.of("--files", prepared.toString()));
    }
    return command;
  }

  private List<String> peer(
      Bench bench, Precision precision, Path folder, @Nullable Path prepared) {
    List<String> program = bench.peer(threads);
    var command = new ArrayList<String>();
    command.add(String.valueOf(python));
    if (precision == Precision.BF16) {
      command.addAll(List.of("-c", ALL_BFLOAT16));
    }
    command.add(folder.resolve(program.getFirst()).toString());
    command.addAll(program.subList(1, program.size()));
    if (prepared != null) {
      command.addAll(List.of("--files", prepared.toString()));
    }
    return command;
  }

  /// Runs a program to its end and reads the JSON that is its last line.
  private static JsonNode lastLine(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    // Nothing else runs: the threads of both sides wait as their libraries do by default.
    builder.environment().keySet().removeAll(List.of("OMP_WAIT_POLICY", "GOMP_SPINCOUNT"));
    Process process = builder.start();
    String out;
    try (var stream = process.getInputStream()) {
      out = new String(stream.readAllBytes(), UTF_8).strip();
    }
    int code = process.waitFor();
    if (code == 0) {
      try {
        return JSON.readTree(out.substring(out.lastIndexOf('\n') + 1));
      } catch (JacksonException e) {
        throw new IOException(command.getFirst() + " printed no JSON: " + e.getMessage(), e);
      }
    }
    throw new IllegalArgumentException(
        "%s ended with exit code %d; what it said stands above"
            .formatted(String.join(" ", command), code));
  }
}
