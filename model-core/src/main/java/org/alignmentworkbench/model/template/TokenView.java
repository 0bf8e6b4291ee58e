package org.alignmentworkbench.model.template;

import org.jspecify.annotations.Nullable;

/// One token of a rendered conversation, with what a person needs to see that the right ones are
/// trained.
///
/// @param id its id
/// @param text what it stands for; a part of a character shows as U+FFFD
/// @param control whether it is a control token
/// @param supervised whether the loss counts it
/// @param why what it is there for
/// @param source the message it came from, or null when the template wrote it; a token that joins
///   both belongs to the message
public record TokenView(
    int id, String text, boolean control, boolean supervised, Why why, @Nullable Source source) {

  /// What a token is there for.
  public enum Why {
    /// The template's frame around the messages.
    FRAME,
    /// The name of a role.
    ROLE,
    /// The content of a message that the model reads and does not learn.
    PROMPT,
    /// What the model learns to say.
    ANSWER,
    /// The control token by which the model learns to stop.
    END_OF_TURN,
    /// A part of an assistant's message that the template leaves out of training.
    UNTRAINED_ANSWER
  }

  /// A field of a message.
  ///
  /// @param message index of the message in the conversation
  /// @param field `role` or `content`
  public record Source(int message, String field) {}
}
