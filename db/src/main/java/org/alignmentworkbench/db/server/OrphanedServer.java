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

  /// Stops the server that runs on `data`, if one does, and removes a `postmaster.pid` that names
  /// no such server: PostgreSQL itself would refuse to start when that number has since been given
  /// to some other program.
  static void stop(Path data) throws IOException {
    Path pidFile = data.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return;
    }
    Optional<ProcessHandle> server = serverOf(data, Files.readAllLines(pidFile, UTF_8));
    if (server.isEmpty()) {
      LOG.info("removing {}: it names no database server of this folder", pidFile);
      Files.deleteIfExists(pidFile);
      return;
    }
    ProcessHandle process = server.get();
    LOG.info("stopping the database server that was left running (process {})", process.pid());
    // Interrupt is PostgreSQL's "fast" stop: sessions are ended, data are written. What Java sends
    // by destroy() would wait for every session to leave.
    signal(process, "INT");
    if (!ends(process, pidFile, FAST)) {
      signal(process, "QUIT");
      if (!ends(process, pidFile, IMMEDIATE)) {
        throw new IOException("process " + process.pid() + " does not stop");
      }
      // An immediate stop leaves the file; the log brings the data back at the next start.
      Files.deleteIfExists(pidFile);
    }
  }

  private static Optional<ProcessHandle> serverOf(Path data, List<String> pidFile)
      throws IOException {
    if (pidFile.size() < 2 || !pidFile.get(0).strip().matches("[0-9]{1,10}")) {
      return Optional.empty();
    }
    Path folder = Path.of(pidFile.get(1).strip());
    if (!Files.exists(folder) || !Files.isSameFile(folder, data)) {
      return Optional.empty();
    }
    return ProcessHandle.of(Long.parseLong(pidFile.get(0).strip()))
        .filter(ProcessHandle::isAlive)
        .filter(OrphanedServer::isPostgres);
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
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
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
