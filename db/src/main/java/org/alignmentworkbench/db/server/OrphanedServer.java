package org.alignmentworkbench.db.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A PostgreSQL that outlived the process which started it. The caller holds the data folder's
/// lock, so whatever runs on that folder belongs to nobody.
final class OrphanedServer {
  private static final Logger LOG = LoggerFactory.getLogger(OrphanedServer.class);
  private static final Duration FAST = Duration.ofSeconds(30);
  private static final Duration IMMEDIATE = Duration.ofSeconds(10);
  private static final Duration LAST_ACT = Duration.ofSeconds(1);

  private OrphanedServer() {}

  /// Stops the server that runs on `data`, if one does.
  ///
  /// PostgreSQL refuses to start when its `postmaster.pid` names a living process, whatever that
  /// is, so the file goes when its number has since been given to some other program. When the
  /// process is dead the file stays: PostgreSQL then makes sure by it that nothing of the old
  /// server is left.
  static void stop(Path data) throws IOException {
    Path pidFile = data.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return;
    }
    List<String> lines = Files.readAllLines(pidFile, UTF_8);
    Optional<ProcessHandle> living =
        lines.isEmpty() || !lines.get(0).strip().matches("[0-9]{1,10}")
            ? Optional.empty()
            : ProcessHandle.of(Long.parseLong(lines.get(0).strip())).filter(ProcessHandle::isAlive);
    if (living.isEmpty()) {
      return;
    }
    ProcessHandle process = living.get();
    if (!isPostgres(process) || !names(lines, data)) {
      LOG.info("removing {}: process {} is no server of this folder", pidFile, process.pid());
      Files.deleteIfExists(pidFile);
      return;
    }
    LOG.info("stopping the database server that was left running (process {})", process.pid());
    // Interrupt is PostgreSQL's "fast" stop: sessions are ended, data are written. What Java sends
    // by destroy() would wait for every session to leave.
    signal(process, "INT");
    if (!ends(process, pidFile, FAST)) {
      // The log brings the data back at the next start.
      signal(process, "QUIT");
      if (!ends(process, pidFile, IMMEDIATE)) {
        throw new IOException("process " + process.pid() + " does not stop");
      }
    }
  }

  private static boolean names(List<String> pidFile, Path data) throws IOException {
    if (pidFile.size() < 2) {
      return false;
    }
    Path folder = Path.of(pidFile.get(1).strip());
    return Files.exists(folder) && Files.isSameFile(folder, data);
  }

  private static boolean isPostgres(ProcessHandle process) {
    return process
        .info()
        .command()
        .map(command -> String.valueOf(Path.of(command).getFileName()))
        .filter(name -> name.equals("postgres"))
        .isPresent();
  }

  private static void signal(ProcessHandle process, String name) throws IOException {
    // The shell's own kill: slim containers have no program of that name.
    Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start();
    try {
      if (kill.waitFor() != 0 && process.isAlive()) {
        throw new IOException("process " + process.pid() + " cannot be signalled");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while stopping process " + process.pid(), e);
    }
  }

  /// The server has ended when its process has, or when it has removed its own file, which is its
  /// last act: in a container whose first process collects no children, an ended process stays
  /// visible.
  private static boolean ends(ProcessHandle process, Path pidFile, Duration limit)
      throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    while (process.isAlive() && System.nanoTime() < end) {
      if (!Files.exists(pidFile)) {
        // It still lets go of its port and memory.
        end = Math.min(end, System.nanoTime() + LAST_ACT.toNanos());
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while stopping process " + process.pid(), e);
      }
    }
    return !process.isAlive() || !Files.exists(pidFile);
  }
}
