package org.alignmentworkbench.db.committee;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The elections of the teacher committee.
public final class CommitteeRepository {
  private static final String UPSERT =
      """
      insert into committee_seat (project_id, round, model_id, family, reward, pass_rate, elected)
      values (:projectId, :round, :modelId, :family, :reward, :passRate, :elected)
      on conflict (project_id, round, model_id) do update
      set family = excluded.family,
          reward = excluded.reward,
          pass_rate = excluded.pass_rate,
          elected = excluded.elected
      """;
  private static final String OF_ROUND =
      """
      select s.model_id, m.name, s.family, s.reward, s.pass_rate, s.elected
      from committee_seat s
      join model m on m.id = s.model_id
      where s.project_id = :projectId
        and s.round = :round
      order by s.pass_rate desc, s.reward desc, m.name
      """;

  private final JdbcClient jdbc;

  public CommitteeRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Keeps how an election went. Doing it again replaces it, so a restarted step may repeat it.
  public void record(long projectId, int round, List<CommitteeSeat> seats) {
    for (CommitteeSeat seat : seats) {
      jdbc.sql(UPSERT)
          .param("projectId", projectId)
          .param("round", round)
          .param("modelId", seat.modelId())
          .param("family", seat.family())
          .param("reward", seat.reward())
          .param("passRate", seat.passRate())
          .param("elected", seat.elected())
          .update();
    }
  }

  /// Everyone who stood after a round, best first.
  public List<CommitteeSeat> ofRound(long projectId, int round) {
    return jdbc.sql(OF_ROUND)
        .param("projectId", projectId)
        .param("round", round)
        .query((row, number) ->
            new CommitteeSeat(
                row.getLong("model_id"),
                row.getString("name"),
                row.getString("family"),
                row.getDouble("reward"),
                row.getDouble("pass_rate"),
                row.getBoolean("elected")))
        .list();
  }
}
