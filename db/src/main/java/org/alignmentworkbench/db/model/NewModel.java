package org.alignmentworkbench.db.model;

import org.alignmentworkbench.db.model.Model.Kind;
import org.jspecify.annotations.Nullable;

/// A model to be registered; [Model] says what the parts mean.
public record NewModel(
    long projectId,
    String name,
    Kind kind,
    String artifactSha256,
    @Nullable Long baseModelId,
    @Nullable Long runId,
    String detail) {}
