package org.alignmentworkbench.db.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.alignmentworkbench.db.row.Columns;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The audit trail: written and read, never changed; the database refuses anything else. A subject
/// `person #17` is shown by the name that person has now.
public final class AuditRepository {
  private static final String INSERT =
      """
      insert into audit_event (person_id, action, subject, detail)
      values (:personId, :action, :subject, :detail::jsonb)
      """;
  private static final String BEFORE =
      """
      select e.id, e.at, e.person_id, p.username, e.action,
        coalesce('person ' || s.username, e.subject) as subject, e.detail
      from audit_event e
      left join person p on p.id = e.person_id
      left join person s on s.id::text = substring(e.subject from '^person #([0-9]{1,18})$')
      where e.id < :before
      order by e.id desc
      limit :limit
      """;

  private final JdbcClient jdbc;

  public AuditRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// @param detail a JSON object
  public void record(@Nullable Long personId, String action, String subject, String detail) {
    jdbc.sql(INSERT)
        .param("personId", personId)
        .param("action", action)
        .param("subject", subject)
        .param("detail", detail)
        .update();
  }

  public List<AuditEvent> latest(int limit) {
    return before(Long.MAX_VALUE, limit);
  }

  /// The page of events older than one, newest first.
  public List<AuditEvent> before(long id, int limit) {
    return jdbc.sql(BEFORE)
        .param("before", id)
        .param("limit", limit)
        .query(AuditRepository::event)
        .list();
  }

  private static AuditEvent event(ResultSet row, int number) throws SQLException {
    return new AuditEvent(
        row.getLong("id"),
        Columns.instant(row, "at"),
        Columns.longOrNull(row, "person_id"),
        row.getString("username"),
        row.getString("action"),
        row.getString("subject"),
        row.getString("detail"));
  }
}
