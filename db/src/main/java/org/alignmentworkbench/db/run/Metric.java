package org.alignmentworkbench.db.run;

/// One point of a curve.
///
/// @param value kept as "undefined" when it is not finite, so that one NaN cannot break a page
public record Metric(String series, long step, double value) {}
