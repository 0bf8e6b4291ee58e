package org.alignmentworkbench.annotation.page;

/// The principal of a signed-in request, as pages need it. The application's `UserDetails` is one.
public interface SignedInPerson {
  /// The person's row.
  long personId();

  /// The sign-in name.
  String username();

  /// What the top bar shows.
  String displayName();

  /// `ADMIN`, `LEAD`, `ENGINEER`, `ANNOTATOR` or `VIEWER`.
  String role();

  /// Whether a program labels under this name; its judgements never mix with people's.
  boolean scripted();
}
