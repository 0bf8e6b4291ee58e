package org.alignmentworkbench.app.remote;

import org.alignmentworkbench.rlhf.settings.SettingField;
import org.alignmentworkbench.rlhf.settings.SettingGroup;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Lists as people type them on a command line, where commas part them: `formats=hf,gguf`.
final class TypedLists {
  private TypedLists() {}

  /// The settings with every text that stands for a list taken apart; all else as it is.
  ///
  /// @throws IllegalArgumentException with the setting and the rule that a list breaks
  static ObjectNode read(ObjectNode given, SettingGroup settings) {
    ObjectNode read = given.deepCopy();
    for (SettingField field : settings.fields()) {
      if (field.kind() == SettingField.Kind.LIST) {
        read(read, field);
      }
    }
    return read;
  }

  private static void read(ObjectNode settings, SettingField field) {
    int dot = field.path().lastIndexOf('.');
    JsonNode inner =
        dot < 0 ? settings : settings.at("/" + field.path().substring(0, dot).replace('.', '/'));
    String name = field.path().substring(dot + 1);
    if (inner instanceof ObjectNode group && group.path(name).isString()) {
      try {
        group.set(name, JsonMapper.shared().valueToTree(field.read(group.path(name).asString())));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(field.path() + " " + e.getMessage(), e);
      }
    }
  }
}
