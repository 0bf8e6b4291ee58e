package org.alignmentworkbench.app.config;

import java.lang.reflect.RecordComponent;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/// Finds keys under `workbench` that no setting has, so that a mistyped key stops the start instead
/// of doing nothing: in files, arguments, system properties and environment variables.
public final class UnknownKeys {
  private static final String PREFIX = "workbench.";

  /// What the start script and the tests read, which is no setting of the server.
  private static final Set<String> ELSEWHERE =
      Set.of(
          "workbench.root",
          "workbench.build-seconds",
          "workbench.archive",
          "workbench.java-options",
          "workbench.long",
          "workbench.models",
          "workbench.fixtures",
          "workbench.peers",
          "workbench.peers-data");

  private UnknownKeys() {}

  /// The keys of the settings, as they are written in a file.
  public static Set<String> known() {
    Set<String> keys = new TreeSet<>();
    collect(WorkbenchSettings.class, PREFIX, keys);
    return keys;
  }

  /// The unknown keys, as their source writes them.
  public static Set<String> in(ConfigurableEnvironment environment) {
    Set<String> known = new TreeSet<>();
    known().forEach(key -> known.add(uniform(key)));
    ELSEWHERE.forEach(key -> known.add(uniform(key)));
    Set<String> unknown = new TreeSet<>();
    for (var source : environment.getPropertySources()) {
      if (!(source instanceof EnumerablePropertySource<?> enumerable)) {
        continue;
      }
      boolean variables = source instanceof SystemEnvironmentPropertySource;
      for (String name : enumerable.getPropertyNames()) {
        String key = variables ? name.replace('_', '.') : name;
        if (key.toLowerCase(Locale.ROOT).startsWith(PREFIX)
            && (variables
                ? known.stream().noneMatch(k -> bare(k).equals(bare(key)))
                : !known.contains(uniform(name)))) {
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

  /// A variable's name tells neither dots nor hyphens: `WORKBENCH_DATABASE_URL`.
  private static String bare(String key) {
    return uniform(key).replace(".", "");
  }

  /// Spring takes `code-version` and `codeVersion` for the same key; so does this check.
  private static String uniform(String key) {
    return key.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
  }
}
