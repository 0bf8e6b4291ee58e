package org.alignmentworkbench.db.lineage;

import java.util.List;
import org.alignmentworkbench.db.artifact.Artifact.Kind;

/// An artefact in a lineage.
///
/// @param depth edges between it and where the walk began
/// @param swept whether its content is gone
/// @param names of models, datasets and brought files with this content
public record Node(
    String sha256, Kind kind, long bytes, int depth, boolean swept, List<String> names) {}
