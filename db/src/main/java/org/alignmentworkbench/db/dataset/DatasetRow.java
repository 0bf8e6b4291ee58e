package org.alignmentworkbench.db.dataset;

import org.jspecify.annotations.Nullable;

/// What one row of a dataset was made of; its place in the list is its ordinal.
///
/// @param responseId the response, or the first of two
/// @param otherId the second of two
public record DatasetRow(
    long promptId, @Nullable Long responseId, @Nullable Long otherId, @Nullable Long judgementId) {}
