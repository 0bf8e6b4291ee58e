package org.alignmentworkbench.app.remote;

import java.io.IOException;
import java.nio.file.Path;
import org.alignmentworkbench.app.backup.BackupWriter;
import org.springframework.stereotype.Component;

/// Writes backups for commands on this machine.
@Component
public final class BackupDesk {
  private final BackupWriter writer;

  BackupDesk(BackupWriter writer) {
    this.writer = writer;
  }

  /// Where a backup is wanted.
  ///
  /// @param file a path on this machine; nothing may be there
  public record Order(String file) {}

  /// Writes one.
  ///
  /// @throws IllegalArgumentException with a sentence that names what cannot be
  BackupWriter.Written write(Order order) {
    try {
      return writer.write(Path.of(order.file()));
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot write " + order.file() + ": " + e.getMessage(), e);
    }
  }
}
