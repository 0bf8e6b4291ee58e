package org.alignmentworkbench.model.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// Whose large float32 products training and scoring take on a CPU. Both are right to the last few
/// bits, which differ: a run that goes on elsewhere with the other gives other bits.
public enum Products {
  /// oneDNN where the processor has 512-bit vectors and is not Intel's, else BLAS.
  AUTO,
  /// The natives' BLAS. It is Intel's, whose wide vectors it uses; on others it keeps to 256 bits.
  BLAS,
  /// oneDNN, for what is large enough to be worth its preparation.
  ONEDNN;

  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

  /// What is called so: `auto`, `blas` or `onednn`.
  ///
  /// @throws IllegalArgumentException for another name
  public static Products labelled(String label) {
    for (Products one : values()) {
      if (one.label().equals(label)) {
        return one;
      }
    }
    throw new IllegalArgumentException("products must be auto, blas or onednn, was " + label);
  }

  /// Its name in settings.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// What it comes to on this machine.
  ///
  /// @param known whether the natives have oneDNN on this device
  Products here(boolean known) {
    if (!known) {
      return BLAS;
    }
    return this == AUTO ? of(processor()) : this;
  }

  /// @param processor lines of Linux's description of it
  static Products of(List<String> processor) {
    boolean wide =
        processor.stream()
            .filter(line -> line.startsWith("flags"))
            .findFirst()
            .map(line -> List.of(line.split("\\s+")).contains("avx512f"))
            .orElse(false);
    boolean intel =
        processor.stream()
            .anyMatch(line -> line.startsWith("vendor_id") && line.endsWith("GenuineIntel"));
    return wide && !intel ? ONEDNN : BLAS;
  }

  private static List<String> processor() {
    try {
      return Files.isReadable(PROCESSOR) ? Files.readAllLines(PROCESSOR) : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }
}
