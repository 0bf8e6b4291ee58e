package org.alignmentworkbench.db.exchange;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A file of pairs or judgements that was brought in.
///
/// @param overlap judgements wanted of a pair that nobody has judged
/// @param strength of a preference that says no strength
/// @param displayName who brought it; null for a command on the server's own machine
/// @param counts what it came to; null until then, and for a file that was refused as a whole
/// @param refusalsSha256 the list of what was left out; null for none
/// @param fault why the whole file was refused; null unless it was
/// @param columns what it calls the parts of a preference
public record JudgementImportRow(
    long id,
    long projectId,
    String fileName,
    String fileSha256,
    Purpose purpose,
    int overlap,
    int strength,
    boolean dryRun,
    @Nullable String displayName,
    @Nullable Long runId,
    Instant createdAt,
    State state,
    @Nullable ImportCounts counts,
    @Nullable String refusalsSha256,
    @Nullable String fault,
    JudgementImports.ColumnNames columns) {

  /// What is taken from a file.
  public enum Purpose {
    /// Pairs to be judged here; what the file says of them is left aside.
    PAIRS,
    /// Judgements; pairs without one are to be judged here.
    JUDGEMENTS
  }

  /// How far it is.
  public enum State {
    WAITING,
    TAKEN,
    /// A dry run that has ended.
    TRIED,
    /// Nothing of the file can be used.
    REFUSED,
    /// Its run failed or was stopped; restarted, it goes on.
    BROKEN
  }
}
