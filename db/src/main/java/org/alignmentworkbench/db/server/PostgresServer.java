package org.alignmentworkbench.db.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.alignmentworkbench.db.server.DataFolderException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The embedded PostgreSQL of a data folder: durable, on localhost, with a password.
///
/// The launcher's own defaults are those of a throw-away test server (no fsync, no synchronous
/// commit, no password), so each of them is set here. It starts and stops with this object; no
/// shutdown hook is registered, because a hook would race with the connection pool's end.
public final class PostgresServer implements DatabaseServer {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);
  private static final String USER = "postgres";
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  /// Unpacking and starting are done by one thread of one process at a time for a binaries folder.
  private static final ReentrantLock STARTING = new ReentrantLock();

  private final EmbeddedPostgres postgres;
  private final Path data;
  private final String password;

  private PostgresServer(EmbeddedPostgres postgres, Path data, String password) {
    this.postgres = postgres;
    this.data = data;
    this.password = password;
  }

  /// Starts the server of a data folder, after stopping one that a killed process left behind.
  public static PostgresServer start(DataFolder folder) {
    return start(folder, folder.binaries());
  }

  /// As [#start(DataFolder)], with the server's programs unpacked to a folder that several data
  /// folders share.
  public static PostgresServer start(DataFolder folder, Path binaries) {
    Path data = folder.postgres();
    try {
      OrphanedServer.stop(data);
      if (Files.exists(folder.unfinished())) {
        // Killed while the data were first being made: nothing was ever committed there.
        deleteTree(data);
        Files.deleteIfExists(folder.password());
      }
      String password = passwordOf(folder);
      boolean first = !Files.exists(data);
      if (first) {
        Files.writeString(folder.unfinished(), "");
      }
      EmbeddedPostgres postgres = launch(folder, binaries);
      if (first) {
        Files.delete(folder.unfinished());
      }
      return new PostgresServer(postgres, data, password);
    } catch (IOException | IllegalStateException e) {
      throw new DataFolderException(
          Reason.SERVER,
          folder.home(),
          "The database server in " + data + " did not start: " + e.getMessage() + ".",
          e);
    }
  }

  private static EmbeddedPostgres launch(DataFolder folder, Path binaries) throws IOException {
    Files.createDirectories(binaries);
    STARTING.lock();
    try (FileChannel channel =
            FileChannel.open(
                binaries.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      deleteHalfUnpacked(binaries);
      EmbeddedPostgres.Builder builder =
          EmbeddedPostgres.builder()
              .setDataDirectory(folder.postgres())
              .setCleanDataDirectory(false)
              .setOverrideWorkingDirectory(binaries.toFile())
              .setRegisterShutdownHook(false)
              .setPGStartupWait(START_LIMIT)
              .setConnectConfig("password", Files.readString(folder.password(), UTF_8))
              // These reach initdb as --auth=... and so on, after the launcher's own --auth trust.
              .setLocaleConfig("auth", "scram-sha-256")
              .setLocaleConfig("pwfile", folder.password().toString())
              // Sorts by code point on every machine, with Unicode's upper and lower case.
              .setLocaleConfig("locale", "C")
              .setLocaleConfig("locale-provider", "builtin")
              .setLocaleConfig("builtin-locale", "C.UTF-8");
      for (List<String> setting : SETTINGS) {
        builder.setServerConfig(setting.get(0), setting.get(1));
      }
      return builder.start();
    } finally {
      STARTING.unlock();
    }
  }

  private static final List<List<String>> SETTINGS =
      List.of(
          // A commit that was answered is on the disk.
          List.of("fsync", "on"),
          List.of("synchronous_commit", "on"),
          List.of("full_page_writes", "on"),
          // This machine only, and no socket file that other users could reach.
          List.of("listen_addresses", "localhost"),
          List.of("unix_socket_directories", ""),
          List.of("password_encryption", "scram-sha-256"),
          // Small: it shares the machine with a training.
          List.of("shared_buffers", "64MB"),
          List.of("max_connections", "40"),
          List.of("max_wal_size", "256MB"),
          List.of("wal_level", "minimal"),
          List.of("max_wal_senders", "0"),
          List.of("jit", "off"),
          // What is looked up by a key is in memory more often than not.
          List.of("random_page_cost", "1.1"),
          List.of("io_method", "sync"),
          List.of("max_parallel_workers_per_gather", "0"),
          List.of("autovacuum_max_workers", "1"),
          // Ends the session of a client that was cut off, so its locks go.
          List.of("tcp_keepalives_idle", "60"),
          List.of("idle_in_transaction_session_timeout", "10min"));

  /// A kill while unpacking leaves a folder that the launcher would neither finish nor use.
  private static void deleteHalfUnpacked(Path binaries) throws IOException {
    List<Path> halves;
    try (Stream<Path> folders = Files.list(binaries)) {
      halves =
          folders
              .filter(Files::isDirectory)
              .filter(folder -> !Files.exists(folder.resolve(".exists")))
              .toList();
    }
    for (Path half : halves) {
      deleteTree(half);
    }
  }

  /// The password is made once, when the data are.
  private static String passwordOf(DataFolder folder) throws IOException {
    Path file = folder.password();
    if (Files.exists(file)) {
      return Files.readString(file, UTF_8);
    }
    if (Files.exists(folder.postgres())) {
      throw new DataFolderException(
          Reason.DAMAGED,
          folder.home(),
          "The database in " + folder.postgres() + " has lost its password file " + file + ".");
    }
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    String password = HexFormat.of().formatHex(random);
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try {
      Files.createFile(
          fresh,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException e) {
      throw new IOException(fresh + " appeared while it was being made", e);
    }
    Files.writeString(fresh, password, StandardOpenOption.SYNC, StandardOpenOption.WRITE);
    Files.move(fresh, file);
    return password;
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> walk = Files.walk(root)) {
      deepestFirst = walk.toList().reversed();
    }
    for (Path path : deepestFirst) {
      Files.delete(path);
    }
  }

  @Override
  public String url() {
    return url("postgres");
  }

  /// The URL of another database of this server.
  public String url(String database) {
    return "jdbc:postgresql://localhost:" + postgres.getPort() + "/" + database;
  }

  @Override
  public String username() {
    return USER;
  }

  @Override
  public String password() {
    return password;
  }

  public int port() {
    return postgres.getPort();
  }

  /// Stops the server and waits for its end. Close the connection pool first.
  @Override
  public void close() {
    try {
      postgres.close();
      // The launcher gives up after five seconds; a final checkpoint may need longer.
      OrphanedServer.stop(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    LOG.debug("stopped the database server of {}", data);
  }
}
