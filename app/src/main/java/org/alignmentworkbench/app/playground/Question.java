package org.alignmentworkbench.app.playground;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.alignmentworkbench.model.generation.SamplingSettings;
import org.alignmentworkbench.model.generation.Truncation;
import org.alignmentworkbench.model.template.ChatMessage;

/// What a person asks a model.
///
/// @param model a [Choice] of a model
/// @param adapter a registered adapter on a registered model, or empty
/// @param system what stands before the conversation, or empty
/// @param messages the conversation so far, a user's turn last
/// @param seed of the draws
record Question(
    String model,
    String adapter,
    String system,
    List<ChatMessage> messages,
    boolean greedy,
    double temperature,
    int topK,
    double topP,
    double minP,
    int maxTokens,
    long seed) {
  private static final int LONGEST = 200_000;

  Question {
    messages = List.copyOf(messages);
    if (messages.isEmpty() || !messages.getLast().role().equals("user")) {
      throw new IllegalArgumentException("the last message must be a user's");
    }
    int length = system.length();
    for (ChatMessage message : messages) {
      length += message.content().length();
    }
    if (length > LONGEST) {
      throw new IllegalArgumentException(
          "a conversation has at most " + LONGEST + " characters, was " + length);
    }
    if (maxTokens < 1) {
      throw new IllegalArgumentException("the longest answer must be >= 1 token, was " + maxTokens);
    }
  }

  /// The conversation with what stands before it.
  List<ChatMessage> conversation() {
    var all = new ArrayList<ChatMessage>();
    if (!system.isBlank()) {
      all.add(ChatMessage.system(system));
    }
    all.addAll(messages);
    return all;
  }

  /// How tokens are drawn.
  ///
  /// @param room positions left in the model's context
  SamplingSettings sampling(Set<Integer> stops, int room) {
    return new SamplingSettings(
        greedy ? 1 : temperature,
        Math.min(maxTokens, room),
        stops,
        greedy,
        new Truncation(topK, topP, minP));
  }
}
