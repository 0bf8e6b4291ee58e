package org.alignmentworkbench.db.lineage;

import java.util.List;

/// A dataset that holds a row with the prompt, response or judgement asked about.
///
/// @param ordinals the rows, from 0
/// @param models names of the models made from the dataset, at any remove, oldest first
public record RowUse(
    long datasetId,
    String datasetName,
    String sha256,
    List<Integer> ordinals,
    List<String> models) {}
