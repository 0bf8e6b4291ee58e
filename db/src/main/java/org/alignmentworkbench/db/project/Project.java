package org.alignmentworkbench.db.project;

import java.time.Instant;

/// A project.
///
/// @param seed what every random stream of the project begins from
/// @param settings a JSON object
public record Project(
    long id, String name, long seed, String settings, State state, Instant createdAt) {
  /// Whether work goes on.
  public enum State {
    ACTIVE,
    FINISHED
  }
}
