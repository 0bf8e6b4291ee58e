package org.alignmentworkbench.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.alignmentworkbench.app.launch.SettingsText;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A run's settings as people write them: a YAML file, of which JSON is a kind, and `key=value`
/// with dots for what lies inside.
final class SettingsFile {
  private static final JsonMapper JSON = JsonMapper.shared();

  private SettingsFile() {}

  static ObjectNode read(Path file) throws IOException {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new CommandRefused("there is no file " + file);
    }
    try {
      return SettingsText.read(text);
    } catch (IllegalArgumentException e) {
      throw new CommandRefused(file + ": " + e.getMessage());
    }
  }

  /// Lays one `key=value` over the settings. A value that reads as JSON is that, any other is text.
  static void put(ObjectNode settings, String setting) {
    int equals = setting.indexOf('=');
    if (equals < 1) {
      throw new CommandRefused("'" + setting + "' is no setting; write key=value");
    }
    String[] path = setting.substring(0, equals).split("\\.", -1);
    ObjectNode inner = settings;
    for (int i = 0; i < path.length - 1; i++) {
      JsonNode next = inner.get(path[i]);
      inner = next instanceof ObjectNode object ? object : inner.putObject(path[i]);
    }
    inner.set(path[path.length - 1], value(setting.substring(equals + 1)));
  }

  private static JsonNode value(String text) {
    try {
      JsonNode read = JSON.readTree(text);
      return read.isMissingNode() ? JSON.getNodeFactory().stringNode(text) : read;
    } catch (JacksonException e) {
      return JSON.getNodeFactory().stringNode(text);
    }
  }
}
