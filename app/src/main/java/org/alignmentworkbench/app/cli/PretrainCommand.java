package org.alignmentworkbench.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.alignmentworkbench.app.pretrain.Pretraining;
import org.alignmentworkbench.app.pretrain.PretrainingRecipe;
import org.alignmentworkbench.app.terminal.ProgressLine;
import org.alignmentworkbench.app.terminal.ProgressLine.Progress;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.EngineSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `workbench pretrain nano`: makes the base model anew from its recipe.
@Command(
    name = "pretrain",
    description = "Make a base model from its recipe: vocabulary, pre-training, weights.")
final class PretrainCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RECIPE", description = "The recipe's name: nano.")
  private String recipe = "";

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "Where the model goes; without it, into the data folder under pretrain/RECIPE.")
  private @Nullable Path out;

  @Option(names = "--threads", description = "Threads of the kernels (default: ${DEFAULT-VALUE}).")
  private int threads = 2;

  @Option(names = "--device", description = "auto, cpu or cuda:N (default: ${DEFAULT-VALUE}).")
  private String device = "cpu";

  @Override
  public Integer call() throws IOException {
    if (!recipe.equals("nano")) {
      throw new CommandRefused("unknown recipe '" + recipe + "'; there is: nano");
    }
    PretrainingRecipe nano = PretrainingRecipe.nano();
    Path work = Places.home().resolve("pretrain").resolve(nano.name());
    Path target = out == null ? work.resolve("model") : out;
    Clock clock = Clock.systemUTC();
    ProgressLine line = new ProgressLine(System.err, Places.terminal(), clock);
    try (Engine engine = Engine.start(new EngineSettings(device, threads))) {
      long started = clock.millis();
      long[] seen = new long[2];
      new Pretraining(nano, engine, work)
          .run(
              target,
              (step, loss, heldOutLoss, norm, tokens) -> {
                seen[0] += tokens;
                seen[1]++;
                double seconds = (clock.millis() - started) / 1e3;
                if (heldOutLoss != null) {
                  line.say(
                      String.format(
                          Locale.ROOT,
                          "step %,d  loss %.4f  held-out %.4f nats a token  gradient norm %.3f",
                          step,
                          loss,
                          heldOutLoss,
                          norm));
                }
                line.show(
                    new Progress(
                        "pre-training " + nano.name(),
                        step,
                        (long) nano.steps(),
                        seen[0] / seconds,
                        "tokens/s",
                        (nano.steps() - step) * seconds / seen[1]));
              });
    }
    line.say("The model is in " + target);
    return 0;
  }
}
