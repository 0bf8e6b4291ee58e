package org.alignmentworkbench.db.model;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.alignmentworkbench.db.model.Model.Kind;
import org.alignmentworkbench.db.row.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Models of projects by name and by content.
public final class ModelRepository {
  private static final String INSERT =
      """
      insert into model (project_id, name, kind, artifact_sha256, base_model_id, run_id, detail)
      values (:projectId, :name, :kind, :sha256, :baseModelId, :runId, :detail::jsonb)
      on conflict (project_id, name) do nothing
      """;
  private static final String FIND =
      """
      select id, project_id, name, kind, artifact_sha256, base_model_id, run_id, detail, created_at
      from model
      where id = :id
      """;
  private static final String FIND_BY_NAME =
      """
      select id, project_id, name, kind, artifact_sha256, base_model_id, run_id, detail, created_at
      from model
      where project_id = :projectId
        and name = :name
      """;
  private static final String BY_ARTIFACT =
      """
      select id, project_id, name, kind, artifact_sha256, base_model_id, run_id, detail, created_at
      from model
      where artifact_sha256 = :sha256
      order by id
      """;
  private static final String OF_PROJECT =
      """
      select id, project_id, name, kind, artifact_sha256, base_model_id, run_id, detail, created_at
      from model
      where project_id = :projectId
      order by id
      """;

  private final JdbcClient jdbc;

  public ModelRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Registers a model. Doing it again with the same content gives the model that is there, so a
  /// restarted step may repeat it.
  ///
  /// @throws IllegalStateException when the name belongs to a model of other content
  public Model register(NewModel model) {
    jdbc.sql(INSERT)
        .param("projectId", model.projectId())
        .param("name", model.name())
        .param("kind", model.kind().name())
        .param("sha256", model.artifactSha256())
        .param("baseModelId", model.baseModelId())
        .param("runId", model.runId())
        .param("detail", model.detail())
        .update();
    Model registered = findByName(model.projectId(), model.name()).orElseThrow();
    if (!registered.artifactSha256().equals(model.artifactSha256())) {
      throw new IllegalStateException(
          "project "
              + model.projectId()
              + " has another model named "
              + model.name()
              + ": "
              + registered.artifactSha256()
              + ", not "
              + model.artifactSha256());
    }
    return registered;
  }

  public Optional<Model> find(long id) {
    return jdbc.sql(FIND).param("id", id).query(ModelRepository::model).optional();
  }

  public Optional<Model> findByName(long projectId, String name) {
    return jdbc.sql(FIND_BY_NAME)
        .param("projectId", projectId)
        .param("name", name)
        .query(ModelRepository::model)
        .optional();
  }

  /// Every registration of one content, over all projects.
  public List<Model> byArtifact(String sha256) {
    return jdbc.sql(BY_ARTIFACT).param("sha256", sha256).query(ModelRepository::model).list();
  }

  /// Oldest first.
  public List<Model> ofProject(long projectId) {
    return jdbc.sql(OF_PROJECT).param("projectId", projectId).query(ModelRepository::model).list();
  }

  private static Model model(ResultSet row, int number) throws SQLException {
    return new Model(
        row.getLong("id"),
        row.getLong("project_id"),
        row.getString("name"),
        Kind.valueOf(row.getString("kind")),
        row.getString("artifact_sha256"),
        Columns.longOrNull(row, "base_model_id"),
        Columns.longOrNull(row, "run_id"),
        row.getString("detail"),
        Columns.instant(row, "created_at"));
  }
}
