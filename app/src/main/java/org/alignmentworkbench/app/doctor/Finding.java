package org.alignmentworkbench.app.doctor;

/// One thing that was looked at.
///
/// @param subject what
/// @param verdict how it stands
/// @param detail what was found, and for a problem what to do, in one sentence
public record Finding(String subject, Verdict verdict, String detail) {
  /// How it stands.
  public enum Verdict {
    /// As it should be.
    OK,
    /// Works, but not everything or not well.
    NOTE,
    /// The workbench cannot run.
    PROBLEM
  }

  static Finding ok(String subject, String detail) {
    return new Finding(subject, Verdict.OK, detail);
  }

  static Finding note(String subject, String detail) {
    return new Finding(subject, Verdict.NOTE, detail);
  }

  static Finding problem(String subject, String detail) {
    return new Finding(subject, Verdict.PROBLEM, detail);
  }
}
