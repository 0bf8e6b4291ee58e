package org.alignmentworkbench.db.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.alignmentworkbench.db.server.DataFolderException.Reason;
import org.jspecify.annotations.Nullable;

/// The workbench's data folder, held by this process alone while it is open.
///
/// The lock is on a file of our own and not on PostgreSQL's: a killed JVM leaves its PostgreSQL
/// running, but the operating system drops this lock with the process. So a free lock and a living
/// server mean an orphan, and a lock that is not free means a second instance.
///
/// | file or folder | holds |
/// |---|---|
/// | `lock` | the lock, and the number of the process that holds it |
/// | `postgres/` | the embedded server's data |
/// | `postgres.password` | its password, readable by the owner only |
/// | `binaries/` | the embedded server's programs, unpacked once |
/// | `artifacts/` | files by content hash |
public final class DataFolder implements AutoCloseable {
  private final Path home;
  private final FileChannel channel;
  private final FileLock lock;

  private DataFolder(Path home, FileChannel channel, FileLock lock) {
    this.home = home;
    this.channel = channel;
    this.lock = lock;
  }

  /// Takes the folder, making it when it is missing.
  ///
  /// @throws DataFolderException `IN_USE` when another instance holds it, `NOT_WRITABLE` when it
  ///   cannot be written
  public static DataFolder open(Path home) {
    Path folder = home.toAbsolutePath().normalize();
    FileChannel channel;
    try {
      Files.createDirectories(folder);
      channel = FileChannel.open(folder.resolve("lock"), CREATE, READ, WRITE);
      probe(folder);
    } catch (IOException e) {
      throw new DataFolderException(
          Reason.NOT_WRITABLE, folder, "The data folder " + folder + " cannot be written.", e);
    }
    FileLock lock;
    try {
      lock = tryLock(channel);
      if (lock == null) {
        String holder = read(channel);
        channel.close();
        throw new DataFolderException(
            Reason.IN_USE,
            folder,
            "The data folder "
                + folder
                + " is already in use by another instance of the workbench"
                + (holder.isEmpty() ? "." : " (process " + holder + ")."));
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(UTF_8)), 0);
    } catch (IOException e) {
      throw new DataFolderException(
          Reason.NOT_WRITABLE, folder, "The data folder " + folder + " cannot be locked.", e);
    }
    return new DataFolder(folder, channel, lock);
  }

  /// A folder may be listed as writable and still refuse a new file (a read-only mount, a full
  /// disk), so one is written.
  private static void probe(Path folder) throws IOException {
    Path probe = Files.createTempFile(folder, ".probe", "");
    Files.delete(probe);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // The other instance runs in this very JVM.
      return null;
    }
  }

  private static String read(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(32);
    channel.read(bytes, 0);
    return new String(bytes.array(), 0, bytes.position(), UTF_8).strip();
  }

  public Path home() {
    return home;
  }

  public Path artifacts() {
    return home.resolve("artifacts");
  }

  Path postgres() {
    return home.resolve("postgres");
  }

  Path password() {
    return home.resolve("postgres.password");
  }

  /// Present only while the server's data are being made for the first time.
  Path unfinished() {
    return home.resolve("postgres.unfinished");
  }

  Path binaries() {
    return home.resolve("binaries");
  }

  /// Gives the folder back. The file stays: deleting it would let two processes lock two files.
  @Override
  public void close() {
    try {
      lock.release();
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
