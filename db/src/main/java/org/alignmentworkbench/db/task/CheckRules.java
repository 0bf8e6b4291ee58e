package org.alignmentworkbench.db.task;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.alignmentworkbench.db.row.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;

/// How projects check their annotators.
public final class CheckRules {
  private static final String FIND =
      """
      select check_percent, repeat_percent, agreement_shown, pass_percent, pass_after, below,
        qualify_count, qualify_percent
      from check_rule
      where project_id = :projectId
      """;
  private static final String SET =
      """
      insert into check_rule (project_id, check_percent, repeat_percent, agreement_shown,
        pass_percent, pass_after, below, qualify_count, qualify_percent, set_by, set_at)
      values (:projectId, :checkPercent, :repeatPercent, :agreementShown, :passPercent, :passAfter,
        :below, :qualifyCount, :qualifyPercent, :personId, :now)
      on conflict (project_id) do update
      set check_percent = excluded.check_percent,
          repeat_percent = excluded.repeat_percent,
          agreement_shown = excluded.agreement_shown,
          pass_percent = excluded.pass_percent,
          pass_after = excluded.pass_after,
          below = excluded.below,
          qualify_count = excluded.qualify_count,
          qualify_percent = excluded.qualify_percent,
          set_by = excluded.set_by,
          set_at = excluded.set_at
      """;

  private final JdbcClient jdbc;

  public CheckRules(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// What holds in a project.
  public CheckRule of(long projectId) {
    return jdbc.sql(FIND)
        .param("projectId", projectId)
        .query((row, number) -> rule(row))
        .optional()
        .orElse(CheckRule.DEFAULT);
  }

  /// Lets another rule hold from now on.
  public void set(long projectId, CheckRule rule, long personId, Instant now) {
    jdbc.sql(SET)
        .param("projectId", projectId)
        .param("checkPercent", rule.checkPercent())
        .param("repeatPercent", rule.repeatPercent())
        .param("agreementShown", rule.agreementShown())
        .param("passPercent", rule.passPercent())
        .param("passAfter", rule.passAfter())
        .param("below", rule.below().name())
        .param("qualifyCount", rule.qualifyCount())
        .param("qualifyPercent", rule.qualifyPercent())
        .param("personId", personId)
        .param("now", Columns.time(now))
        .update();
  }

  private static CheckRule rule(ResultSet row) throws SQLException {
    return new CheckRule(
        row.getInt("check_percent"),
        row.getInt("repeat_percent"),
        row.getBoolean("agreement_shown"),
        row.getInt("pass_percent"),
        row.getInt("pass_after"),
        CheckRule.Below.valueOf(row.getString("below")),
        row.getInt("qualify_count"),
        row.getInt("qualify_percent"));
  }
}
