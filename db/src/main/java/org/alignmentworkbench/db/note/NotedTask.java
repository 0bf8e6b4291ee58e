package org.alignmentworkbench.db.note;

import java.util.List;

/// What a note is about, for leads.
///
/// @param answers in the task's own order
public record NotedTask(String key, String prompt, List<String> answers) {
  public NotedTask {
    answers = List.copyOf(answers);
  }
}
