package org.alignmentworkbench.db.dataset;

/// A file that a dataset was read from, as a person brought it.
///
/// @param artifactSha256 of its bytes, under which they are kept
/// @param name what it was called, without folders
/// @param refusedRows rows of it that were left out
public record BroughtFile(String artifactSha256, String name, int refusedRows) {}
