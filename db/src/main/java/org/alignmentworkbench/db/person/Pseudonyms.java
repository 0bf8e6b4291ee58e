package org.alignmentworkbench.db.person;

import java.time.Instant;
import org.alignmentworkbench.db.row.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Takes a person's names away and leaves their judgements. Whoever calls this does it in a
/// transaction.
public final class Pseudonyms {
  // The last active administrator stays, as in PersonRepository.
  private static final String RENAME =
      """
      with admins as (
        select id
        from person
        where role = 'ADMIN' and active
        order by id
        for update
      )
      update person
      set username = :pseudonym,
          display_name = :pseudonym,
          password_hash = null,
          active = false,
          pseudonymised_at = :now
      where id = :id
        and pseudonymised_at is null
        and (not exists (select from admins where admins.id = person.id)
          or (select count(*) from admins) > 1)
      """;
  private static final String FORGET =
      """
      with links as (
        delete from sign_in_link
        where person_id = :id
      ), identities as (
        delete from person_identity
        where person_id = :id
      ), languages as (
        delete from person_language
        where person_id = :id
      ), cohorts as (
        delete from cohort_member
        where person_id = :id
      ), projects as (
        delete from project_person
        where person_id = :id
      ), drafts as (
        delete from draft
        where person_id = :id
      ), tokens as (
        update api_token
        set name = '-',
            revoked_at = coalesce(revoked_at, :now)
        where person_id = :id
      ), requests as (
        delete from once_request
        where person_id = :id
      ), notes as (
        update invitation
        set for_whom = ''
        where person_id = :id
      )
      update slot
      set leased_by = null,
          leased_until = null
      where leased_by = :id
      """;

  private final JdbcClient jdbc;

  public Pseudonyms(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Names a person anew, closes their account and forgets what belonged to it. False when there is
  /// no such person, when their names are gone already, or when the last active administrator would
  /// go.
  public boolean replace(long personId, String pseudonym, Instant now) {
    boolean renamed =
        jdbc.sql(RENAME)
                .param("id", personId)
                .param("pseudonym", pseudonym)
                .param("now", Columns.time(now))
                .update()
            == 1;
    if (renamed) {
      jdbc.sql(FORGET).param("id", personId).param("now", Columns.time(now)).update();
    }
    return renamed;
  }
}
