package org.alignmentworkbench.db.person;

import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Cohorts and who is in them.
public final class CohortRepository {
  private static final String ALL =
      """
      select c.id, c.name, (select count(*) from cohort_member m where m.cohort_id = c.id) as members
      from cohort c
      order by c.name
      """;
  // The update changes nothing; it makes the row come back that was there already.
  private static final String NAMED =
      """
      insert into cohort (name)
      values (:name)
      on conflict (name) do update
      set name = excluded.name
      returning id
      """;

  // Whoever could change a cohort could let themselves into each of its projects.
  private static final String MAY_CHANGE =
      """
      select not exists (
        select
        from project_cohort p
        where p.cohort_id = :cohortId
          and not exists (
            select
            from may_see v
            where v.project_id = p.project_id and v.person_id = :personId))
      """;
  private static final String FIND_NAMED =
      """
      select id
      from cohort
      where name = :name
      """;
  private static final String MEMBERS =
      """
      select w.id, w.username, w.display_name
      from cohort_member m
      join person w on w.id = m.person_id
      where m.cohort_id = :cohortId
      order by w.username
      """;
  private static final String ADD =
      """
      insert into cohort_member (cohort_id, person_id)
      select c.id, w.id
      from cohort c
      join person w on w.username = :username and not w.imported
      where c.id = :cohortId
      on conflict do nothing
      returning person_id
      """;
  private static final String REMOVE =
      """
      delete from cohort_member
      where cohort_id = :cohortId
        and person_id = :personId
      """;

  private final JdbcClient jdbc;

  public CohortRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Somebody in a cohort.
  public record Member(long personId, String username, String displayName) {}

  /// By name.
  public List<Cohort> all() {
    return jdbc.sql(ALL)
        .query((row, number) ->
            new Cohort(row.getLong("id"), row.getString("name"), row.getInt("members")))
        .list();
  }

  /// The cohort of a name, made where there is none.
  public long named(String name) {
    return jdbc.sql(NAMED).param("name", name).query(Long.class).single();
  }

  public Optional<Long> find(String name) {
    return jdbc.sql(FIND_NAMED).param("name", name).query(Long.class).optional();
  }

  /// Whether a person may put people into a cohort and take them out: only who sees each of its
  /// projects.
  public boolean mayChange(long cohortId, long personId) {
    return jdbc.sql(MAY_CHANGE)
        .param("cohortId", cohortId)
        .param("personId", personId)
        .query(Boolean.class)
        .single();
  }

  /// By user name.
  public List<Member> members(long cohortId) {
    return jdbc.sql(MEMBERS)
        .param("cohortId", cohortId)
        .query((row, number) ->
            new Member(row.getLong("id"), row.getString("username"), row.getString("display_name")))
        .list();
  }

  /// Empty when there is no such cohort or person, or when they are in it already.
  public Optional<Long> add(long cohortId, String username) {
    return jdbc.sql(ADD)
        .param("cohortId", cohortId)
        .param("username", username)
        .query(Long.class)
        .optional();
  }

  /// False when they were not in it.
  public boolean remove(long cohortId, long personId) {
    return jdbc.sql(REMOVE).param("cohortId", cohortId).param("personId", personId).update() == 1;
  }
}
