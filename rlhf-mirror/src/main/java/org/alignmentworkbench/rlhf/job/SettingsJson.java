package org.alignmentworkbench.rlhf.job;

import java.util.Map;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.type.LogicalType;

/// Settings records from JSON, strictly: what is given is laid over the defaults, and a key that no
/// setting has, a value of another type, or one that a record refuses is an error that names it.
public final class SettingsJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(
              LogicalType.Textual,
              config ->
                  config
                      .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
          .build();

  private SettingsJson() {}

  /// The settings that `json` makes of `defaults`; an empty object gives the defaults.
  public static <T extends Record> T read(String json, T defaults) {
    ObjectNode merged = MAPPER.valueToTree(defaults);
    merge(merged, object(json), "");
    try {
      @SuppressWarnings("unchecked")
      Class<T> type = (Class<T>) defaults.getClass();
      return MAPPER.treeToValue(merged, type);
    } catch (JacksonException e) {
      throw refused(e, merged);
    }
  }

  /// All settings as one JSON object, defaults included.
  public static String write(Record settings) {
    return MAPPER.writeValueAsString(settings);
  }

  /// A record that was written whole, such as what is kept with a model.
  public static <T extends Record> T parse(String json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JacksonException e) {
      throw refused(e, MAPPER.createObjectNode());
    }
  }

  private static ObjectNode object(String json) {
    try {
      if (MAPPER.readTree(json) instanceof ObjectNode object) {
        return object;
      }
      throw new IllegalArgumentException("settings must be a JSON object, were " + json);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("settings are not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static void merge(ObjectNode known, ObjectNode given, String path) {
    for (Map.Entry<String, JsonNode> entry : given.properties()) {
      String key = entry.getKey();
      if (!known.has(key)) {
        String rule = "known here are " + new TreeSet<>(known.propertyNames());
        throw new SettingRefused(
            path + key, rule, "unknown setting '" + path + key + "'; " + rule, null);
      }
      if (known.get(key) instanceof ObjectNode inner
          && entry.getValue() instanceof ObjectNode innerGiven) {
        merge(inner, innerGiven, path + key + ".");
      } else {
        known.set(key, entry.getValue());
      }
    }
  }

  private static SettingRefused refused(JacksonException e, ObjectNode settings) {
    var path = new StringBuilder();
    for (JacksonException.Reference reference : e.getPath()) {
      path.append(path.isEmpty() ? "" : ".").append(reference.getPropertyName());
    }
    Throwable cause = e;
    while (cause.getCause() != null && !(cause instanceof IllegalArgumentException)) {
      cause = cause.getCause();
    }
    String rule =
        String.valueOf(
            cause instanceof IllegalArgumentException
                ? cause.getMessage()
                : e.getOriginalMessage());
    return new SettingRefused(
        culprit(path.toString(), rule, settings),
        rule,
        path.isEmpty() ? "settings: " + rule : "setting '" + path + "': " + rule,
        e);
  }

  /// Constructors say which component breaks a rule in their first word, for the reader only knows
  /// the record.
  private static String culprit(String record, String rule, ObjectNode settings) {
    String component = rule.split(" ", 2)[0];
    String below = record.isEmpty() ? component : record + "." + component;
    return settings.at("/" + below.replace('.', '/')).isMissingNode() ? record : below;
  }
}
