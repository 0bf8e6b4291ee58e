package org.alignmentworkbench.db.server;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The data folder cannot be used. The message is one sentence for the person who started the
/// program; nothing in the folder was changed.
public final class DataFolderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Why the folder cannot be used.
  public enum Reason {
    /// Another instance of the workbench holds the lock.
    IN_USE,
    /// The folder cannot be made or written.
    NOT_WRITABLE,
    /// What lies in the folder does not fit together.
    DAMAGED,
    /// The database server in the folder did not start or stop.
    SERVER
  }

  private final Reason reason;
  private final transient @Nullable Path folder;

  DataFolderException(Reason reason, Path folder, String sentence) {
    super(sentence);
    this.reason = reason;
    this.folder = folder;
  }

  DataFolderException(Reason reason, Path folder, String sentence, Throwable cause) {
    super(sentence, cause);
    this.reason = reason;
    this.folder = folder;
  }

  public Reason reason() {
    return reason;
  }

  /// The folder meant, or null after the exception itself was serialised.
  public @Nullable Path folder() {
    return folder;
  }
}
