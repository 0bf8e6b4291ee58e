package org.alignmentworkbench.db.person;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a person has chosen for themselves.
///
/// @param raw whether texts are shown as they are instead of as Markdown
/// @param shortcuts whether keys do anything at the desk
/// @param keys the person's own key by the key that is there by default
/// @param language the language of the pages, `en` or `ar`; null for the browser's
public record PersonSetting(
    boolean raw, boolean shortcuts, Map<String, String> keys, @Nullable String language) {
  /// Nothing chosen yet.
  public static final PersonSetting DEFAULT = new PersonSetting(false, true, Map.of(), null);

  public PersonSetting {
    keys = Map.copyOf(keys);
  }
}
