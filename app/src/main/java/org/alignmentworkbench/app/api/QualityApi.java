package org.alignmentworkbench.app.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Map;
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
  private final OpenProject open;

  QualityApi(QualityFigures figures, OpenProject open) {
    this.figures = figures;
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
}
