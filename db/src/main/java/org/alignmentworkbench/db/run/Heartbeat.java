package org.alignmentworkbench.db.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A run's latest sign of life.
///
/// @param stage the step of the job
/// @param step how many pieces of work of that stage are done
/// @param steps how many there are, null when unknown
/// @param rate pieces of work a second in `rateUnit`, null when not yet known
public record Heartbeat(
    Instant at,
    long processId,
    String stage,
    long step,
    @Nullable Long steps,
    @Nullable Double rate,
    @Nullable String rateUnit,
    @Nullable Double secondsLeft) {}
