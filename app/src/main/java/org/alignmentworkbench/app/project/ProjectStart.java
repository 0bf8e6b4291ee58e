package org.alignmentworkbench.app.project;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.alignmentworkbench.app.config.WorkbenchSettings;
import org.alignmentworkbench.db.artifact.Artifact;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.db.model.NewModel;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.task.GuidelineRepository;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.synthetic.annotator.Guideline;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// What every project begins with: the shipped base model under the name `base`, and the first
/// guideline for its annotators. Prompts are made by the runs that need them.
@Component
public class ProjectStart {
  /// What the base model is called in a project.
  public static final String BASE = "base";

  private static final String SHIPPED = "nano";

  private final Stores stores;
  private final GuidelineRepository guidelines;
  private final AuditRepository audit;
  private final TransactionTemplate transaction;
  private final Path models;

  ProjectStart(
      Stores stores,
      GuidelineRepository guidelines,
      AuditRepository audit,
      TransactionTemplate transaction,
      WorkbenchSettings settings) {
    this.stores = stores;
    this.guidelines = guidelines;
    this.audit = audit;
    this.transaction = transaction;
    this.models = settings.models();
  }

  /// The folder of the base model that is shipped.
  Path shipped() {
    return models.resolve(SHIPPED);
  }

  /// Whether it is there.
  boolean hasShipped() {
    return Files.isRegularFile(shipped().resolve("model.safetensors"));
  }

  /// Makes a project for a command on this machine, as [#begin(Long, String, long)] does.
  public Project begin(String name, long seed) {
    return begin(null, name, seed);
  }

  /// Makes a project of a person's own with all it begins with, or nothing.
  ///
  /// @throws org.springframework.dao.DuplicateKeyException when the name is taken
  public Project begin(@Nullable Long personId, String name, long seed) {
    return transaction.execute(_ -> {
      Project project = stores.projects().create(name, seed, "{}");
      furnish(project, shipped());
      audit.record(
          personId,
          "project.create",
          "project " + project.id(),
          JsonMapper.shared().writeValueAsString(Map.of("name", name, "seed", seed)));
      return project;
    });
  }

  /// Gives a project what it begins with, as far as it is not there.
  ///
  /// @param base the folder of its base model
  public void furnish(Project project, Path base) {
    transaction.executeWithoutResult(_ -> {
      Artifact kept = stores.artifacts().put(Artifact.Kind.MODEL, base);
      if (stores.models().findByName(project.id(), BASE).isEmpty()) {
        stores
            .models()
            .register(
                new NewModel(
                    project.id(), BASE, Model.Kind.POLICY, kept.sha256(), null, null, "{}"));
      }
      if (guidelines.latest(project.id()).isEmpty()) {
        guidelines.publish(project.id(), Guideline.first());
      }
    });
  }
}
