package org.alignmentworkbench.db.lineage;

import org.jspecify.annotations.Nullable;

/// `child` was made from `parent`.
///
/// @param role what the parent was to the child: `base`, `dataset`, `reference`, ...
/// @param runId the run that did it
public record Edge(String parent, String child, String role, @Nullable Long runId) {}
