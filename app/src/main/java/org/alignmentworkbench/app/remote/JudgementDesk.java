package org.alignmentworkbench.app.remote;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.alignmentworkbench.app.exchange.JudgementExport;
import org.alignmentworkbench.app.exchange.JudgementImport;
import org.alignmentworkbench.app.labelling.SetupDesk;
import org.alignmentworkbench.app.labelling.WorkExport;
import org.alignmentworkbench.app.labelling.WorkFormat;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.exchange.ImportCounts;
import org.alignmentworkbench.db.exchange.JudgementExportRow;
import org.alignmentworkbench.db.exchange.JudgementImportRow;
import org.alignmentworkbench.db.exchange.JudgementImportRow.Purpose;
import org.alignmentworkbench.db.exchange.JudgementImportRow.State;
import org.alignmentworkbench.db.exchange.JudgementImports;
import org.alignmentworkbench.db.exchange.WorkExports.WorkExportRow;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.alignmentworkbench.db.task.Setup;
import org.alignmentworkbench.model.dataset.FieldNames;
import org.alignmentworkbench.model.dataset.JudgementFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Takes judgements and other answers out of a project, and brings judgements in, for commands on
/// this machine.
@Component
public final class JudgementDesk {
  private final ProjectRepository projects;
  private final JudgementExport export;
  private final SetupDesk setups;
  private final WorkExport answers;
  private final JudgementImports imports;
  private final JudgementImport bringing;
  private final ArtifactStore artifacts;

  JudgementDesk(
      ProjectRepository projects,
      JudgementExport export,
      SetupDesk setups,
      WorkExport answers,
      JudgementImports imports,
      JudgementImport bringing,
      ArtifactStore artifacts) {
    this.projects = projects;
    this.export = export;
    this.setups = setups;
    this.answers = answers;
    this.imports = imports;
    this.bringing = bringing;
    this.artifacts = artifacts;
  }

  /// What is to be exported, and how.
  ///
  /// @param withdrawn whether judgements that count no more are in it too
  public record ExportOrder(String project, String format, boolean withdrawn) {}

  /// Which answers are to be exported, and how.
  ///
  /// @param setup the number of a set-up whose tasks are no comparisons
  /// @param withdrawn whether answers that count no more are in it too
  public record AnswersOrder(String project, long setup, String format, boolean withdrawn) {}

  /// An export.
  ///
  /// @param name a name for the file
  /// @param path where its content lies on this machine; it must not be changed
  public record ExportAnswer(
      String name,
      String sha256,
      long bytes,
      long judged,
      long skipped,
      long withdrawn,
      String path) {}

  /// A file that is to be brought in.
  ///
  /// @param file a path on this machine
  /// @param names what the file calls the parts of a preference
  public record ImportOrder(
      String project,
      String file,
      Purpose purpose,
      int overlap,
      int strength,
      boolean dryRun,
      FieldNames names) {}

  /// How far an import is.
  ///
  /// @param again whether the same content was brought in before
  /// @param counts what the file came to, null until then
  /// @param fault why nothing of it was taken, null unless so
  /// @param refusals where the list of what was left out lies, null for none
  public record ImportAnswer(
      long id,
      long runId,
      State state,
      boolean again,
      String fileSha256,
      @Nullable ImportCounts counts,
      @Nullable String fault,
      @Nullable String refusals) {}

  /// Exports.
  ///
  /// @throws IllegalArgumentException with a sentence that names what there is not
  ExportAnswer export(ExportOrder order) {
    Project project = project(order.project());
    @Nullable JudgementFormat format = JudgementFormat.named(order.format());
    if (format == null) {
      throw new IllegalArgumentException(
          "there is no format '%s'; there are %s"
              .formatted(order.format(), titles(JudgementFormat.values(), JudgementFormat::title)));
    }
    JudgementExportRow row = export.make(project, format, order.withdrawn(), null);
    return new ExportAnswer(
        JudgementExport.fileName(project, row, format),
        row.artifactSha256(),
        row.bytes(),
        row.judged(),
        row.skipped(),
        row.withdrawn(),
        artifacts.open(row.artifactSha256()).toString());
  }

  /// Exports answers to one set-up.
  ///
  /// @throws IllegalArgumentException with a sentence that names what there is not
  ExportAnswer export(AnswersOrder order) {
    Project project = project(order.project());
    Setup setup = setup(project, order.setup());
    WorkFormat format =
        WorkFormat.named(order.format())
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "there is no format '%s'; there are %s"
                        .formatted(
                            order.format(), titles(WorkFormat.values(), WorkFormat::title))));
    WorkExportRow row = answers.make(setup, format, order.withdrawn(), null);
    return new ExportAnswer(
        WorkExport.fileName(setup, row, format),
        row.artifactSha256(),
        row.bytes(),
        row.judged(),
        row.skipped(),
        row.withdrawn(),
        artifacts.open(row.artifactSha256()).toString());
  }

  private Setup setup(Project project, long id) {
    Setup setup =
        setups
            .find(project.id(), id)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "there is no set-up %d in project '%s'; there are %s"
                        .formatted(id, project.name(), ofOtherKinds(project))));
    if (setup.question().kind() == TaskKind.PAIR) {
      throw new IllegalArgumentException(
          "set-up %d has comparisons, which './workbench judgements export %s' takes out"
              .formatted(id, project.name()));
    }
    return setup;
  }

  private List<String> ofOtherKinds(Project project) {
    return setups.all(project.id()).stream()
        .filter(setup -> setup.question().kind() != TaskKind.PAIR)
        .map(setup -> "%d (%s)".formatted(setup.id(), setup.question().kind()))
        .toList();
  }

  /// Brings a file in.
  ///
  /// @throws IllegalArgumentException with a sentence that names what cannot be
  ImportAnswer bring(ImportOrder order) {
    Project project = project(order.project());
    Path file = Path.of(order.file());
    try (InputStream in = Files.newInputStream(file)) {
      JudgementImport.Accepted accepted =
          bringing.accept(
              project,
              in,
              String.valueOf(file.getFileName()),
              new JudgementImport.Wish(
                  order.purpose(),
                  order.overlap(),
                  order.strength(),
                  order.dryRun(),
                  order.names()),
              null);
      return answer(accepted.row(), accepted.again());
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /// How far an import is.
  Optional<ImportAnswer> brought(long id) {
    return imports.find(id).map(row -> answer(row, false));
  }

  private ImportAnswer answer(JudgementImportRow row, boolean again) {
    @Nullable String refusals = row.refusalsSha256();
    return new ImportAnswer(
        row.id(),
        Objects.requireNonNull(row.runId()),
        row.state(),
        again,
        row.fileSha256(),
        row.counts(),
        row.fault(),
        refusals == null ? null : artifacts.open(refusals).toString());
  }

  private static <T> String titles(T[] formats, Function<T, String> title) {
    return Arrays.stream(formats).map(title).collect(Collectors.joining(", "));
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
