package org.alignmentworkbench.annotation.keys;

import org.alignmentworkbench.db.person.PersonSetting;
import org.alignmentworkbench.db.person.PersonSettingRepository;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// A person's keys, for the pages that have any. Read only when a page asks.
public final class OwnKeys {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final PersonSettingRepository settings;
  private final long personId;
  private @Nullable PersonSetting setting;

  OwnKeys(PersonSettingRepository settings, long personId) {
    this.settings = settings;
    this.personId = personId;
  }

  /// Those that are not the default, as a JSON object by the default, for `data-keys`.
  public String json() {
    return JSON.writeValueAsString(KeyChoice.of(setting().keys()).own());
  }

  /// Whether keys do anything, for `data-shortcuts`.
  public String shortcuts() {
    return setting().shortcuts() ? "on" : "off";
  }

  private PersonSetting setting() {
    PersonSetting known = setting;
    if (known == null) {
      known = settings.of(personId);
      setting = known;
    }
    return known;
  }
}
