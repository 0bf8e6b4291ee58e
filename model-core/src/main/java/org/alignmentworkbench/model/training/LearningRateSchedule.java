package org.alignmentworkbench.model.training;

/// The learning rate of each step; steps count from 0.
public sealed interface LearningRateSchedule {
  /// The learning rate of a step.
  double at(int step);

  /// The same rate at every step.
  ///
  /// @param peak the rate
  record Constant(double peak) implements LearningRateSchedule {
    /// Checks the rate.
    public Constant {
      checkRate(peak);
    }

    @Override
    public double at(int step) {
      return peak;
    }
  }

  /// Rises along a line over the first `warmup` steps (step 0 has rate 0), then falls along half a
  /// cosine and is 0 from step `steps` on.
  ///
  /// ```
  /// at(s) = peak * s / warmup                                       s < warmup
  ///       = peak * (1 + cos(pi (s - warmup) / (steps - warmup))) / 2   else
  /// ```
  ///
  /// @param peak the highest rate
  /// @param warmup steps until it is reached
  /// @param steps length of the whole schedule, > warmup
  record WarmupCosine(double peak, int warmup, int steps) implements LearningRateSchedule {
    /// Checks the numbers.
    public WarmupCosine {
      checkRate(peak);
      checkSteps(warmup, steps);
    }

    @Override
    public double at(int step) {
      if (step < warmup) {
        return peak * step / warmup;
      }
      double done = Math.min(1.0, (double) (step - warmup) / (steps - warmup));
      return peak * 0.5 * (1 + Math.cos(Math.PI * done));
    }
  }

  /// Rises along a line over the first `warmup` steps, then falls along a line to 0 at step
  /// `steps`.
  ///
  /// @param peak the highest rate
  /// @param warmup steps until it is reached
  /// @param steps length of the whole schedule, > warmup
  record WarmupLinear(double peak, int warmup, int steps) implements LearningRateSchedule {
    /// Checks the numbers.
    public WarmupLinear {
      checkRate(peak);
      checkSteps(warmup, steps);
    }

    @Override
    public double at(int step) {
      if (step < warmup) {
        return peak * step / warmup;
      }
      return peak * Math.max(0.0, (double) (steps - step) / (steps - warmup));
    }
  }

  private static void checkRate(double rate) {
    if (!(rate >= 0 && Double.isFinite(rate))) {
      throw new IllegalArgumentException("peak must be finite and >= 0, was " + rate);
    }
  }

  private static void checkSteps(int warmup, int steps) {
    if (warmup < 0 || steps <= warmup) {
      throw new IllegalArgumentException(
          "must be 0 <= warmup < steps, was warmup " + warmup + ", steps " + steps);
    }
  }
}
