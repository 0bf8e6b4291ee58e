package org.alignmentworkbench.db.dataset;

import org.jspecify.annotations.Nullable;

/// A file that a dataset was read from, as a person brought it.
///
/// @param artifactSha256 of its bytes, under which they are kept
/// @param name what it was called, without folders
/// @param refusedRows rows of it that were left out
/// @param refusalsSha256 the table that says why each was left out; null where none was, and for
///   files brought before such tables were kept
public record BroughtFile(
    String artifactSha256, String name, int refusedRows, @Nullable String refusalsSha256) {}
