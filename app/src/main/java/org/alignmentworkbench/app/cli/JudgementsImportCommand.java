package org.alignmentworkbench.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.alignmentworkbench.app.exchange.JudgementImport.Wish;
import org.alignmentworkbench.app.remote.JudgementDesk.ImportAnswer;
import org.alignmentworkbench.app.remote.JudgementDesk.ImportOrder;
import org.alignmentworkbench.app.remote.LocalServer;
import org.alignmentworkbench.app.remote.RunOrder;
import org.alignmentworkbench.app.terminal.ProgressLine;
import org.alignmentworkbench.db.exchange.ImportCounts;
import org.alignmentworkbench.db.exchange.JudgementImportRow.Purpose;
import org.alignmentworkbench.db.exchange.JudgementImportRow.State;
import org.alignmentworkbench.model.dataset.FieldNames;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// `workbench judgements import PROJECT FILE`: a file of pairs or judgements into a project.
@Command(
    name = "import",
    description =
        "Bring a file of judgements or pairs into a project; the exit code is 0 when it was taken"
            + " or can be.")
final class JudgementsImportCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(300);

  @Parameters(index = "0", paramLabel = "PROJECT", description = "The project's name.")
  private String project = "";

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      description =
          "JSONL, JSON or CSV, packed by gzip or not: preferences, or exports of this workbench,"
              + " Argilla or Label Studio.")
  private Path file = Path.of("");

  @Option(names = "--dry-run", description = "Only say what would happen.")
  private boolean dryRun;

  @Option(
      names = "--pairs",
      description = "Take the pairs to be judged here, and leave the file's judgements aside.")
  private boolean pairs;

  @Option(
      names = "--overlap",
      paramLabel = "N",
      description = "Judgements wanted of a pair that nobody has judged (default: 1).")
  private int overlap = Wish.DEFAULT.overlap();

  @Option(
      names = "--strength",
      paramLabel = "1..4",
      description = "Strength of a preference for which the file has none (default: 3, better).")
  private int strength = Wish.DEFAULT.strength();

  @Option(
      names = "--column",
      paramLabel = "PART=NAME",
      description =
          "What the file calls its prompt, chosen or rejected, where it calls one otherwise; may be"
              + " repeated.")
  private Map<String, String> columns = new LinkedHashMap<>();

  @Option(
      names = "--refused",
      paramLabel = "FILE",
      description = "Where to write the list of what was left out, as CSV; it must not exist.")
  private @Nullable Path refused;

  @Option(names = "--json", description = "Print what the file came to as JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path path = file.toAbsolutePath().normalize();
    if (!Files.isRegularFile(path)) {
      throw new CommandRefused("there is no file " + path);
    }
    if (refused != null && Files.exists(refused)) {
      throw new CommandRefused(refused + " exists already");
    }
    ImportOrder order =
        new ImportOrder(
            project,
            path.toString(),
            pairs ? Purpose.PAIRS : Purpose.JUDGEMENTS,
            overlap,
            strength,
            dryRun,
            names());
    return ServerAtHome.ask(server -> carryOut(server, order));
  }

  private FieldNames names() {
    for (String part : columns.keySet()) {
      if (!List.of("prompt", "chosen", "rejected").contains(part)) {
        throw new CommandRefused(
            "--column takes prompt, chosen or rejected, was '%s'".formatted(part));
      }
    }
    try {
      return new FieldNames(columns.get("prompt"), columns.get("chosen"), columns.get("rejected"));
    } catch (IllegalArgumentException e) {
      throw new CommandRefused(String.valueOf(e.getMessage()));
    }
  }

  private int carryOut(LocalServer server, ImportOrder order)
      throws IOException, InterruptedException, LocalServer.RefusedException {
    ProgressLine terminal = new ProgressLine(System.err, Places.terminal(), Clock.systemUTC());
    ImportAnswer answer = server.bring(order);
    while (answer.state() == State.WAITING) {
      Thread.sleep(POLL);
      RunCommand.show(terminal, server.run(answer.runId(), Long.MAX_VALUE).orElseThrow());
      answer = server.brought(answer.id()).orElseThrow();
    }
    if (answer.state() == State.BROKEN) {
      RunOrder.Standing run = server.run(answer.runId(), Long.MAX_VALUE).orElseThrow();
      throw new CommandRefused(
          "run '%s' is %s: %s".formatted(run.name(), run.state(), run.detail()));
    }
    if (refused != null && answer.refusals() != null) {
      Files.copy(Path.of(answer.refusals()), refused);
    }
    System.out.println(json ? JsonMapper.shared().writeValueAsString(answer) : told(answer));
    return answer.state() == State.REFUSED ? 1 : 0;
  }

  private static String told(ImportAnswer answer) {
    @Nullable ImportCounts counts = answer.counts();
    if (answer.state() == State.REFUSED || counts == null) {
      return "Nothing was taken: " + answer.fault();
    }
    return String.format(
        Locale.ROOT,
        "%s%,d rows: %,d new comparisons, %,d new judgements, %,d new skips, %,d there already,"
            + " %,d left out",
        answer.again()
            ? "Brought in before, nothing is changed. Then it had "
            : answer.state() == State.TRIED ? "Tried, nothing is changed. " : "",
        counts.rows(),
        counts.pairs(),
        counts.judgements(),
        counts.skips(),
        counts.there(),
        counts.refused());
  }
}
