package org.alignmentworkbench.model.statistics;

/// ln Γ(x) for x > 0: Stirling's series after shifting x above 10 (error below 1e-14 of the result
/// or of 1, whichever is larger).
final class LogGamma {
  private LogGamma() {}

  static double of(double x) {
    double shift = 0;
    double y = x;
    while (y < 10) {
      shift -= Math.log(y);
      y++;
    }
    double r = 1 / (y * y);
    double series =
        (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r * (1.0 / 1680 - r / 1188)))) / y;
    return shift + (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + series;
  }
}
