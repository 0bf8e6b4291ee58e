package org.alignmentworkbench.db.view;

import org.jspecify.annotations.Nullable;

/// A curve in figures.
///
/// @param undefined how many of its points have no finite value
/// @param last the value at the highest step, null when undefined there
/// @param least the smallest defined value
/// @param most the largest defined value
public record CurveSummary(
    String series,
    long points,
    long undefined,
    @Nullable Double last,
    @Nullable Double least,
    @Nullable Double most) {}
