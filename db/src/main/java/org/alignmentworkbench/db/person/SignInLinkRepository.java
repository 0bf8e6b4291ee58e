package org.alignmentworkbench.db.person;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.alignmentworkbench.db.person.SignInLink.Purpose;
import org.alignmentworkbench.db.row.Columns;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// One-time links: each lets exactly one request in.
public final class SignInLinkRepository {
  private static final String INSERT =
      """
      insert into sign_in_link (token_hash, purpose, person_id, expires_at)
      values (:hash, :purpose, :personId, :expiresAt)
      """;
  private static final String FIND =
      """
      select purpose, person_id, expires_at, used_at
      from sign_in_link
      where token_hash = :hash
      """;
  private static final String USE =
      """
      update sign_in_link
      set used_at = :now
      where token_hash = :hash
        and used_at is null
        and expires_at > :now
      returning purpose, person_id, expires_at, used_at
      """;
  private static final String REVOKE =
      """
      delete from sign_in_link
      where purpose = :purpose
        and used_at is null
      """;
  private static final String REVOKE_OF =
      """
      delete from sign_in_link
      where person_id = :personId
        and used_at is null
      """;

  private final JdbcClient jdbc;

  public SignInLinkRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Keeps the token's hash.
  public void create(
      OneTimeToken token, Purpose purpose, @Nullable Long personId, Instant expiresAt) {
    jdbc.sql(INSERT)
        .param("hash", token.hash())
        .param("purpose", purpose.name())
        .param("personId", personId)
        .param("expiresAt", Columns.time(expiresAt))
        .update();
  }

  /// Looks without using: a link may be opened by a mail scanner before its reader sees it.
  public Optional<SignInLink> find(OneTimeToken token) {
    return jdbc.sql(FIND).param("hash", token.hash()).query(SignInLinkRepository::link).optional();
  }

  /// Uses the link up. Empty when it does not exist, has expired or was used.
  public Optional<SignInLink> use(OneTimeToken token, Instant now) {
    return jdbc.sql(USE)
        .param("hash", token.hash())
        .param("now", Columns.time(now))
        .query(SignInLinkRepository::link)
        .optional();
  }

  /// Withdraws every unused link of a purpose.
  public void revoke(Purpose purpose) {
    jdbc.sql(REVOKE).param("purpose", purpose.name()).update();
  }

  /// Withdraws every unused link of a person.
  public void revokeOf(long personId) {
    jdbc.sql(REVOKE_OF).param("personId", personId).update();
  }

  private static SignInLink link(ResultSet row, int number) throws SQLException {
    return new SignInLink(
        Purpose.valueOf(row.getString("purpose")),
        Columns.longOrNull(row, "person_id"),
        Columns.instant(row, "expires_at"),
        Columns.instantOrNull(row, "used_at"));
  }
}
