package org.alignmentworkbench.db.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One point of a curve as it was kept.
///
/// @param value null when it was not finite
/// @param seq grows with every write: ask for what is newer than the largest one seen
public record MetricPoint(String series, long step, @Nullable Double value, Instant at, long seq) {}
