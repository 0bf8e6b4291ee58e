package org.alignmentworkbench.app.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.alignmentworkbench.model.template.ChatMessage;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Files that commands are given: a JSON list each, so that one start serves many entries. What
/// does not fit is refused with file, entry and rule.
final class JsonFile {
  private static final Set<String> MESSAGE = Set.of("role", "content");

  private final Path file;
  private final JsonNode list;

  private JsonFile(Path file, JsonNode list) {
    this.file = file;
    this.list = list;
  }

  static JsonFile read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new CommandRefused("there is no file " + file);
    }
    JsonNode root;
    try {
      root = JsonMapper.shared().readTree(file.toFile());
    } catch (JacksonException malformed) {
      throw new CommandRefused(file + " is not JSON: " + malformed.getOriginalMessage());
    }
    if (!root.isArray()) {
      throw new CommandRefused(file + " must hold a JSON list, holds " + shortened(root));
    }
    return new JsonFile(file, root);
  }

  /// Lists of token ids, each `[1, 2]` or `{"ids": [1, 2]}`.
  ///
  /// @param least the fewest ids of an entry
  List<int[]> ids(int vocabularySize, int least) {
    List<int[]> all = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      JsonNode entry = list.get(i);
      JsonNode ids = entry.isObject() ? entry.path("ids") : entry;
      if (!ids.isArray()) {
        throw refused(i, "must be a list of token ids, was " + shortened(entry));
      }
      if (ids.size() < least) {
        throw refused(i, "must hold at least " + least + " ids, holds " + ids.size());
      }
      int[] values = new int[ids.size()];
      for (int t = 0; t < values.length; t++) {
        JsonNode id = ids.get(t);
        if (!id.isInt() || id.intValue() < 0 || id.intValue() >= vocabularySize) {
          throw refused(
              i, "id " + t + " must be a number in [0, " + vocabularySize + "), was " + id);
        }
        values[t] = id.intValue();
      }
      all.add(values);
    }
    return all;
  }

  /// Texts.
  List<String> strings() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      if (!list.get(i).isString()) {
        throw refused(i, "must be a string, was " + shortened(list.get(i)));
      }
      all.add(list.get(i).stringValue());
    }
    return all;
  }

  /// Conversations, each a list of messages or `{"messages": [...]}`.
  List<List<ChatMessage>> conversations() {
    List<List<ChatMessage>> all = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      JsonNode entry = list.get(i);
      JsonNode messages = entry.isObject() ? entry.path("messages") : entry;
      if (!messages.isArray()) {
        throw refused(i, "must be a list of messages, was " + shortened(entry));
      }
      List<ChatMessage> conversation = new ArrayList<>();
      for (int m = 0; m < messages.size(); m++) {
        conversation.add(message(i, m, messages.get(m)));
      }
      all.add(conversation);
    }
    return all;
  }

  private ChatMessage message(int i, int m, JsonNode message) {
    String place = "message " + m;
    if (!message.isObject()) {
      throw refused(i, place + " must hold role and content, was " + shortened(message));
    }
    for (String key : message.propertyNames()) {
      if (!MESSAGE.contains(key)) {
        throw refused(i, place + " must hold role and content alone, has " + key);
      }
    }
    for (String key : MESSAGE) {
      if (!message.path(key).isString()) {
        throw refused(i, place + ": " + key + " must be a string, was " + message.path(key));
      }
    }
    if (message.path("role").stringValue().isEmpty()) {
      throw refused(i, place + ": role must not be empty");
    }
    return new ChatMessage(
        message.path("role").stringValue(), message.path("content").stringValue());
  }

  private CommandRefused refused(int entry, String rule) {
    return new CommandRefused(file + ", entry " + entry + ": " + rule);
  }

  private static String shortened(JsonNode node) {
    String text = node.toString();
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }
}
