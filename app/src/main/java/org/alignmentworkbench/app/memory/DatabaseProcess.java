package org.alignmentworkbench.app.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/// The process of the PostgreSQL that a data folder holds.
public final class DatabaseProcess {
  private DatabaseProcess() {}

  /// Its number, from the first line of the file that PostgreSQL keeps while it runs; empty when it
  /// does not run or the database is elsewhere.
  public static OptionalLong in(Path home) {
    try {
      List<String> lines = Files.readAllLines(home.resolve("postgres").resolve("postmaster.pid"));
      return lines.isEmpty()
          ? OptionalLong.empty()
          : OptionalLong.of(Long.parseLong(lines.getFirst().strip()));
    } catch (IOException | NumberFormatException _) {
      return OptionalLong.empty();
    }
  }
}
