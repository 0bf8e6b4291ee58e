package org.alignmentworkbench.model.dataset;

/// One turn of a dialogue.
///
/// @param role who speaks
/// @param content what is said
public record Turn(Role role, String content) {

  /// Who speaks.
  public enum Role {
    SYSTEM,
    USER,
    ASSISTANT
  }

  public static Turn user(String content) {
    return new Turn(Role.USER, content);
  }

  public static Turn assistant(String content) {
    return new Turn(Role.ASSISTANT, content);
  }
}
