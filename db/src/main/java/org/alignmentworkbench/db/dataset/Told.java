package org.alignmentworkbench.db.dataset;

import org.jspecify.annotations.Nullable;

/// A preference between two responses, and what told it: a judgement, or a lead's decision of the
/// task; the other one is null.
record Told(
    @Nullable Long judgementId, @Nullable Long adjudicationId, long responseA, long responseB) {}
