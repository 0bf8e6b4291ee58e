package org.alignmentworkbench.annotation.reading;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The texts of a pair as its page shows them.
///
/// @param turns of a prompt that is a conversation; empty for a prompt of one text
/// @param guideline null where the project has none of its own
/// @param raw whether this person reads texts as they are
public record PairReading(
    List<Said> turns,
    Passage prompt,
    Passage left,
    Passage right,
    @Nullable Passage guideline,
    boolean raw) {}
