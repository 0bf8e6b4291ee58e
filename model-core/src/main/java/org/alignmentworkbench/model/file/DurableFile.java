package org.alignmentworkbench.model.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/// Replaces a file in one step: the content goes to a temporary sibling, is forced to the disk, and
/// takes the name by an atomic rename. A reader, or a start after a crash, sees the old file or the
/// new one, never a part.
public final class DurableFile {
  private static final AtomicLong WRITES = new AtomicLong();

  private DurableFile() {}

  /// What writes the bytes of a file.
  @FunctionalInterface
  public interface Content {
    /// Writes all bytes to `out`, which the caller closes.
    void writeTo(OutputStream out) throws IOException;
  }

  /// Writes `content` to `target`; parent folders are made. When `content` throws, `target` stays
  /// as it was and nothing is left beside it.
  public static void write(Path target, Content content) throws IOException {
    Path absolute = target.toAbsolutePath();
    Path folder = absolute.getParent();
    Path name = absolute.getFileName();
    if (folder == null || name == null) {
      throw new IllegalArgumentException("a file needs a name, was " + target);
    }
    Files.createDirectories(folder);
    Path part =
        folder.resolve(
            "."
                + name
                + "."
                + ProcessHandle.current().pid()
                + "-"
                + WRITES.incrementAndGet()
                + "~");
    try {
      // Not Files.createTempFile: its permissions (0600) would survive the rename.
      try (FileChannel channel =
          FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        content.writeTo(out);
        out.flush();
        channel.force(true);
      }
      Files.move(part, absolute, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
    forceFolder(folder);
  }

  /// Writes `text` in UTF-8.
  public static void writeText(Path target, String text) throws IOException {
    write(target, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /// Forces the entries of a folder to the disk, so that a rename in it survives a power cut.
  public static void forceFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
