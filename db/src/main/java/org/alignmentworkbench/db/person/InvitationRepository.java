package org.alignmentworkbench.db.person;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.alignmentworkbench.db.row.Columns;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Invitations: each makes at most one account.
public final class InvitationRepository {
  private static final String INSERT =
      """
      insert into invitation (token_hash, for_whom, role, project_id, cohort_id, invited_by,
        created_at, expires_at)
      values (:hash, :forWhom, :role, :projectId, :cohortId, :invitedBy, :now, :expiresAt)
      returning id
      """;
  private static final String SELECT =
      """
      select i.id, i.for_whom, i.role, i.project_id, p.name as project, i.cohort_id,
        c.name as cohort, i.invited_by, b.username as inviter, i.created_at, i.expires_at,
        i.revoked_at, i.used_at, w.username
      from invitation i
      join person b on b.id = i.invited_by
      left join project p on p.id = i.project_id
      left join cohort c on c.id = i.cohort_id
      left join person w on w.id = i.person_id
      """;
  private static final String FIND =
      SELECT
          + """
          where i.token_hash = :hash
          """;
  private static final String LATEST =
      SELECT
          + """
          where i.invited_by = coalesce(:invitedBy::bigint, i.invited_by)
            and i.id < :before
          order by i.id desc
          limit :limit
          """;
  // Whoever comes second waits for the row, and then finds it used.
  private static final String USE =
      """
      with used as (
        update invitation
        set used_at = :now,
            person_id = :personId
        where token_hash = :hash
          and used_at is null
          and revoked_at is null
          and expires_at > :now
        returning project_id, cohort_id, person_id
      ), into_project as (
        insert into project_person (project_id, person_id)
        select project_id, person_id
        from used
        where project_id is not null
      ), into_cohort as (
        insert into cohort_member (cohort_id, person_id)
        select cohort_id, person_id
        from used
        where cohort_id is not null
      )
      select count(*) as used
      from used
      """;
  private static final String REVOKE =
      """
      update invitation
      set revoked_at = :now
      where id = :id
        and invited_by = coalesce(:invitedBy::bigint, invited_by)
        and used_at is null
        and revoked_at is null
      """;

  private final JdbcClient jdbc;

  public InvitationRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Keeps the token's hash.
  ///
  /// @return the invitation's number
  public long create(OneTimeToken token, Invitation.Wish wish, Instant now) {
    return jdbc.sql(INSERT)
        .param("hash", token.hash())
        .param("forWhom", wish.forWhom())
        .param("role", wish.role().name())
        .param("projectId", wish.projectId())
        .param("cohortId", wish.cohortId())
        .param("invitedBy", wish.invitedBy())
        .param("now", Columns.time(now))
        .param("expiresAt", Columns.time(wish.expiresAt()))
        .query(Long.class)
        .single();
  }

  /// Looks without using.
  public Optional<Invitation> find(OneTimeToken token) {
    return jdbc.sql(FIND)
        .param("hash", token.hash())
        .query(InvitationRepository::invitation)
        .optional();
  }

  /// The newest first.
  ///
  /// @param invitedBy whose, or null for everybody's
  /// @param before only those of lower number
  public List<Invitation> latest(@Nullable Long invitedBy, long before, int limit) {
    return jdbc.sql(LATEST)
        .param("invitedBy", invitedBy)
        .param("before", before)
        .param("limit", limit)
        .query(InvitationRepository::invitation)
        .list();
  }

  /// Uses an invitation up for a person who was just made, and puts them into its project and
  /// cohort. False when it does not exist, has expired, was used or taken back.
  public boolean use(OneTimeToken token, long personId, Instant now) {
    return jdbc.sql(USE)
            .param("hash", token.hash())
            .param("personId", personId)
            .param("now", Columns.time(now))
            .query((row, number) -> row.getLong("used"))
            .single()
        == 1;
  }

  /// Takes an invitation back. False when there is no open one of this number, or when it is
  /// another's.
  ///
  /// @param invitedBy whose it must be, or null for anybody's
  public boolean revoke(long id, @Nullable Long invitedBy, Instant now) {
    return jdbc.sql(REVOKE)
            .param("id", id)
            .param("invitedBy", invitedBy)
            .param("now", Columns.time(now))
            .update()
        == 1;
  }

  private static Invitation invitation(ResultSet row, int number) throws SQLException {
    return new Invitation(
        row.getLong("id"),
        row.getString("for_whom"),
        Role.valueOf(row.getString("role")),
        Columns.longOrNull(row, "project_id"),
        row.getString("project"),
        Columns.longOrNull(row, "cohort_id"),
        row.getString("cohort"),
        row.getLong("invited_by"),
        row.getString("inviter"),
        Columns.instant(row, "created_at"),
        Columns.instant(row, "expires_at"),
        Columns.instantOrNull(row, "revoked_at"),
        Columns.instantOrNull(row, "used_at"),
        row.getString("username"));
  }
}
