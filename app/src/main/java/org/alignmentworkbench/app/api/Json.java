package org.alignmentworkbench.app.api;

import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// JSON objects that are kept as text, as maps.
final class Json {
  private Json() {}

  static Map<String, Object> object(String json) {
    return JsonMapper.shared().readValue(json, new TypeReference<Map<String, Object>>() {});
  }

  static ObjectNode node(Map<String, Object> object) {
    return JsonMapper.shared().valueToTree(object);
  }
}
