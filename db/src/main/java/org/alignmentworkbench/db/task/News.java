package org.alignmentworkbench.db.task;

import java.time.Instant;
import java.util.List;
import org.alignmentworkbench.db.row.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Whether there is work for somebody whose desk is empty. Asked again and again by pages that
/// wait, so it looks for one slot of a project and counts nothing.
public final class News {
  // As a claim would find it.
  private static final String WITH_WORK =
      """
      select p.id
      from project p
      join may_take m on m.project_id = p.id and m.person_id = :personId
      where p.state = 'ACTIVE'
        and exists (
          select from slot free
          where free.project_id = p.id
            and not free.done
            and (free.dealt_to is null or free.dealt_to = :personId)
            and (free.leased_until is null
              or free.leased_until < :now
              or free.leased_by = :personId)
            and (free.purpose = 'REPEAT' or not exists (
              select from judgement j
              where j.task_id = free.task_id and j.person_id = :personId))
            and (free.purpose <> 'WORK' or not exists (
              select from slot check_of_theirs
              where check_of_theirs.dealt_to = :personId
                and check_of_theirs.task_id = free.task_id
                and check_of_theirs.purpose <> 'REPEAT'))
            and not exists (
              select from skip k
              where k.task_id = free.task_id and k.person_id = :personId)
            and (free.language is null
              or not exists (
                select from person_language s where s.person_id = :personId)
              or exists (
                select from person_language s
                where s.person_id = :personId
                  and (s.language = free.language or free.language like s.language || '-%')))
            and not exists (
              select from withdrawn_judgement w
              where w.task_id = free.task_id and w.person_id = :personId and w.why = 'LEAD'))
      order by p.id desc
      """;

  private final JdbcClient jdbc;
  private final Admissions admissions;

  public News(JdbcClient jdbc) {
    this.jdbc = jdbc;
    this.admissions = new Admissions(jdbc);
  }

  /// Whether this person would be dealt something now, in any project that is theirs to label.
  public boolean waiting(long personId, Instant now) {
    List<Long> projects =
        jdbc.sql(WITH_WORK)
            .param("personId", personId)
            .param("now", Columns.time(now))
            .query((row, number) -> row.getLong("id"))
            .list();
    return projects.stream()
        .anyMatch(project ->
            switch (admissions.of(project, personId)) {
              case Admission.Admitted _, Admission.Qualifying _ -> true;
              case Admission.NotQualified _, Admission.Stopped _ -> false;
            });
  }
}
