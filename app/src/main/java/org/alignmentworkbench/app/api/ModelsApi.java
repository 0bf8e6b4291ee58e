package org.alignmentworkbench.app.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.app.remote.LineageAnswer;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.evaluation.Evaluation;
import org.alignmentworkbench.db.lineage.LineageRepository;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.rlhf.job.Stores;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// What a project has made: models, datasets, evaluations, and what each was made of.
@Tag(name = "Models, datasets, lineage")
@RestController
class ModelsApi {
  private static final String PROJECT = "/api/v1/projects/{projectId:[0-9]{1,18}}";

  private final Stores stores;
  private final ArtifactStore artifacts;
  private final LineageRepository lineage;
  private final OpenProject open;

  ModelsApi(Stores stores, ArtifactStore artifacts, LineageRepository lineage, OpenProject open) {
    this.stores = stores;
    this.artifacts = artifacts;
    this.lineage = lineage;
    this.open = open;
  }

  /// A model.
  ///
  /// @param sha256 of the folder that holds it
  record ModelJson(
      long id,
      String name,
      Model.Kind kind,
      String sha256,
      @Nullable Long baseModelId,
      @Nullable Long runId,
      Map<String, Object> detail,
      Instant createdAt) {
    static ModelJson of(Model model) {
      return new ModelJson(
          model.id(),
          model.name(),
          model.kind(),
          model.artifactSha256(),
          model.baseModelId(),
          model.runId(),
          Json.object(model.detail()),
          model.createdAt());
    }
  }

  /// A dataset.
  record DatasetJson(
      long id,
      String name,
      Dataset.Kind kind,
      String sha256,
      int rows,
      @Nullable Long runId,
      Instant createdAt) {
    static DatasetJson of(Dataset dataset) {
      return new DatasetJson(
          dataset.id(),
          dataset.name(),
          dataset.kind(),
          dataset.artifactSha256(),
          dataset.rowCount(),
          dataset.runId(),
          dataset.createdAt());
    }
  }

  /// An evaluation.
  record EvaluationJson(
      long id,
      String stage,
      long modelId,
      @Nullable Long runId,
      Map<String, Object> configuration,
      Map<String, Object> summary,
      Instant createdAt) {
    static EvaluationJson of(Evaluation evaluation) {
      return new EvaluationJson(
          evaluation.id(),
          evaluation.stage(),
          evaluation.modelId(),
          evaluation.runId(),
          Json.object(evaluation.configuration()),
          Json.object(evaluation.summary()),
          evaluation.createdAt());
    }
  }

  @Operation(summary = "Lists a project's models, oldest first")
  @GetMapping(PROJECT + "/models")
  Page<ModelJson> models(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "after", defaultValue = "0") long after,
      @RequestParam(name = "limit", defaultValue = Page.USUAL) int limit) {
    open.project(projectId);
    int most = Page.limit(limit);
    List<ModelJson> read =
        stores.models().ofProject(projectId).stream()
            .filter(model -> model.id() > after)
            .limit(most + 1L)
            .map(ModelJson::of)
            .toList();
    return Page.of(read, most, ModelJson::id);
  }

  @Operation(summary = "Lists a project's datasets, oldest first")
  @GetMapping(PROJECT + "/datasets")
  Page<DatasetJson> datasets(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "after", defaultValue = "0") long after,
      @RequestParam(name = "limit", defaultValue = Page.USUAL) int limit) {
    open.project(projectId);
    int most = Page.limit(limit);
    List<DatasetJson> read =
        stores.datasets().ofProject(projectId).stream()
            .filter(dataset -> dataset.id() > after)
            .limit(most + 1L)
            .map(DatasetJson::of)
            .toList();
    return Page.of(read, most, DatasetJson::id);
  }

  @Operation(summary = "Lists a project's evaluations")
  @GetMapping(PROJECT + "/evaluations")
  List<EvaluationJson> evaluations(@PathVariable("projectId") long projectId) {
    open.project(projectId);
    return stores.evaluations().ofProject(projectId).stream().map(EvaluationJson::of).toList();
  }

  @Operation(summary = "Tells what an artefact was made of, back to prompts and judgements")
  @GetMapping("/api/v1/lineage/{sha256:[0-9a-f]{64}}")
  LineageAnswer lineage(@PathVariable("sha256") String sha256) {
    return LineageAnswer.of(sha256, artifacts, lineage)
        .orElseThrow(() -> Problems.notFound("there is no artefact " + sha256));
  }
}
