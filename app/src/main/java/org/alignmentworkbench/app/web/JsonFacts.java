package org.alignmentworkbench.app.web;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A JSON object as a list of facts: one line for each value, named by its path.
public final class JsonFacts {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private JsonFacts() {}

  /// One value.
  ///
  /// @param path member names joined by points; array elements by their number
  /// @param value the value's text
  public record Fact(String path, String value) {}

  /// The values in the order of the text.
  public static List<Fact> of(String json) {
    List<Fact> facts = new ArrayList<>();
    collect("", MAPPER.readTree(json), facts);
    return facts;
  }

  /// The root of a JSON text.
  public static JsonNode tree(String json) {
    return MAPPER.readTree(json);
  }

  private static void collect(String path, JsonNode node, List<Fact> facts) {
    if (node.isObject() && !node.isEmpty()) {
      for (var member : node.properties()) {
        collect(
            path.isEmpty() ? member.getKey() : path + "." + member.getKey(),
            member.getValue(),
            facts);
      }
    } else if (node.isArray() && !node.isEmpty() && !allScalars(node)) {
      for (int i = 0; i < node.size(); i++) {
        collect(path + "." + i, node.get(i), facts);
      }
    } else if (!path.isEmpty()) {
      facts.add(new Fact(path, node.isString() ? node.stringValue() : node.toString()));
    }
  }

  private static boolean allScalars(JsonNode array) {
    for (JsonNode element : array) {
      if (element.isContainer()) {
        return false;
      }
    }
    return true;
  }
}
