package org.alignmentworkbench.db.person;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.alignmentworkbench.db.row.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Personal API tokens by the hash of their secret.
public final class ApiTokenRepository {
  private static final String INSERT =
      """
      insert into api_token (person_id, name, token_hash, ending, scopes, created_at, expires_at)
      values (:personId, :name, :hash, :ending, :scopes, :now, :expiresAt)
      returning id, person_id, name, scopes, ending, created_at, expires_at, last_used_at,
        revoked_at
      """;
  private static final String FIND =
      """
      select id, person_id, name, scopes, ending, created_at, expires_at, last_used_at, revoked_at
      from api_token
      where token_hash = :hash
      """;
  private static final String OF_PERSON =
      """
      select id, person_id, name, scopes, ending, created_at, expires_at, last_used_at, revoked_at
      from api_token
      where person_id = :personId
      order by id desc
      limit :limit
      """;
  private static final String COUNT_USABLE =
      """
      select count(*)
      from api_token
      where person_id = :personId
        and revoked_at is null
        and expires_at > :now
      """;
  // A write for each request would make every reading program a writing one.
  private static final String TOUCH =
      """
      update api_token
      set last_used_at = :now
      where id = :id
        and (last_used_at is null or last_used_at < :before)
      """;
  private static final String REVOKE =
      """
      update api_token
      set revoked_at = :now
      where id = :id
        and person_id = :personId
        and revoked_at is null
      """;
  private static final String REVOKE_ALL =
      """
      update api_token
      set revoked_at = :now
      where person_id = :personId
        and revoked_at is null
      """;

  /// How exactly the last use is known.
  private static final Duration EXACT = Duration.ofMinutes(1);

  private final JdbcClient jdbc;

  public ApiTokenRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Keeps a token's hash.
  public ApiToken create(
      ApiSecret secret,
      long personId,
      String name,
      Set<Scope> scopes,
      Instant now,
      Instant expiresAt) {
    return jdbc.sql(INSERT)
        .param("personId", personId)
        .param("name", name)
        .param("hash", secret.hash())
        .param("ending", secret.ending())
        .param("scopes", scopes.stream().map(Enum::name).sorted().toArray(String[]::new))
        .param("now", Columns.time(now))
        .param("expiresAt", Columns.time(expiresAt))
        .query(ApiTokenRepository::token)
        .single();
  }

  /// The token of a secret, whether usable or not.
  public Optional<ApiToken> find(ApiSecret secret) {
    return jdbc.sql(FIND).param("hash", secret.hash()).query(ApiTokenRepository::token).optional();
  }

  /// Newest first, those that open nothing any more included.
  public List<ApiToken> ofPerson(long personId, int limit) {
    return jdbc.sql(OF_PERSON)
        .param("personId", personId)
        .param("limit", limit)
        .query(ApiTokenRepository::token)
        .list();
  }

  public long countUsable(long personId, Instant now) {
    return jdbc.sql(COUNT_USABLE)
        .param("personId", personId)
        .param("now", Columns.time(now))
        .query(Long.class)
        .single();
  }

  /// Notes that a token was used, to the minute.
  public void touch(long id, Instant now) {
    jdbc.sql(TOUCH)
        .param("id", id)
        .param("now", Columns.time(now))
        .param("before", Columns.time(now.minus(EXACT)))
        .update();
  }

  /// Takes a token of this person back. False when they have none of that number, or had taken it
  /// back before.
  public boolean revoke(long id, long personId, Instant now) {
    return jdbc.sql(REVOKE)
            .param("id", id)
            .param("personId", personId)
            .param("now", Columns.time(now))
            .update()
        == 1;
  }

  /// Takes all tokens of a person back.
  public void revokeAll(long personId, Instant now) {
    jdbc.sql(REVOKE_ALL).param("personId", personId).param("now", Columns.time(now)).update();
  }

  private static ApiToken token(ResultSet row, int number) throws SQLException {
    return new ApiToken(
        row.getLong("id"),
        row.getLong("person_id"),
        row.getString("name"),
        Arrays.stream((String[]) row.getArray("scopes").getArray())
            .map(Scope::valueOf)
            .collect(Collectors.toUnmodifiableSet()),
        row.getString("ending"),
        Columns.instant(row, "created_at"),
        Columns.instant(row, "expires_at"),
        Columns.instantOrNull(row, "last_used_at"),
        Columns.instantOrNull(row, "revoked_at"));
  }
}
