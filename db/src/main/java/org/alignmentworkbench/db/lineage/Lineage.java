package org.alignmentworkbench.db.lineage;

import java.util.List;

/// What a walk from an artefact found.
///
/// @param nodes the artefact itself first, then by depth and hash
/// @param edges by child and parent
public record Lineage(List<Node> nodes, List<Edge> edges) {}
