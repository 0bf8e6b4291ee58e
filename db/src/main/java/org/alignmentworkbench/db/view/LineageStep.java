package org.alignmentworkbench.db.view;

import org.jspecify.annotations.Nullable;

/// One artefact reached from another along the edges of the lineage.
///
/// @param from the artefact nearer to where the walk began
/// @param artifact the one reached
/// @param role what the edge says it was used as
/// @param runId the run that made the later of the two, with its name
/// @param depth edges from where the walk began
public record LineageStep(
    String from,
    ArtifactLine artifact,
    String role,
    @Nullable Long runId,
    @Nullable String runName,
    int depth) {}
