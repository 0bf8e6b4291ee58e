package org.alignmentworkbench.db.view;

/// What a dataset was made of, row by row.
///
/// @param judgements distinct judgements of people and scripts together
/// @param scripted how many of these a script gave
/// @param people distinct persons, scripts included, who judged
public record DatasetCounts(
    long datasetId,
    String name,
    String kind,
    String artifactSha256,
    long rows,
    long prompts,
    long responses,
    long judgements,
    long scripted,
    long people) {}
