package org.alignmentworkbench.db.person;

import java.time.Instant;
import java.util.Optional;
import org.alignmentworkbench.db.row.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Who people are to providers of sign-ins: by issuer and subject, never by a name or an address
/// that somebody else may carry one day.
public final class IdentityRepository {
  private static final String FIND =
      """
      select person_id
      from person_identity
      where issuer = :issuer
        and subject = :subject
      """;
  private static final String LINKED =
      """
      select exists (
        select
        from person_identity
        where issuer = :issuer
          and person_id = :personId)
      """;
  private static final String LINK =
      """
      insert into person_identity (issuer, subject, person_id, linked_at)
      values (:issuer, :subject, :personId, :now)
      on conflict do nothing
      """;
  private static final String UNLINK =
      """
      delete from person_identity
      where issuer = :issuer
        and person_id = :personId
      """;

  private static final String UNLINK_ALL =
      """
      delete from person_identity
      where person_id = :personId
      """;

  private final JdbcClient jdbc;

  public IdentityRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Whose subject it is.
  public Optional<Long> find(String issuer, String subject) {
    return jdbc.sql(FIND)
        .param("issuer", issuer)
        .param("subject", subject)
        .query(Long.class)
        .optional();
  }

  /// Whether a person has a subject of an issuer.
  public boolean linked(String issuer, long personId) {
    return jdbc.sql(LINKED)
        .param("issuer", issuer)
        .param("personId", personId)
        .query(Boolean.class)
        .single();
  }

  /// False when the subject is somebody's already, or the person has another one.
  public boolean link(String issuer, String subject, long personId, Instant now) {
    return jdbc.sql(LINK)
            .param("issuer", issuer)
            .param("subject", subject)
            .param("personId", personId)
            .param("now", Columns.time(now))
            .update()
        == 1;
  }

  /// Takes every subject of every issuer from a person.
  public void unlinkAll(long personId) {
    jdbc.sql(UNLINK_ALL).param("personId", personId).update();
  }

  public boolean unlink(String issuer, long personId) {
    return jdbc.sql(UNLINK).param("issuer", issuer).param("personId", personId).update() == 1;
  }
}
