package org.alignmentworkbench.rlhf.job;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// How far the runs of this process are: written by their steps, read by the pulse that tells the
/// database. Kept outside of any transaction, so that a long unit shows signs of life.
public final class RunProgress {
  private final Map<Long, Position> positions = new ConcurrentHashMap<>();
  private final LongSupplier nanoTime;

  /// Progress measured with this clock, `System::nanoTime` but in tests.
  public RunProgress(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /// A stage's position with its speed since the stage was taken up in this process.
  ///
  /// @param steps null when unknown
  /// @param rate pieces of work a second, null before the first one is done
  /// @param secondsLeft null where rate or steps are
  public record Position(
      String stage,
      long step,
      @Nullable Long steps,
      String unit,
      @Nullable Double rate,
      @Nullable Double secondsLeft,
      long firstStep,
      long firstNanos) {}

  /// Says that a stage has done `step` of `steps` (null when unknown), counted in `unit`.
  public void report(long runId, String stage, long step, @Nullable Long steps, String unit) {
    positions.compute(
        runId,
        (id, before) -> {
          if (before == null || !before.stage().equals(stage) || step < before.step()) {
            return new Position(stage, step, steps, unit, null, null, step, nanoTime.getAsLong());
          }
          double seconds = (nanoTime.getAsLong() - before.firstNanos()) / 1e9;
          long done = step - before.firstStep();
          Double rate = done > 0 && seconds > 0 ? done / seconds : null;
          Double left = rate == null || steps == null ? null : Math.max(0, steps - step) / rate;
          return new Position(
              stage, step, steps, unit, rate, left, before.firstStep(), before.firstNanos());
        });
  }

  /// Where a run is; null when nothing was reported.
  public @Nullable Position of(long runId) {
    return positions.get(runId);
  }

  void forget(long runId) {
    positions.remove(runId);
  }
}
