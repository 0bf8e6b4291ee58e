package org.alignmentworkbench.model.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// Memory that this process holds, kernels included: the heap alone says little where weights and
/// arrays of the kernels lie outside it.
public final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private ResidentMemory() {}

  /// The bytes it holds now; empty where the system does not tell.
  public static OptionalLong now() throws IOException {
    return read("VmRSS:");
  }

  /// The most it ever held; empty where the system does not tell.
  public static OptionalLong peak() throws IOException {
    return read("VmHWM:");
  }

  private static OptionalLong read(String field) throws IOException {
    if (!Files.isReadable(STATUS)) {
      return OptionalLong.empty();
    }
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(field))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
          .findFirst();
    }
  }
}
