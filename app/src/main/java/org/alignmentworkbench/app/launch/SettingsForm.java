package org.alignmentworkbench.app.launch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.alignmentworkbench.rlhf.settings.SettingField;
import org.alignmentworkbench.rlhf.settings.SettingGroup;
import org.springframework.util.MultiValueMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What stands in the fields of a form of settings, right or wrong.
///
/// @param texts by path, one for each setting of the job
/// @param unknown what was given and is no setting: paths with what was given
record SettingsForm(Map<String, String> texts, Map<String, String> unknown) {
  /// In front of a setting's path in the form's field names, so that a setting can be called `name`
  /// as well.
  static final String PREFIX = "s.";

  SettingsForm {
    texts = new LinkedHashMap<>(texts);
    unknown = new LinkedHashMap<>(unknown);
  }

  /// Every setting at its default.
  static SettingsForm of(SettingGroup settings) {
    Map<String, String> texts = new LinkedHashMap<>();
    settings.fields().forEach(field -> texts.put(field.path(), field.text()));
    return new SettingsForm(texts, Map.of());
  }

  /// These with given ones laid over them.
  SettingsForm with(ObjectNode given) {
    SettingsForm form = new SettingsForm(texts, unknown);
    form.lay("", given);
    return form;
  }

  private void lay(String path, JsonNode given) {
    for (Map.Entry<String, JsonNode> member : given.properties()) {
      String at = path.isEmpty() ? member.getKey() : path + "." + member.getKey();
      JsonNode value = member.getValue();
      if (texts.containsKey(at)) {
        texts.put(at, typed(value));
      } else if (value.isObject()
          && texts.keySet().stream().anyMatch(p -> p.startsWith(at + "."))) {
        lay(at, value);
      } else {
        unknown.put(at, typed(value));
      }
    }
  }

  /// What a browser sent: a field's last value, for a box that is not ticked sends only the one
  /// hidden before it; the fields of a list together.
  static SettingsForm sent(SettingGroup settings, MultiValueMap<String, String> parameters) {
    SettingsForm form = SettingsForm.of(settings);
    parameters.forEach((name, values) -> {
      if (!name.startsWith(PREFIX) || values.isEmpty()) {
        return;
      }
      String path = name.substring(PREFIX.length());
      settings
          .field(path)
          .ifPresentOrElse(
              field ->
                  form.texts.put(
                      path,
                      field.kind() == SettingField.Kind.LIST
                          ? values.stream()
                              .filter(value -> !value.isBlank())
                              .collect(Collectors.joining(", "))
                          : values.getLast()),
              () -> {
                // One that was emptied is left out.
                if (!values.getLast().isBlank()) {
                  form.unknown.put(path, values.getLast());
                }
              });
    });
    return form;
  }

  /// What the fields come to.
  ///
  /// @param faults the rule that a field breaks, by path; empty when all is well
  record Read(ObjectNode settings, Map<String, String> faults) {}

  /// Reads every field by its own rule; what rules there are between fields only the record knows.
  Read read(SettingGroup group) {
    ObjectNode settings = JsonMapper.shared().createObjectNode();
    Map<String, String> faults = new HashMap<>();
    for (SettingField field : group.fields()) {
      try {
        put(settings, field.path(), field.read(texts.getOrDefault(field.path(), "")));
      } catch (IllegalArgumentException e) {
        faults.put(field.path(), String.valueOf(e.getMessage()));
      }
    }
    return new Read(settings, faults);
  }

  private static void put(ObjectNode settings, String path, Object value) {
    String[] names = path.split("\\.", -1);
    ObjectNode inner = settings;
    for (int i = 0; i < names.length - 1; i++) {
      inner = inner.get(names[i]) instanceof ObjectNode there ? there : inner.putObject(names[i]);
    }
    inner.set(names[names.length - 1], JsonMapper.shared().valueToTree(value));
  }

  private static String typed(JsonNode value) {
    if (value.isFloatingPointNumber()) {
      return SettingField.typed(value.asDouble());
    }
    if (value.isArray()) {
      List<String> items = new ArrayList<>();
      value.forEach(item -> items.add(typed(item)));
      return SettingField.typed(items);
    }
    return value.isValueNode() ? value.asString() : value.toString();
  }
}
