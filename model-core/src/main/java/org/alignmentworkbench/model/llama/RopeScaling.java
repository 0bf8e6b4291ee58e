package org.alignmentworkbench.model.llama;

import java.util.Optional;

/// How Llama 3 stretches the rotary angles for contexts longer than those of its pre-training:
/// turns with a long wavelength become slower, those with a short one stay, and between the two
/// lies a ramp.
///
/// ```
/// wavelength = 2 pi / f
/// f' = f                                   wavelength < original / high
/// f' = f / factor                          wavelength > original / low
/// f' = (1 - s) f / factor + s f            between,  s = (original / wavelength - low) / (high - low)
/// ```
///
/// Source: the `llama3` rule of transformers' `modeling_rope_utils`.
///
/// @param factor by how much slow turns are slowed down
/// @param lowFrequencyFactor `low`: turns that fit so often into the original context or less are
///   slow
/// @param highFrequencyFactor `high`: turns that fit so often or more are fast
/// @param originalContext positions of the pre-training
public record RopeScaling(
    double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContext) {
  /// The ramp of all published Llama 3 models, which GGUF files do not tell.
  private static final double USUAL_LOW = 1;

  private static final double USUAL_HIGH = 4;
  private static final int USUAL_CONTEXT = 8192;

  /// Checks the ranges.
  public RopeScaling {
    if (!(factor >= 1 && Double.isFinite(factor))) {
      throw new IllegalArgumentException(
          "the factor of scaled rotary angles must be finite and >= 1, was " + factor);
    }
    if (!(lowFrequencyFactor > 0
        && highFrequencyFactor > lowFrequencyFactor
        && Double.isFinite(highFrequencyFactor))) {
      throw new IllegalArgumentException(
          "of scaled rotary angles, 0 < low_freq_factor < high_freq_factor must hold, were "
              + lowFrequencyFactor
              + " and "
              + highFrequencyFactor);
    }
    if (originalContext < 1) {
      throw new IllegalArgumentException(
          "original_max_position_embeddings must be >= 1, was " + originalContext);
    }
  }

  /// The frequency, in radians a position, that stands for `frequency`.
  public double scaled(double frequency) {
    double wavelength = 2 * Math.PI / frequency;
    if (wavelength < originalContext / highFrequencyFactor) {
      return frequency;
    }
    if (wavelength > originalContext / lowFrequencyFactor) {
      return frequency / factor;
    }
    double ramp =
        (originalContext / wavelength - lowFrequencyFactor)
            / (highFrequencyFactor - lowFrequencyFactor);
    return (1 - ramp) * frequency / factor + ramp * frequency;
  }

  /// By what each frequency is divided, the fastest first: what GGUF keeps.
  ///
  /// @param theta base of the rotary angles
  /// @param headSize width of one head
  public float[] divisors(double theta, int headSize) {
    float[] divisors = new float[headSize / 2];
    for (int i = 0; i < divisors.length; i++) {
      double frequency = Math.pow(theta, -2.0 * i / headSize);
      divisors[i] = (float) (frequency / scaled(frequency));
    }
    return divisors;
  }

  /// The scaling that gives these divisors, if one with the usual ramp does.
  public static Optional<RopeScaling> ofDivisors(float[] divisors, double theta, int headSize) {
    double factor = divisors.length == 0 ? Double.NaN : divisors[divisors.length - 1];
    if (!(factor >= 1 && Double.isFinite(factor))) {
      return Optional.empty();
    }
    RopeScaling usual = new RopeScaling(factor, USUAL_LOW, USUAL_HIGH, USUAL_CONTEXT);
    return usual.gives(divisors, theta, headSize) ? Optional.of(usual) : Optional.empty();
  }

  /// Whether these are this scaling's divisors, but for rounding.
  public boolean gives(float[] divisors, double theta, int headSize) {
    float[] expected = divisors(theta, headSize);
    if (expected.length != divisors.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(divisors[i] - expected[i]) <= 1e-4 * expected[i])) {
        return false;
      }
    }
    return true;
  }
}
