package org.alignmentworkbench.app.remote;

import java.util.List;
import java.util.SortedMap;
import org.alignmentworkbench.db.run.Heartbeat;
import org.alignmentworkbench.db.run.LogLine;
import org.alignmentworkbench.db.run.RunState;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A run that a command on this machine asks the server for.
///
/// @param project the project's name; null for the newest one
/// @param name what to call the run, unique in its project; null for the job's name with a number
/// @param job the kind of run
/// @param settings laid over the job's defaults
/// @param seed of everything random; null for the project's
/// @param dataFile a file on this machine that becomes a dataset of the project, whose name the
///   setting `data` then is; null for none
public record RunOrder(
    @Nullable String project,
    @Nullable String name,
    String job,
    ObjectNode settings,
    @Nullable Long seed,
    @Nullable String dataFile) {

  /// How a run stands.
  ///
  /// @param settings all of its settings, defaults included
  /// @param figures the last value of every series by its name; null where it was not finite
  /// @param log the lines after the one that was asked for
  public record Standing(
      long id,
      String project,
      String name,
      String job,
      RunState state,
      String detail,
      long seed,
      ObjectNode settings,
      @Nullable Heartbeat heartbeat,
      SortedMap<String, @Nullable Double> figures,
      List<LogLine> log) {}

  /// Why an order cannot be carried out.
  public record Refusal(String error) {}
}
