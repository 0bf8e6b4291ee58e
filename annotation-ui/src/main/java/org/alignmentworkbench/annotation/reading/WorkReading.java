package org.alignmentworkbench.annotation.reading;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The texts of a task that is no comparison as its page shows them.
///
/// @param turns of a prompt that is a conversation; empty for a prompt of one text
/// @param answers in the order in which they are shown
/// @param guideline null where the project has none of its own
/// @param raw whether this person reads texts as they are
public record WorkReading(
    List<Said> turns,
    Passage prompt,
    List<Passage> answers,
    @Nullable Passage guideline,
    boolean raw) {
  public WorkReading {
    turns = List.copyOf(turns);
    answers = List.copyOf(answers);
  }
}
