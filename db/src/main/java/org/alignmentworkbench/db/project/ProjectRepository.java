package org.alignmentworkbench.db.project;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.alignmentworkbench.db.project.Project.State;
import org.alignmentworkbench.db.row.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Projects by id and name.
public final class ProjectRepository {
  private static final String INSERT =
      """
      insert into project (name, seed, settings)
      values (:name, :seed, :settings::jsonb)
      returning id, name, seed, settings, state, created_at
      """;
  private static final String FIND =
      """
      select id, name, seed, settings, state, created_at
      from project
      where id = :id
      """;
  private static final String FIND_BY_NAME =
      """
      select id, name, seed, settings, state, created_at
      from project
      where name = :name
      """;
  private static final String ALL =
      """
      select id, name, seed, settings, state, created_at
      from project
      order by id desc
      """;
  private static final String SET_SETTINGS =
      """
      update project
      set settings = :settings::jsonb
      where id = :id
      """;
  private static final String SET_STATE =
      """
      update project
      set state = :state
      where id = :id
      """;

  private final JdbcClient jdbc;

  public ProjectRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// @param settings a JSON object
  /// @throws org.springframework.dao.DuplicateKeyException when the name is taken
  public Project create(String name, long seed, String settings) {
    return jdbc.sql(INSERT)
        .param("name", name)
        .param("seed", seed)
        .param("settings", settings)
        .query(ProjectRepository::project)
        .single();
  }

  public Optional<Project> find(long id) {
    return jdbc.sql(FIND).param("id", id).query(ProjectRepository::project).optional();
  }

  public Optional<Project> findByName(String name) {
    return jdbc.sql(FIND_BY_NAME).param("name", name).query(ProjectRepository::project).optional();
  }

  /// Newest first.
  public List<Project> all() {
    return jdbc.sql(ALL).query(ProjectRepository::project).list();
  }

  public void setSettings(long id, String settings) {
    jdbc.sql(SET_SETTINGS).param("id", id).param("settings", settings).update();
  }

  public void setState(long id, State state) {
    jdbc.sql(SET_STATE).param("id", id).param("state", state.name()).update();
  }

  static Project project(ResultSet row, int number) throws SQLException {
    return new Project(
        row.getLong("id"),
        row.getString("name"),
        row.getLong("seed"),
        row.getString("settings"),
        State.valueOf(row.getString("state")),
        Columns.instant(row, "created_at"));
  }
}
