package org.alignmentworkbench.db.lineage;

/// A dataset that an artefact was made from, at any remove.
///
/// @param prompts different prompts in its rows; likewise the others
public record DatasetBehind(
    long datasetId,
    String name,
    String sha256,
    long rows,
    long prompts,
    long responses,
    long judgements) {}
