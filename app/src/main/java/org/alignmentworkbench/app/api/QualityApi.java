package org.alignmentworkbench.app.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Map;
import org.alignmentworkbench.app.quality.KindQuality;
import org.alignmentworkbench.app.quality.QualityFigures;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// How good a project's judgements are.
@Tag(name = "Quality")
@RestController
class QualityApi {
  private final QualityFigures figures;
  private final KindQuality kinds;
  private final OpenProject open;

  QualityApi(QualityFigures figures, KindQuality kinds, OpenProject open) {
    this.figures = figures;
    this.kinds = kinds;
    this.open = open;
  }

  @Operation(
      summary = "Figures of agreement, position, gold, time and votes",
      description =
          "judges is people or scripts; on is strength, choice or a grade. A figure is {value, low,"
              + " high, n} or {undefined} with the reason; people are p and their number.")
  @GetMapping("/api/v1/projects/{projectId:[0-9]{1,18}}/quality")
  Map<String, Object> quality(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "judges", defaultValue = "") String judges,
      @RequestParam(name = "round", required = false) @Nullable Integer round,
      @RequestParam(name = "on", defaultValue = "") String on) {
    open.project(projectId);
    return figures.of(projectId, judges, round, on);
  }

  @Operation(
      summary = "Figures of a set-up's answers whose tasks are no comparisons",
      description =
          "on is a measure: a dimension's key, choice, strength or order. figures has what the kind"
              + " itself has: kendallW, f1 and f1.REASON, broken, policy.NAME and severity.NUMBER.")
  @GetMapping("/api/v1/projects/{projectId:[0-9]{1,18}}/setups/{setupId:[0-9]{1,18}}/quality")
  Map<String, Object> ofSetup(
      @PathVariable("projectId") long projectId,
      @PathVariable("setupId") long setupId,
      @RequestParam(name = "judges", defaultValue = "") String judges,
      @RequestParam(name = "on", defaultValue = "") String on) {
    open.project(projectId);
    return kinds
        .of(projectId, setupId, judges, on)
        .orElseThrow(() ->
            Problems.notFound(
                "project %d has no set-up %d whose tasks are no comparisons"
                    .formatted(projectId, setupId)));
  }
}
