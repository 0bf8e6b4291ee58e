package org.alignmentworkbench.app.run;

import java.util.List;
import org.alignmentworkbench.rlhf.settings.SettingField;
import org.alignmentworkbench.rlhf.settings.SettingGroup;
import org.alignmentworkbench.rlhf.settings.SettingPart;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The settings of a run as a YAML file that `./workbench run JOB --file` and the form of a new run
/// read: in the order of the job's record, what each means beside it.
final class SettingsYaml {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private SettingsYaml() {}

  /// @param head lines of comment at the top
  /// @param known the job's settings, or null where the job is not there any more
  static String write(List<String> head, @Nullable SettingGroup known, JsonNode settings) {
    StringBuilder yaml = new StringBuilder();
    head.forEach(line -> yaml.append("# ").append(line).append('\n'));
    object(yaml, 0, known, settings);
    return yaml.toString();
  }

  private static void object(
      StringBuilder yaml, int depth, @Nullable SettingGroup known, JsonNode object) {
    if (known != null) {
      for (SettingPart part : known.parts()) {
        JsonNode value = object.get(part.name());
        if (value != null) {
          entry(yaml, depth, part.name(), part, value);
        }
      }
    }
    for (var member : object.properties()) {
      boolean written =
          known != null
              && known.parts().stream().anyMatch(part -> part.name().equals(member.getKey()));
      if (!written) {
        entry(yaml, depth, member.getKey(), null, member.getValue());
      }
    }
  }

  private static void entry(
      StringBuilder yaml, int depth, String name, @Nullable SettingPart known, JsonNode value) {
    yaml.append("  ".repeat(depth)).append(name).append(':');
    if (value.isObject() && !value.isEmpty()) {
      comment(yaml, known);
      object(yaml, depth + 1, known instanceof SettingGroup group ? group : null, value);
      return;
    }
    // Scalars and lists of JSON are scalars and lists of YAML.
    yaml.append(' ').append(JSON.writeValueAsString(value));
    comment(yaml, known);
  }

  private static void comment(StringBuilder yaml, @Nullable SettingPart known) {
    String text =
        known == null
            ? ""
            : known instanceof SettingField field ? RunSettings.hint(field) : known.meaning();
    yaml.append(text.isEmpty() ? "" : "  # " + text).append('\n');
  }
}
