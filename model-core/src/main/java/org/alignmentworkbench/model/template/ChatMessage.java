package org.alignmentworkbench.model.template;

/// One message of a conversation.
///
/// @param role who speaks: `system`, `user` or `assistant`, or what else the template knows
/// @param content what is said; may be empty
public record ChatMessage(String role, String content) {
  /// The role whose messages are trained.
  public static final String ASSISTANT = "assistant";

  public ChatMessage {
    if (role.isEmpty()) {
      throw new IllegalArgumentException("role must not be empty");
    }
  }

  /// A message that sets the rules.
  public static ChatMessage system(String content) {
    return new ChatMessage("system", content);
  }

  /// A message of the person.
  public static ChatMessage user(String content) {
    return new ChatMessage("user", content);
  }

  /// A message of the model.
  public static ChatMessage assistant(String content) {
    return new ChatMessage(ASSISTANT, content);
  }

  boolean isAssistant() {
    return role.equals(ASSISTANT);
  }
}
