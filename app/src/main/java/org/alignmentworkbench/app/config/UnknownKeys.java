package org.alignmentworkbench.app.config;

import java.lang.reflect.RecordComponent;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.StandardEnvironment;

/// Finds keys under `workbench` that no setting has, so that a mistyped key stops the start instead
/// of doing nothing. Environment variables are left out: tests and scripts keep their own names
/// with that prefix there.
public final class UnknownKeys {
  private static final String PREFIX = "workbench.";

  private static final Set<String> ELSEWHERE =
      Set.of(
          StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
          StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);

  private UnknownKeys() {}

  /// The keys of the settings, as they are written in a file.
  public static Set<String> known() {
    Set<String> keys = new TreeSet<>();
    collect(WorkbenchSettings.class, PREFIX, keys);
    return keys;
  }

  /// The unknown keys in the environment's files and arguments.
  public static Set<String> in(ConfigurableEnvironment environment) {
    Set<String> known = new TreeSet<>();
    known().forEach(key -> known.add(uniform(key)));
    Set<String> unknown = new TreeSet<>();
    for (var source : environment.getPropertySources()) {
      if (ELSEWHERE.contains(source.getName())
          || !(source instanceof EnumerablePropertySource<?> enumerable)) {
        continue;
      }
      for (String name : enumerable.getPropertyNames()) {
        if (name.toLowerCase(Locale.ROOT).startsWith(PREFIX) && !known.contains(uniform(name))) {
          unknown.add(name);
        }
      }
    }
    return unknown;
  }

  private static void collect(Class<?> type, String prefix, Set<String> keys) {
    for (RecordComponent component : type.getRecordComponents()) {
      String key =
          prefix + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
      if (component.getType().isRecord()) {
        collect(component.getType(), key + ".", keys);
      } else {
        keys.add(key);
      }
    }
  }

  /// Spring takes `code-version` and `codeVersion` for the same key; so does this check.
  private static String uniform(String key) {
    return key.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
  }
}
