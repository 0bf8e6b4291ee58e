package org.alignmentworkbench.app.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignmentworkbench.app.dataset.BroughtData;
import org.alignmentworkbench.app.remote.LineageAnswer;
import org.alignmentworkbench.app.security.Account;
import org.alignmentworkbench.app.web.Attachments;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.evaluation.Evaluation;
import org.alignmentworkbench.db.lineage.LineageRepository;
import org.alignmentworkbench.db.lineage.Node;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.db.project.MembershipRepository;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.sft.job.Conversations;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
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
  private final MembershipRepository memberships;
  private final BroughtData brought;
  private final Attachments attachments;
  private final OpenProject open;

  ModelsApi(
      Stores stores,
      ArtifactStore artifacts,
      LineageRepository lineage,
      MembershipRepository memberships,
      BroughtData brought,
      Attachments attachments,
      OpenProject open) {
    this.stores = stores;
    this.artifacts = artifacts;
    this.lineage = lineage;
    this.memberships = memberships;
    this.brought = brought;
    this.attachments = attachments;
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
  LineageAnswer lineage(
      @PathVariable("sha256") String sha256, @AuthenticationPrincipal Account person) {
    return LineageAnswer.of(sha256, artifacts, lineage)
        .map(answer -> seen(answer, person))
        .orElseThrow(() -> Problems.notFound("there is no artefact " + sha256));
  }

  /// Without what only projects made that this person may not see.
  private LineageAnswer seen(LineageAnswer all, Account person) {
    Set<String> hidden =
        memberships.hidden(all.nodes().stream().map(Node::sha256).toList(), person.personId());
    return new LineageAnswer(
        all.sha256(),
        all.kind(),
        all.nodes().stream().filter(node -> !hidden.contains(node.sha256())).toList(),
        all.edges().stream()
            .filter(edge -> !hidden.contains(edge.child()) && !hidden.contains(edge.parent()))
            .toList(),
        all.datasets().stream().filter(each -> !hidden.contains(each.sha256())).toList());
  }

  /// A data set that a file became.
  ///
  /// @param refused rows that were left out
  /// @param reasons where the list of those is fetched; null for none
  record BroughtJson(DatasetJson dataset, int refused, @Nullable String reasons) {}

  @Operation(
      summary = "Brings training data in: the request's body is a file of conversations",
      description = "It becomes a data set at once, or the answer says why it cannot.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
                      schema = @Schema(type = "string", format = "binary"))))
  @PostMapping(path = PROJECT + "/datasets", consumes = MediaType.APPLICATION_OCTET_STREAM_VALUE)
  BroughtJson bring(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "name") String name,
      InputStream file,
      @AuthenticationPrincipal Account person)
      throws IOException {
    Conversations.Taken taken =
        brought.take(open.project(projectId), file, Attachments.shownName(name), person.personId());
    long id = taken.dataset().id();
    return new BroughtJson(
        DatasetJson.of(taken.dataset()),
        taken.refused(),
        taken.refused() == 0
            ? null
            : "/api/v1/projects/%d/datasets/%d/files/%s/refused"
                .formatted(projectId, id, taken.sha256()));
  }

  @Operation(summary = "Fetches the list of what a file of training data had to leave out")
  @GetMapping(PROJECT + "/datasets/{datasetId:[0-9]{1,18}}/files/{file:[0-9a-f]{64}}/refused")
  ResponseEntity<FileSystemResource> refused(
      @PathVariable("projectId") long projectId,
      @PathVariable("datasetId") long datasetId,
      @PathVariable("file") String file)
      throws IOException {
    open.project(projectId);
    @Nullable String table = brought.refusals(projectId, datasetId, file);
    if (table == null) {
      throw Problems.notFound(
          "dataset %d of project %d left nothing out of %s".formatted(datasetId, projectId, file));
    }
    return attachments.of(table, "text/csv;charset=utf-8", "dataset-" + datasetId + "-refused.csv");
  }
}
