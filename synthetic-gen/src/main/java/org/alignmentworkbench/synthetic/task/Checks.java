package org.alignmentworkbench.synthetic.task;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import org.alignmentworkbench.synthetic.check.CheckResult;

/// What all the checks of a task say about one response.
public record Checks(List<CheckResult> results) {
  public Checks {
    results = List.copyOf(results);
    if (results.isEmpty()) {
      throw new IllegalArgumentException("a task has at least one check");
    }
  }

  public static Checks evaluate(GeneratedTask task, String response) {
    return new Checks(task.checks().stream().map(check -> check.evaluate(response)).toList());
  }

  /// True when every check passed.
  public boolean passed() {
    return results.stream().allMatch(CheckResult::passed);
  }

  /// Checks passed over checks, in [0, 1].
  public double share() {
    return (double) results.stream().filter(CheckResult::passed).count() / results.size();
  }

  /// The reasons of the checks that failed.
  public List<String> faults() {
    return results.stream().filter(result -> !result.passed()).map(CheckResult::reason).toList();
  }

  /// As stored beside a response: `[{"check": ..., "passed": ..., "reason": ...}]`.
  public String toJson() {
    JsonArray json = new JsonArray();
    for (CheckResult result : results) {
      JsonObject entry = new JsonObject();
      entry.addProperty("check", result.check().describe());
      entry.addProperty("passed", result.passed());
      entry.addProperty("reason", result.reason());
      json.add(entry);
    }
    return json.toString();
  }
}
