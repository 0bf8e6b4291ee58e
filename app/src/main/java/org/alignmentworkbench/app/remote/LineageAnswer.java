package org.alignmentworkbench.app.remote;

import java.util.List;
import java.util.Optional;
import org.alignmentworkbench.db.artifact.Artifact;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.lineage.DatasetBehind;
import org.alignmentworkbench.db.lineage.Edge;
import org.alignmentworkbench.db.lineage.LineageRepository;
import org.alignmentworkbench.db.lineage.Node;

/// What made an artefact, from its hash back to data sets and how many prompts, responses and
/// judgements stand behind them.
///
/// @param sha256 the artefact asked for
/// @param kind what it is
/// @param nodes the artefact itself first, then what it was made from, by depth
/// @param edges child was made from parent, by a run, in a role
/// @param datasets data sets behind it, with what their rows refer to
public record LineageAnswer(
    String sha256,
    Artifact.Kind kind,
    List<Node> nodes,
    List<Edge> edges,
    List<DatasetBehind> datasets) {

  /// The answer for a hash; empty when nothing has it.
  public static Optional<LineageAnswer> of(
      String sha256, ArtifactStore artifacts, LineageRepository lineage) {
    return artifacts
        .find(sha256)
        .map(artifact -> {
          var walk = lineage.ancestors(sha256);
          return new LineageAnswer(
              sha256, artifact.kind(), walk.nodes(), walk.edges(), lineage.datasetsBehind(sha256));
        });
  }
}
