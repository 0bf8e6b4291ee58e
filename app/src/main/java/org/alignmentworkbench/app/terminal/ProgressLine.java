package org.alignmentworkbench.app.terminal;

import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Progress as one line that is rewritten in a terminal, and as a line every ten seconds in a file.
public final class ProgressLine {
  private static final Duration FILE_INTERVAL = Duration.ofSeconds(10);

  private final PrintStream out;
  private final boolean interactive;
  private final InstantSource clock;
  private String stage = "";
  private int shown;
  private long lastPrinted;

  /// A line on `out`; `interactive` says whether a carriage return can rewrite it.
  public ProgressLine(PrintStream out, boolean interactive, InstantSource clock) {
    this.out = out;
    this.interactive = interactive;
    this.clock = clock;
  }

  /// How far a stage is. `steps`, `rate` and `secondsLeft` are null where they are not known.
  public record Progress(
      String stage,
      long step,
      @Nullable Long steps,
      @Nullable Double rate,
      @Nullable String rateUnit,
      @Nullable Double secondsLeft) {

    String text() {
      StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%-42s", stage));
      if (steps != null && steps > 0) {
        text.append(
            String.format(
                Locale.ROOT, " %3d %%  step %,d of %,d", 100 * step / steps, step, steps));
      } else if (step > 0) {
        text.append(String.format(Locale.ROOT, "        step %,d", step));
      }
      if (rate != null) {
        text.append(
            String.format(Locale.ROOT, "  %,.0f %s", rate, rateUnit == null ? "/s" : rateUnit));
      }
      if (secondsLeft != null && secondsLeft >= 0) {
        long left = Math.round(secondsLeft);
        text.append(String.format(Locale.ROOT, "  %d:%02d left", left / 60, left % 60));
      }
      return text.toString();
    }
  }

  /// Shows the state of the stage now running.
  public synchronized void show(Progress progress) {
    long now = clock.millis();
    boolean newStage = !progress.stage().equals(stage);
    if (interactive) {
      rewrite(progress.text());
    } else if (newStage || now - lastPrinted >= FILE_INTERVAL.toMillis()) {
      out.println(progress.text().stripTrailing());
      lastPrinted = now;
    }
    stage = progress.stage();
  }

  /// Leaves a line standing, such as what a stage came to.
  public synchronized void say(String line) {
    if (interactive && shown > 0) {
      rewrite("");
      out.print("\r");
      shown = 0;
    }
    out.println(line);
    out.flush();
  }

  private void rewrite(String text) {
    out.print("\r" + text + " ".repeat(Math.max(0, shown - text.length())));
    out.flush();
    shown = text.length();
  }
}
