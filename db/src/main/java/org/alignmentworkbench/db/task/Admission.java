package org.alignmentworkbench.db.task;

/// Whether somebody is dealt the work of a project.
public sealed interface Admission {
  /// They are.
  ///
  /// @param warned whether they find too few known answers and the project wants them told
  record Admitted(boolean warned) implements Admission {}

  /// First come pairs that show whether they judge as the project wants.
  ///
  /// @param done of them
  /// @param wanted in all
  record Qualifying(int done, int wanted) implements Admission {}

  /// They found too few of those; a lead lets them in or asks again.
  record NotQualified(Found found) implements Admission {}

  /// Nothing is dealt to them until a lead decides.
  ///
  /// @param byLead whether a lead stopped them, or what they found did
  record Stopped(boolean byLead, Found found) implements Admission {}
}
