package org.alignmentworkbench.db.task;

import java.time.Instant;

/// One version of a project's guideline for annotators; versions count from 1.
public record Guideline(long projectId, int version, String body, Instant createdAt) {}
