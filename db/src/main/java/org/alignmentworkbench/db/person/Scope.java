package org.alignmentworkbench.db.person;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// What a token lets its program do, at most: the person's own role is asked as well, each time.
public enum Scope {
  /// Looks at projects, runs, models and figures.
  READ,
  /// Takes tasks and judges.
  LABEL,
  /// Changes projects: makes them, launches and stops runs, takes judgements out and brings them
  /// in.
  LEAD,
  /// Changes people.
  ADMIN;

  /// What a person of a role may give to a token.
  public static Set<Scope> of(Role role) {
    return switch (role) {
      case ADMIN -> EnumSet.allOf(Scope.class);
      case LEAD, ENGINEER -> EnumSet.of(READ, LABEL, LEAD);
      case ANNOTATOR -> EnumSet.of(LABEL);
      case VIEWER -> EnumSet.of(READ);
    };
  }

  /// As programs read and write it.
  public String title() {
    return name().toLowerCase(Locale.ROOT);
  }
}
