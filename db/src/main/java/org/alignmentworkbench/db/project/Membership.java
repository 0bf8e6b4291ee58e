package org.alignmentworkbench.db.project;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who may see and label a project.
///
/// @param restricted whether it is there only for those who belong to it
/// @param quota most judgements of one person; null sets no limit
/// @param languages of which a person must speak one to label; none asks for none
/// @param people who belong to it by name
/// @param cohorts that belong to it
public record Membership(
    boolean restricted,
    @Nullable Integer quota,
    List<String> languages,
    List<Member> people,
    List<Group> cohorts) {
  public Membership {
    languages = List.copyOf(languages);
    people = List.copyOf(people);
    cohorts = List.copyOf(cohorts);
  }

  /// A person.
  ///
  /// @param quota of their own; null leaves the project's
  /// @param judged judgements of the project that they have given
  /// @param labels whether they may label now, whatever their quota
  public record Member(
      long personId,
      String username,
      String displayName,
      String role,
      @Nullable Integer quota,
      long judged,
      boolean labels) {}

  /// A cohort.
  public record Group(long cohortId, String name, int members) {}
}
