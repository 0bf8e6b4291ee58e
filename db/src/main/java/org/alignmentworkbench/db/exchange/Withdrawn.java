package org.alignmentworkbench.db.exchange;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.alignmentworkbench.db.row.Columns;
import org.jspecify.annotations.Nullable;

/// Why a judgement counts no more.
///
/// @param id of the judgement, which its slot's next one does not have
/// @param at when it was withdrawn
/// @param by the name of whoever did: a lead, or whoever had judged
/// @param why `lead` or `undo`
/// @param note what the lead said of it; empty where nothing was said
public record Withdrawn(long id, Instant at, String by, String why, String note) {
  /// Of the columns `withdrawn_id`, `withdrawn_at`, `withdrawn_by`, `withdrawn_why` and
  /// `withdrawn_note`; null where the judgement counts.
  static @Nullable Withdrawn orNull(ResultSet row) throws SQLException {
    @Nullable Long id = Columns.longOrNull(row, "withdrawn_id");
    return id == null
        ? null
        : new Withdrawn(
            id,
            Columns.instant(row, "withdrawn_at"),
            row.getString("withdrawn_by"),
            row.getString("withdrawn_why"),
            row.getString("withdrawn_note"));
  }
}
