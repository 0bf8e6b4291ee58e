package org.alignmentworkbench.db.project;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.alignmentworkbench.db.row.Columns;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Who may see and label which project. The rules themselves are the views `may_see`, `may_label`
/// and `may_take`; this asks them and changes what they read.
///
/// Whatever takes a right away is followed by [#releaseUnallowed] in the same transaction, so that
/// nobody goes on with a slot that they may not label.
public final class MembershipRepository {
  private static final String MAY_SEE =
      """
      select exists (
        select
        from may_see
        where project_id = :projectId
          and person_id = :personId)
      """;
  private static final String MAY_LABEL =
      """
      select exists (
        select
        from may_label
        where project_id = :projectId
          and person_id = :personId)
      """;
  private static final String RUN_SEEN =
      """
      select exists (
        select
        from run r
        join may_see v on v.project_id = r.project_id
        where r.id = :runId
          and v.person_id = :personId)
      """;
  // What no project's model, dataset or run is known by belongs to nobody in particular.
  private static final String HIDDEN =
      """
      with used as (
        select artifact_sha256 as sha256, project_id from model
        where artifact_sha256 = any(:sha256s)
        union
        select artifact_sha256, project_id from dataset
        where artifact_sha256 = any(:sha256s)
        union
        select e.child_sha256, r.project_id
        from artifact_edge e
        join run r on r.id = e.run_id
        where e.child_sha256 = any(:sha256s)
      )
      select u.sha256
      from used u
      left join may_see v on v.project_id = u.project_id and v.person_id = :personId
      group by u.sha256
      having count(v.project_id) = 0
      """;
  private static final String VISIBLE =
      """
      select p.id, p.name, p.seed, p.settings, p.state, p.created_at
      from project p
      join may_see v on v.project_id = p.id and v.person_id = :personId
      order by p.id desc
      """;
  private static final String PROJECT =
      """
      select restricted, quota
      from project
      where id = :projectId
      """;
  private static final String LANGUAGES =
      """
      select language
      from project_language
      where project_id = :projectId
      order by language
      """;
  private static final String PEOPLE =
      """
      select w.id, w.username, w.display_name, w.role, m.quota,
        (
          select count(*)
          from judgement j
          join task t on t.id = j.task_id
          where j.person_id = w.id and t.project_id = m.project_id
        ) as judged,
        exists (
          select from may_label l where l.project_id = m.project_id and l.person_id = w.id) as labels
      from project_person m
      join person w on w.id = m.person_id
      where m.project_id = :projectId
      order by w.username
      """;
  private static final String COHORTS =
      """
      select c.id, c.name,
        (select count(*) from cohort_member m where m.cohort_id = c.id) as members
      from project_cohort p
      join cohort c on c.id = p.cohort_id
      where p.project_id = :projectId
      order by c.name
      """;
  private static final String RESTRICT =
      """
      update project
      set restricted = :restricted,
          quota = :quota
      where id = :projectId
      """;
  private static final String FORGET_LANGUAGES =
      """
      delete from project_language
      where project_id = :projectId
        and language <> all(:languages)
      """;
  private static final String SPEAK =
      """
      insert into project_language (project_id, language)
      select :projectId, language
      from unnest(:languages) as language
      on conflict do nothing
      """;
  private static final String ADD_PERSON =
      """
      insert into project_person (project_id, person_id, quota)
      select :projectId, id, :quota
      from person
      where username = :username
        and not imported
      on conflict (project_id, person_id) do update
      set quota = excluded.quota
      returning person_id
      """;
  private static final String REMOVE_PERSON =
      """
      delete from project_person
      where project_id = :projectId
        and person_id = :personId
      """;
  private static final String ADD_COHORT =
      """
      insert into project_cohort (project_id, cohort_id)
      select :projectId, id
      from cohort
      where id = :cohortId
      on conflict do nothing
      """;
  private static final String REMOVE_COHORT =
      """
      delete from project_cohort
      where project_id = :projectId
        and cohort_id = :cohortId
      """;
  private static final String RELEASE =
      """
      update slot
      set leased_by = null,
          leased_until = null
      where leased_by is not null
        and not exists (
          select
          from may_label m
          where m.project_id = slot.project_id and m.person_id = slot.leased_by)
      """;

  private final JdbcClient jdbc;

  public MembershipRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  public boolean maySee(long projectId, long personId) {
    return jdbc.sql(MAY_SEE)
        .param("projectId", projectId)
        .param("personId", personId)
        .query(Boolean.class)
        .single();
  }

  /// Whether a person may label a project, whatever their quota.
  public boolean mayLabel(long projectId, long personId) {
    return jdbc.sql(MAY_LABEL)
        .param("projectId", projectId)
        .param("personId", personId)
        .query(Boolean.class)
        .single();
  }

  /// Whether a run is of a project that the person may see.
  public boolean maySeeRun(long runId, long personId) {
    return jdbc.sql(RUN_SEEN)
        .param("runId", runId)
        .param("personId", personId)
        .query(Boolean.class)
        .single();
  }

  /// Of these artefacts those that only projects use which the person may not see.
  public Set<String> hidden(Collection<String> sha256s, long personId) {
    return Set.copyOf(
        jdbc.sql(HIDDEN)
            .param("sha256s", sha256s.toArray(String[]::new))
            .param("personId", personId)
            .query((row, number) -> row.getString("sha256"))
            .list());
  }

  /// The projects that a person may see, newest first.
  public List<Project> visible(long personId) {
    return jdbc.sql(VISIBLE).param("personId", personId).query(ProjectRepository::project).list();
  }

  public Membership of(long projectId) {
    record Settings(boolean restricted, @Nullable Integer quota) {}
    Settings settings =
        jdbc.sql(PROJECT)
            .param("projectId", projectId)
            .query((row, number) ->
                new Settings(row.getBoolean("restricted"), Columns.intOrNull(row, "quota")))
            .single();
    return new Membership(
        settings.restricted(),
        settings.quota(),
        jdbc.sql(LANGUAGES)
            .param("projectId", projectId)
            .query((row, number) -> row.getString("language"))
            .list(),
        jdbc.sql(PEOPLE)
            .param("projectId", projectId)
            .query((row, number) ->
                new Membership.Member(
                    row.getLong("id"),
                    row.getString("username"),
                    row.getString("display_name"),
                    row.getString("role"),
                    Columns.intOrNull(row, "quota"),
                    row.getLong("judged"),
                    row.getBoolean("labels")))
            .list(),
        jdbc.sql(COHORTS)
            .param("projectId", projectId)
            .query((row, number) ->
                new Membership.Group(
                    row.getLong("id"), row.getString("name"), row.getInt("members")))
            .list());
  }

  /// @param languages BCP 47 tags in lower case
  public void set(
      long projectId, boolean restricted, @Nullable Integer quota, List<String> languages) {
    jdbc.sql(RESTRICT)
        .param("projectId", projectId)
        .param("restricted", restricted)
        .param("quota", quota)
        .update();
    String[] tags = languages.toArray(String[]::new);
    jdbc.sql(FORGET_LANGUAGES).param("projectId", projectId).param("languages", tags).update();
    jdbc.sql(SPEAK).param("projectId", projectId).param("languages", tags).update();
  }

  /// Adds a person, or changes their quota.
  ///
  /// @return their number; empty when nobody has this user name
  public Optional<Long> addPerson(long projectId, String username, @Nullable Integer quota) {
    return jdbc.sql(ADD_PERSON)
        .param("projectId", projectId)
        .param("username", username)
        .param("quota", quota)
        .query(Long.class)
        .optional();
  }

  /// False when they did not belong to it by name.
  public boolean removePerson(long projectId, long personId) {
    return jdbc.sql(REMOVE_PERSON)
            .param("projectId", projectId)
            .param("personId", personId)
            .update()
        == 1;
  }

  /// False when there is no such cohort or when it belongs to the project already.
  public boolean addCohort(long projectId, long cohortId) {
    return jdbc.sql(ADD_COHORT).param("projectId", projectId).param("cohortId", cohortId).update()
        == 1;
  }

  /// False when it did not belong to the project.
  public boolean removeCohort(long projectId, long cohortId) {
    return jdbc.sql(REMOVE_COHORT)
            .param("projectId", projectId)
            .param("cohortId", cohortId)
            .update()
        == 1;
  }

  /// Takes slots from the hands of people who may not label them any more; their drafts stay.
  public int releaseUnallowed() {
    return jdbc.sql(RELEASE).update();
  }
}
