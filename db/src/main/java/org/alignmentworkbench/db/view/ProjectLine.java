package org.alignmentworkbench.db.view;

import java.time.Instant;
import org.alignmentworkbench.db.project.Project;

/// A project as a list shows it.
///
/// @param wanted judgements wanted in all rounds
/// @param judged how many of these are there
/// @param activeRuns queued, running and waiting ones
public record ProjectLine(
    long id,
    String name,
    Project.State state,
    Instant createdAt,
    long prompts,
    long wanted,
    long judged,
    long models,
    long evaluations,
    long activeRuns) {}
