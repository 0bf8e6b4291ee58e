package org.alignmentworkbench.app.export.job;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.alignmentworkbench.db.artifact.Artifact;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.lineage.Edge;
import org.alignmentworkbench.db.lineage.LineageRepository;

/// One export of a model.
///
/// @param format `hf`, `peft`, `gguf` or `gguf-adapter`
/// @param bytes of all its files
/// @param path where its content lies; a folder, or a single file without an ending
public record Exported(String format, long bytes, String sha256, Path path) {
  /// What was exported of the artefact, by format.
  public static List<Exported> of(
      String modelSha256, LineageRepository lineage, ArtifactStore artifacts) {
    var found = new ArrayList<Exported>();
    for (Edge edge : lineage.descendants(modelSha256).edges()) {
      if (edge.parent().equals(modelSha256)) {
        Artifact child = artifacts.find(edge.child()).orElseThrow();
        if (child.kind() == Artifact.Kind.EXPORT && child.sweptAt() == null) {
          found.add(
              new Exported(
                  edge.role(), child.bytes(), child.sha256(), artifacts.open(child.sha256())));
        }
      }
    }
    found.sort(Comparator.comparing(Exported::format).thenComparing(Exported::sha256));
    return found;
  }
}
