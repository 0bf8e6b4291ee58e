package org.alignmentworkbench.db.dataset;

import org.alignmentworkbench.db.dataset.Dataset.Kind;
import org.jspecify.annotations.Nullable;

/// A dataset to be kept; [Dataset] says what the parts mean.
public record NewDataset(
    long projectId, String name, Kind kind, String artifactSha256, @Nullable Long runId) {}
