package org.alignmentworkbench.db.prompt;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.alignmentworkbench.db.prompt.PromptTurn.Role;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The turns of prompts that are conversations.
public final class PromptTurnRepository {
  private static final String INSERT =
      """
      insert into prompt_turn (prompt_id, ordinal, role, text)
      select n.prompt_id, n.ordinal, n.role, n.text
      from unnest(:promptIds::bigint[], :ordinals::int[], :roles::text[], :texts::text[])
        as n(prompt_id, ordinal, role, text)
      """;
  private static final String OF_SLOT =
      """
      select pt.role, pt.text
      from slot s
      join task t on t.id = s.task_id
      join prompt_turn pt on pt.prompt_id = t.prompt_id
      where s.id = :slotId
      order by pt.ordinal
      """;

  private static final String OF_TASK =
      """
      select pt.role, pt.text
      from task t
      join prompt_turn pt on pt.prompt_id = t.prompt_id
      where t.id = :taskId
      order by pt.ordinal
      """;

  private final JdbcClient jdbc;

  public PromptTurnRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Keeps the turns of new prompts, by the prompts' ids.
  public void add(Map<Long, List<PromptTurn>> turns) {
    List<Long> ids =
        turns.entrySet().stream()
            .flatMap(e -> e.getValue().stream().map(turn -> e.getKey()))
            .toList();
    List<PromptTurn> all = turns.values().stream().flatMap(List::stream).toList();
    jdbc.sql(INSERT)
        .param("promptIds", ids.toArray(Long[]::new))
        .param(
            "ordinals",
            turns.values().stream()
                .flatMap(list -> IntStream.range(0, list.size()).boxed())
                .toArray(Integer[]::new))
        .param("roles", all.stream().map(turn -> turn.role().name()).toArray(String[]::new))
        .param("texts", all.stream().map(PromptTurn::text).toArray(String[]::new))
        .update();
  }

  /// The turns behind a slot, in their order; empty where its prompt is one text.
  public List<PromptTurn> ofSlot(long slotId) {
    return jdbc.sql(OF_SLOT).param("slotId", slotId).query(PromptTurnRepository::turn).list();
  }

  /// The turns behind a task, in their order; empty where its prompt is one text.
  public List<PromptTurn> ofTask(long taskId) {
    return jdbc.sql(OF_TASK).param("taskId", taskId).query(PromptTurnRepository::turn).list();
  }

  private static PromptTurn turn(ResultSet row, int number) throws SQLException {
    return new PromptTurn(Role.valueOf(row.getString("role")), row.getString("text"));
  }
}
