package org.alignmentworkbench.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.alignmentworkbench.app.remote.JudgementDesk.ExportAnswer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// A file that a command takes out of the server on the data folder.
///
/// @param what it holds, in the plural
/// @param to where it is wanted; null for the name that the server gives it
/// @param withdrawn whether it holds what was withdrawn too
/// @param json whether what was written is told as JSON
record TakenOut(String what, @Nullable Path to, boolean withdrawn, boolean json) {
  /// Asks for it, copies it and tells of it; nothing is asked for where a file would be
  /// overwritten.
  int keep(ServerAtHome.Question<ExportAnswer> export) throws IOException, InterruptedException {
    if (to != null) {
      free(to);
    }
    ExportAnswer answer = ServerAtHome.ask(export);
    Path target = to == null ? Path.of(answer.name()) : to;
    free(target);
    Files.copy(Path.of(answer.path()), target);
    System.out.println(
        json
            ? JsonMapper.shared().writeValueAsString(answer)
            : String.format(
                Locale.ROOT,
                "%s: %,d %s, %,d skips%s, %,d bytes%nSHA-256 %s, which './workbench lineage'"
                    + " traces",
                target,
                answer.judged(),
                what,
                answer.skipped(),
                withdrawn ? String.format(Locale.ROOT, ", %,d withdrawn", answer.withdrawn()) : "",
                answer.bytes(),
                answer.sha256()));
    return 0;
  }

  private static void free(Path file) {
    if (Files.exists(file)) {
      throw new CommandRefused(file + " exists already");
    }
  }
}
