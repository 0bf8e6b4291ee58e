package org.alignmentworkbench.app.lineage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignmentworkbench.db.view.LineageStep;

/// Unfolds a walk of edges into a tree, as lists nest. A graph becomes a tree by showing what is
/// below an artefact at the first place only; at others it is named and marked as shown above.
final class LineageTree {
  private LineageTree() {}

  /// One place of the tree.
  ///
  /// @param repeated whether what is below it stands elsewhere
  record Node(LineageStep step, boolean repeated, List<Node> below) {}

  /// @param root the artefact the walk began at
  static List<Node> of(String root, List<LineageStep> steps) {
    Map<String, List<LineageStep>> byFrom = new HashMap<>();
    for (LineageStep step : steps) {
      byFrom.computeIfAbsent(step.from(), _ -> new ArrayList<>()).add(step);
    }
    Set<String> shown = new HashSet<>();
    shown.add(root);
    return below(root, byFrom, shown);
  }

  private static List<Node> below(
      String from, Map<String, List<LineageStep>> byFrom, Set<String> shown) {
    List<Node> nodes = new ArrayList<>();
    for (LineageStep step : byFrom.getOrDefault(from, List.of())) {
      String sha256 = step.artifact().sha256();
      boolean first = shown.add(sha256);
      boolean leaf = !byFrom.containsKey(sha256);
      nodes.add(new Node(step, !first && !leaf, first ? below(sha256, byFrom, shown) : List.of()));
    }
    return nodes;
  }
}
