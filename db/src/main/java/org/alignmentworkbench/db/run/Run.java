package org.alignmentworkbench.db.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One run of a job.
///
/// @param configuration a JSON object: every setting the run used
/// @param detail a sentence for people: what it waits for, why it failed
/// @param device what it runs on; runs of one device take turns
/// @param queueOrder smallest goes first
public record Run(
    long id,
    long projectId,
    String name,
    String jobName,
    String configuration,
    long seed,
    String codeVersion,
    RunState state,
    String detail,
    @Nullable Long jobExecutionId,
    String device,
    long queueOrder,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt) {}
