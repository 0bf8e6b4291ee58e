package org.alignmentworkbench.db.task;

import java.time.Instant;
import org.alignmentworkbench.db.kind.Question;

/// What a lead asked for at one time.
///
/// @param source what the tasks were made of, a JSON object
/// @param tasks how many were new
/// @param judged judgements that they have
/// @param wanted judgements that they want
/// @param repeatPercent of its choices that somebody is dealt, those they made before, sides
///   swapped
/// @param mixed whether its tasks are mixed with those that waited before it; else they come after
/// @param undecided of comparisons with a tie; nothing otherwise
public record Setup(
    long id,
    long projectId,
    Question question,
    int overlap,
    String source,
    int tasks,
    long judged,
    long wanted,
    int repeatPercent,
    boolean mixed,
    Undecided undecided,
    String madeBy,
    Instant madeAt) {
  /// Judgements that prefer neither of two answers, and so tell a reward model nothing.
  public record Undecided(long ties, long bothBad) {}
}
