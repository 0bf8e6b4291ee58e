package org.alignmentworkbench.app.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.time.Duration;
import java.util.OptionalLong;
import org.alignmentworkbench.db.server.DataFolder;
import org.alignmentworkbench.model.engine.ResidentMemory;
import org.springframework.stereotype.Component;

/// What the machine has left for the server.
@Component
class Machine {
  /// Below this much free disk a warning is shown: a training's checkpoints need room.
  static final long LOW_DISK = 2L << 30;

  private final DataFolder folder;

  Machine(DataFolder folder) {
    this.folder = folder;
  }

  /// @param resident bytes of memory that the process holds, kernels included; empty where the
  ///   system does not tell
  /// @param load average number of busy processors over a minute, below 0 where unknown
  record State(
      long diskFree,
      long diskTotal,
      OptionalLong resident,
      long heapUsed,
      long heapMost,
      double load,
      int processors,
      Duration up) {}

  State state() {
    Runtime runtime = Runtime.getRuntime();
    try {
      FileStore store = Files.getFileStore(folder.home());
      return new State(
          store.getUsableSpace(),
          store.getTotalSpace(),
          ResidentMemory.now(),
          runtime.totalMemory() - runtime.freeMemory(),
          runtime.maxMemory(),
          ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
          runtime.availableProcessors(),
          Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
