package org.alignmentworkbench.app.api;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads an OpenAPI document into what its page shows.
final class ApiPages {
  private static final int DEEPEST = 4;

  private final JsonNode document;
  private final String origin;

  /// @param origin the start of this server's addresses, as the reader's browser sees it
  ApiPages(JsonNode document, String origin) {
    this.document = document;
    this.origin = origin;
  }

  /// A parameter, or a field of what is sent or answered.
  ///
  /// @param place `path`, `query`, `header`, or empty for a field
  record Field(String name, String place, String type, boolean required) {}

  /// An operation.
  record Op(
      String id,
      String method,
      String path,
      String summary,
      String description,
      String scopes,
      List<Field> parameters,
      List<Field> body,
      List<Field> answer,
      String example) {}

  /// The operations by their tag.
  Map<String, List<Op>> groups() {
    Map<String, List<Op>> groups = new TreeMap<>();
    document
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(method -> {
                  JsonNode operation = method.getValue();
                  groups
                      .computeIfAbsent(
                          operation.path("tags").path(0).asString(""), _ -> new ArrayList<>())
                      .add(op(path.getKey(), method.getKey(), operation));
                }));
    return groups;
  }

  private Op op(String path, String method, JsonNode operation) {
    List<Field> parameters = new ArrayList<>();
    for (JsonNode parameter : operation.path("parameters")) {
      parameters.add(
          new Field(
              parameter.path("name").asString(""),
              parameter.path("in").asString(""),
              type(parameter.path("schema")),
              parameter.path("required").asBoolean(false)));
    }
    JsonNode body = content(operation.path("requestBody"));
    String upper = method.toUpperCase(Locale.ROOT);
    return new Op(
        (method + path).replaceAll("[^A-Za-z0-9]+", "-"),
        upper,
        path,
        operation.path("summary").asString(""),
        operation.path("description").asString(""),
        texts(operation.path(ApiDocument.SCOPES)),
        parameters,
        fields(body),
        fields(answer(operation.path("responses"))),
        example(upper, path, parameters, operation.path("requestBody"), body));
  }

  private static String texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(JsonNode::asString)
        .collect(Collectors.joining(", "));
  }

  private static JsonNode content(JsonNode holder) {
    Collection<Map.Entry<String, JsonNode>> types = holder.path("content").properties();
    return types.isEmpty()
        ? JsonNodeFactory.instance.missingNode()
        : types.iterator().next().getValue().path("schema");
  }

  private static JsonNode answer(JsonNode responses) {
    for (Map.Entry<String, JsonNode> response : responses.properties()) {
      if (response.getKey().startsWith("2")) {
        return content(response.getValue());
      }
    }
    return JsonNodeFactory.instance.missingNode();
  }

  /// The fields of an object; of a list, those of what it holds.
  private List<Field> fields(JsonNode given) {
    JsonNode schema = resolved(given);
    if (schema.path("type").asString("").equals("array")) {
      return fields(schema.path("items"));
    }
    Set<String> required = new HashSet<>();
    schema.path("required").forEach(name -> required.add(name.asString()));
    List<Field> fields = new ArrayList<>();
    schema
        .path("properties")
        .properties()
        .forEach(property ->
            fields.add(
                new Field(
                    property.getKey(),
                    "",
                    type(property.getValue()),
                    required.contains(property.getKey()))));
    return fields;
  }

  private JsonNode resolved(JsonNode schema) {
    String reference = schema.path("$ref").asString("");
    return reference.isEmpty()
        ? schema
        : document
            .path("components")
            .path("schemas")
            .path(reference.substring(reference.lastIndexOf('/') + 1));
  }

  private String type(JsonNode schema) {
    String reference = schema.path("$ref").asString("");
    if (!reference.isEmpty()) {
      return reference.substring(reference.lastIndexOf('/') + 1);
    }
    if (!schema.path("enum").isMissingNode()) {
      return texts(schema.path("enum"));
    }
    JsonNode declared = schema.path("type");
    String name = declared.isArray() ? declared.path(0).asString("") : declared.asString("");
    if (name.equals("array")) {
      return "[" + type(schema.path("items")) + "]";
    }
    String format = schema.path("format").asString("");
    return format.isEmpty() || format.startsWith("int") || format.equals("double") ? name : format;
  }

  /// A line for a shell, with the token in a variable.
  private String example(
      String method, String path, List<Field> parameters, JsonNode requestBody, JsonNode schema) {
    StringBuilder line = new StringBuilder("curl");
    if (!method.equals("GET")) {
      line.append(" -X ").append(method);
    }
    line.append(" -H \"Authorization: Bearer $TOKEN\"");
    for (Field parameter : parameters) {
      if (parameter.place().equals("header")) {
        line.append(" -H \"").append(parameter.name()).append(": $(uuidgen)\"");
      }
    }
    for (Map.Entry<String, JsonNode> content : requestBody.path("content").properties()) {
      line.append(" -H 'Content-Type: ").append(content.getKey()).append('\'');
      line.append(
          content.getKey().contains("octet-stream")
              ? " --data-binary @FILE"
              : " -d '" + JsonMapper.shared().writeValueAsString(sample(schema, 0)) + "'");
    }
    String query =
        parameters.stream()
            .filter(parameter -> parameter.place().equals("query") && parameter.required())
            .map(parameter -> parameter.name() + "=" + parameter.name())
            .collect(Collectors.joining("&"));
    return line.append(" '")
        .append(origin)
        .append(path.replaceAll("\\{sha256}", "0".repeat(64)).replaceAll("\\{[^}]*}", "1"))
        .append(query.isEmpty() ? "" : "?" + query)
        .append('\'')
        .toString();
  }

  private JsonNode sample(JsonNode given, int depth) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    JsonNode schema = resolved(given);
    if (!schema.path("enum").isMissingNode()) {
      return schema.path("enum").path(0);
    }
    JsonNode declared = schema.path("type");
    String type = declared.isArray() ? declared.path(0).asString("") : declared.asString("");
    return switch (type) {
      case "integer", "number" -> make.numberNode(1);
      case "boolean" -> make.booleanNode(false);
      case "array" -> make.arrayNode();
      case "string" -> make.stringNode("...");
      default -> {
        ObjectNode object = make.objectNode();
        if (depth < DEEPEST) {
          schema
              .path("properties")
              .properties()
              .forEach(property ->
                  object.set(property.getKey(), sample(property.getValue(), depth + 1)));
        }
        yield object;
      }
    };
  }
}
