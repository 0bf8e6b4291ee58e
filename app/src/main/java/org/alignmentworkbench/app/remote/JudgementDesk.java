package org.alignmentworkbench.app.remote;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.alignmentworkbench.app.exchange.JudgementExport;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.exchange.JudgementExportRow;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.alignmentworkbench.model.dataset.JudgementFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Takes judgements out of a project for commands on this machine.
@Component
public final class JudgementDesk {
  private final ProjectRepository projects;
  private final JudgementExport export;
  private final ArtifactStore artifacts;

  JudgementDesk(ProjectRepository projects, JudgementExport export, ArtifactStore artifacts) {
    this.projects = projects;
    this.export = export;
    this.artifacts = artifacts;
  }

  /// What is to be exported, and how.
  public record ExportOrder(String project, String format) {}

  /// An export.
  ///
  /// @param name a name for the file
  /// @param path where its content lies on this machine; it must not be changed
  public record ExportAnswer(
      String name, String sha256, long bytes, long judged, long skipped, String path) {}

  /// Exports.
  ///
  /// @throws IllegalArgumentException with a sentence that names what there is not
  ExportAnswer export(ExportOrder order) {
    Project project = project(order.project());
    @Nullable JudgementFormat format = JudgementFormat.named(order.format());
    if (format == null) {
      throw new IllegalArgumentException(
          "there is no format '%s'; there are %s".formatted(order.format(), formats()));
    }
    JudgementExportRow row = export.make(project, format, null);
    return new ExportAnswer(
        JudgementExport.fileName(project, row, format),
        row.artifactSha256(),
        row.bytes(),
        row.judged(),
        row.skipped(),
        artifacts.open(row.artifactSha256()).toString());
  }

  private static String formats() {
    return Arrays.stream(JudgementFormat.values())
        .map(JudgementFormat::title)
        .collect(Collectors.joining(", "));
  }

  private Project project(String name) {
    return projects
        .findByName(name)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "there is no project '"
                    + name
                    + "'; there are "
                    + projects.all().stream().map(Project::name).toList()));
  }
}
