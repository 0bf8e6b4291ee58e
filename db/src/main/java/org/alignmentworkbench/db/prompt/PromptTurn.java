package org.alignmentworkbench.db.prompt;

/// One turn of a prompt that is a conversation.
///
/// @param role who speaks
/// @param text what is said
public record PromptTurn(Role role, String text) {
  /// Who speaks.
  public enum Role {
    SYSTEM,
    USER,
    ASSISTANT
  }
}
