package org.alignmentworkbench.db.person;

/// What a person may do.
public enum Role {
  /// People, health, audit; and everything below.
  ADMIN,
  /// Leads a project's labelling.
  LEAD,
  /// Launches runs and ships models.
  ENGINEER,
  /// Labels.
  ANNOTATOR,
  /// Reads.
  VIEWER
}
