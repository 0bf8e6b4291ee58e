package org.alignmentworkbench.app.launch;

import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Settings as people write them: YAML, of which JSON is a kind.
public final class SettingsText {
  private SettingsText() {}

  /// The settings of a text; an empty one sets nothing.
  ///
  /// @throws IllegalArgumentException with what is wrong and where
  public static ObjectNode read(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    Object read;
    try {
      read = new Yaml(new SafeConstructor(options)).load(text);
    } catch (YAMLException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    return switch (read) {
      case null -> JsonMapper.shared().createObjectNode();
      case Map<?, ?> map -> JsonMapper.shared().valueToTree(map);
      default -> throw new IllegalArgumentException("it holds no settings but something else");
    };
  }
}
