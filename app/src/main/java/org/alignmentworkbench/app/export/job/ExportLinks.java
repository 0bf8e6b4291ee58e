package org.alignmentworkbench.app.export.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.db.project.Project;

/// Names for people and programs: links under `exports/PROJECT/` of the data folder to the content
/// that is stored by its hash, so that a GGUF file has its ending and a folder its model's name.
///
/// A link shows what was exported last; the artefact it points to never changes.
///
/// @param folder the `exports` folder
public record ExportLinks(Path folder) {
  /// Where an export of a model has its name.
  public Path path(Project project, Model model, ExportFormat format) {
    String name = plain(model.name());
    String file =
        switch (format) {
          case HF -> name + "-hf";
          case PEFT -> name + "-peft";
          case GGUF -> name + ".gguf";
          case GGUF_ADAPTER -> name + "-adapter.gguf";
        };
    return home(project).resolve(file);
  }

  private Path home(Project project) {
    return folder.resolve(plain(project.name()));
  }

  /// Makes the link or lets it point to the new content, in one move.
  void point(
      Project project, Model model, ExportFormat format, ArtifactStore artifacts, String sha256)
      throws IOException {
    Path link = path(project, model, format);
    Path home = Files.createDirectories(home(project));
    Path content = home.relativize(artifacts.open(sha256));
    Path fresh = home.resolve(link.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    // Relative, so that the data folder can be moved.
    Files.createSymbolicLink(fresh, content);
    Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// Letters, digits, points and hyphens; names from pages never leave the folder.
  private static String plain(String name) {
    String plain =
        name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]+", "-").replaceAll("^[-.]+|-+$", "");
    return plain.isEmpty() ? "export" : plain;
  }
}
