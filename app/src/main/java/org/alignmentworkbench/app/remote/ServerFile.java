package org.alignmentworkbench.app.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Properties;

/// What the running server leaves in its data folder for commands: where it listens and the secret
/// to show. Only the server's own user can read it.
///
/// @param address the address to call
/// @param port its port
/// @param processId the server's process, to tell a file left by a kill from a living server
/// @param token the secret of [LocalToken]
public record ServerFile(String address, int port, long processId, String token) {
  private static final String NAME = "server.properties";

  /// Writes the file so that a reader sees a whole one or none.
  public void write(Path home) throws IOException {
    Path file = home.resolve(NAME);
    Path fresh = home.resolve(NAME + ".new");
    Files.deleteIfExists(fresh);
    if (home.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          fresh,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } else {
      Files.createFile(fresh);
    }
    String lines =
        "address=" + address + "\nport=" + port + "\nprocess=" + processId + "\ntoken=" + token;
    Files.writeString(fresh, lines + "\n", UTF_8, StandardOpenOption.WRITE);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// Takes the file away, at the server's end.
  public static void remove(Path home) throws IOException {
    Files.deleteIfExists(home.resolve(NAME));
  }

  /// The file of a server whose process lives; empty when none does.
  public static Optional<ServerFile> read(Path home) throws IOException {
    Path file = home.resolve(NAME);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Properties lines = new Properties();
    try (var reader = Files.newBufferedReader(file, UTF_8)) {
      lines.load(reader);
    }
    ServerFile found =
        new ServerFile(
            required(lines, file, "address"),
            Integer.parseInt(required(lines, file, "port")),
            Long.parseLong(required(lines, file, "process")),
            required(lines, file, "token"));
    return ProcessHandle.of(found.processId()).filter(ProcessHandle::isAlive).map(process -> found);
  }

  private static String required(Properties lines, Path file, String key) throws IOException {
    String value = lines.getProperty(key);
    if (value == null) {
      throw new IOException(file + " has no line for " + key);
    }
    return value;
  }

  /// Without the secret, which a record would print.
  @Override
  public String toString() {
    return "ServerFile[" + address + ":" + port + ", process " + processId + "]";
  }
}
