package org.alignmentworkbench.db.person;

import java.util.List;
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

  private final JdbcClient jdbc;

  public CohortRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

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
}
