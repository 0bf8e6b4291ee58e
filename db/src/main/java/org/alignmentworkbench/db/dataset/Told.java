package org.alignmentworkbench.db.dataset;

/// Which two responses a judgement tells a preference between, by their numbers.
record Told(long judgementId, long responseA, long responseB) {}
