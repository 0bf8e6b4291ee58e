package org.alignmentworkbench.db.run;

/// What is known of a run before it starts.
///
/// @param name unique in its project
/// @param configuration a JSON object: every setting the run uses
public record NewRun(
    long projectId,
    String name,
    String jobName,
    String configuration,
    long seed,
    String codeVersion,
    String device) {
  public NewRun {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a run needs a name");
    }
  }
}
