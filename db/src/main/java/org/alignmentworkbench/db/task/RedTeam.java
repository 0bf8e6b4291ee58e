package org.alignmentworkbench.db.task;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.alignmentworkbench.db.kind.Harm;
import org.alignmentworkbench.db.row.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What red-team tasks have besides other work: what was asked of the model so far, and the kinds
/// of harm that people keep away from.
///
/// Who opts out of a kind of harm skips its tasks, those that are there and those that come. Opting
/// in again takes those skips back.
public final class RedTeam {
  /// The reason of a skip that nobody gave by hand.
  public static final String OPTED_OUT = "optedOut";

  private static final String TARGET =
      """
      select u.model_id
      from slot s
      join task t on t.id = s.task_id
      join labelling_setup u on u.id = t.setup_id
      where s.id = :slotId
        and s.leased_by = :personId
        and t.kind = 'RED_TEAM'
      """;
  private static final String ADD =
      """
      insert into red_team_attempt (task_id, person_id, model_id, prompt, response, at)
      select s.task_id, :personId, u.model_id, :prompt, :response, :now
      from slot s
      join task t on t.id = s.task_id
      join labelling_setup u on u.id = t.setup_id
      where s.id = :slotId
        and s.leased_by = :personId
        and t.kind = 'RED_TEAM'
      """;
  private static final String OF_SLOT =
      """
      select a.id, a.prompt, a.response
      from red_team_attempt a
      join slot s on s.task_id = a.task_id
      where s.id = :slotId
        and a.person_id = :personId
      order by a.id desc
      """;
  private static final String SINCE =
      """
      select count(*)
      from red_team_attempt
      where person_id = :personId
        and at > :since
      """;
  private static final String OPTED =
      """
      select harm
      from harm_opt_out
      where person_id = :personId
      """;
  private static final String OPT_OUT =
      """
      insert into harm_opt_out (person_id, harm, since)
      values (:personId, :harm, :now)
      on conflict (person_id, harm) do nothing
      """;
  private static final String SKIP_THEIRS =
      """
      insert into skip (task_id, person_id, reason)
      select t.id, :personId, :reason
      from task t
      join labelling_setup u on u.id = t.setup_id
      where t.kind = 'RED_TEAM'
        and u.question ->> 'harm' = :harm
        and not exists (
          select from judgement j
          where j.task_id = t.id and j.person_id = :personId)
      on conflict (task_id, person_id) do nothing
      """;
  private static final String RELEASE_THEIRS =
      """
      update slot
      set leased_by = null,
          leased_until = null
      from task t
      join labelling_setup u on u.id = t.setup_id
      where slot.task_id = t.id
        and slot.leased_by = :personId
        and t.kind = 'RED_TEAM'
        and u.question ->> 'harm' = :harm
      """;
  private static final String OPT_IN =
      """
      delete from harm_opt_out
      where person_id = :personId
        and harm = :harm
      """;
  private static final String TAKE_BACK =
      """
      delete from skip
      using task t, labelling_setup u
      where skip.task_id = t.id
        and u.id = t.setup_id
        and skip.person_id = :personId
        and skip.reason = :reason
        and u.question ->> 'harm' = :harm
      """;

  private final JdbcClient jdbc;

  public RedTeam(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Something that was asked, and what the model answered.
  public record Attempt(long id, String prompt, String response) {}

  /// The model that a slot's task is about, if this person holds it and it is such a task.
  public Optional<Long> target(long slotId, long personId) {
    return jdbc.sql(TARGET)
        .param("slotId", slotId)
        .param("personId", personId)
        .query((row, number) -> row.getLong("model_id"))
        .optional();
  }

  /// Keeps an attempt. False when the slot is not theirs any more.
  public boolean add(long slotId, long personId, String prompt, String response, Instant now) {
    return jdbc.sql(ADD)
            .param("slotId", slotId)
            .param("personId", personId)
            .param("prompt", prompt.replace("\0", ""))
            .param("response", response.replace('\0', '\uFFFD'))
            .param("now", Columns.time(now))
            .update()
        == 1;
  }

  /// A person's attempts at a slot's task, the newest first.
  public List<Attempt> of(long slotId, long personId) {
    return jdbc.sql(OF_SLOT)
        .param("slotId", slotId)
        .param("personId", personId)
        .query(RedTeam::attempt)
        .list();
  }

  /// How often a person has asked since then.
  public long attempts(long personId, Instant since) {
    return jdbc.sql(SINCE)
        .param("personId", personId)
        .param("since", Columns.time(since))
        .query((row, number) -> row.getLong(1))
        .single();
  }

  /// What a person keeps away from.
  public Set<Harm> optedOut(long personId) {
    Set<Harm> harms = EnumSet.noneOf(Harm.class);
    harms.addAll(
        jdbc.sql(OPTED)
            .param("personId", personId)
            .query((row, number) -> Harm.valueOf(row.getString("harm")))
            .list());
    return harms;
  }

  /// Sets what a person keeps away from. Each kind is a change of its own, and the same wish again
  /// completes one that broke off.
  public void keepAway(long personId, Set<Harm> harms, Instant now) {
    for (Harm harm : Harm.values()) {
      if (harms.contains(harm)) {
        jdbc.sql(OPT_OUT)
            .param("personId", personId)
            .param("harm", harm.name())
            .param("now", Columns.time(now))
            .update();
        change(SKIP_THEIRS, personId, harm, true);
        change(RELEASE_THEIRS, personId, harm, false);
      } else {
        change(OPT_IN, personId, harm, false);
        change(TAKE_BACK, personId, harm, true);
      }
    }
  }

  private void change(String statement, long personId, Harm harm, boolean reason) {
    JdbcClient.StatementSpec spec =
        jdbc.sql(statement).param("personId", personId).param("harm", harm.name());
    (reason ? spec.param("reason", OPTED_OUT) : spec).update();
  }

  private static Attempt attempt(ResultSet row, int number) throws SQLException {
    return new Attempt(row.getLong("id"), row.getString("prompt"), row.getString("response"));
  }
}
