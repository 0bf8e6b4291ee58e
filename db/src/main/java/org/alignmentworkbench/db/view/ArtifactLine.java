package org.alignmentworkbench.db.view;

import org.jspecify.annotations.Nullable;

/// An artefact with what people call it.
///
/// @param name of the model or dataset that is kept in it, or of the file that it came in; or null
/// @param swept whether its files are gone and only its place in the lineage is left
public record ArtifactLine(
    String sha256, String kind, long bytes, boolean swept, @Nullable String name) {}
