package org.alignmentworkbench.db.task;

/// A comparison with the number of judgements it wants and has.
///
/// @param key names it by round, prompt and responses
public record Task(
    long id,
    long projectId,
    String key,
    int round,
    long promptId,
    long responseA,
    long responseB,
    int overlap,
    int judged,
    int skipped) {}
