package org.alignmentworkbench.rlhf.job;

import java.nio.file.Path;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.artifact.CheckpointRepository;
import org.alignmentworkbench.db.committee.CommitteeRepository;
import org.alignmentworkbench.db.dataset.DatasetRepository;
import org.alignmentworkbench.db.evaluation.EvaluationRepository;
import org.alignmentworkbench.db.lineage.LineageRepository;
import org.alignmentworkbench.db.model.ModelRepository;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.alignmentworkbench.db.prompt.PromptRepository;
import org.alignmentworkbench.db.response.ResponseRepository;
import org.alignmentworkbench.db.run.RunRepository;
import org.alignmentworkbench.db.task.Judgements;
import org.alignmentworkbench.db.task.TaskRepository;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Everything that jobs keep: one place to hand them around together.
public record Stores(
    ProjectRepository projects,
    RunRepository runs,
    PromptRepository prompts,
    ResponseRepository responses,
    TaskRepository tasks,
    Judgements judgements,
    ModelRepository models,
    DatasetRepository datasets,
    EvaluationRepository evaluations,
    CommitteeRepository committees,
    LineageRepository lineage,
    CheckpointRepository checkpoints,
    ArtifactStore artifacts) {
  /// All of them on one database, with artefact files in a folder.
  public static Stores of(JdbcClient jdbc, Path artifacts) {
    return new Stores(
        new ProjectRepository(jdbc),
        new RunRepository(jdbc),
        new PromptRepository(jdbc),
        new ResponseRepository(jdbc),
        new TaskRepository(jdbc),
        new Judgements(jdbc),
        new ModelRepository(jdbc),
        new DatasetRepository(jdbc),
        new EvaluationRepository(jdbc),
        new CommitteeRepository(jdbc),
        new LineageRepository(jdbc),
        new CheckpointRepository(jdbc),
        new ArtifactStore(artifacts, jdbc));
  }
}
