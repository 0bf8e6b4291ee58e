package org.alignmentworkbench.db.view;

import java.time.Instant;
import org.alignmentworkbench.db.run.RunState;
import org.jspecify.annotations.Nullable;

/// A run as a list shows it: without configuration, curves and log.
///
/// @param stage the last stage it told of, with its step of steps
/// @param beatAt its last sign of life
/// @param outcome the last thing a completed run said of its work
public record RunLine(
    long id,
    long projectId,
    String projectName,
    String name,
    String jobName,
    RunState state,
    String detail,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable String stage,
    @Nullable Long step,
    @Nullable Long steps,
    @Nullable Double secondsLeft,
    @Nullable Instant beatAt,
    @Nullable String outcome) {}
