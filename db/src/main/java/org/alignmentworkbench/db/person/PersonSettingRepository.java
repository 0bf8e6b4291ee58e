package org.alignmentworkbench.db.person;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Keeps what people have chosen for themselves.
public final class PersonSettingRepository {
  private static final String FIND =
      """
      select raw, shortcuts, keys, language
      from person_setting
      where person_id = :personId
      """;
  private static final String SET_RAW =
      """
      insert into person_setting (person_id, raw)
      values (:personId, :raw)
      on conflict (person_id) do update
      set raw = excluded.raw
      """;
  private static final String SET_SHORTCUTS =
      """
      insert into person_setting (person_id, shortcuts)
      values (:personId, :shortcuts)
      on conflict (person_id) do update
      set shortcuts = excluded.shortcuts
      """;
  private static final String SET_KEYS =
      """
      insert into person_setting (person_id, keys)
      values (:personId, :keys::jsonb)
      on conflict (person_id) do update
      set keys = excluded.keys
      """;
  private static final String SET_LANGUAGE =
      """
      insert into person_setting (person_id, language)
      values (:personId, :language)
      on conflict (person_id) do update
      set language = excluded.language
      """;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final JdbcClient jdbc;

  public PersonSettingRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// What a person has chosen, [PersonSetting#DEFAULT] where nothing.
  public PersonSetting of(long personId) {
    return jdbc.sql(FIND)
        .param("personId", personId)
        .query(PersonSettingRepository::setting)
        .optional()
        .orElse(PersonSetting.DEFAULT);
  }

  /// Texts as they are, or as Markdown.
  public void setRaw(long personId, boolean raw) {
    jdbc.sql(SET_RAW).param("personId", personId).param("raw", raw).update();
  }

  /// Keys on or off.
  public void setShortcuts(long personId, boolean shortcuts) {
    jdbc.sql(SET_SHORTCUTS).param("personId", personId).param("shortcuts", shortcuts).update();
  }

  /// The person's own keys, all of them at once.
  public void setKeys(long personId, Map<String, String> keys) {
    jdbc.sql(SET_KEYS)
        .param("personId", personId)
        .param("keys", JSON.writeValueAsString(keys))
        .update();
  }

  /// The language of the person's pages.
  public void setLanguage(long personId, String language) {
    jdbc.sql(SET_LANGUAGE).param("personId", personId).param("language", language).update();
  }

  private static PersonSetting setting(ResultSet row, int number) throws SQLException {
    return new PersonSetting(
        row.getBoolean("raw"),
        row.getBoolean("shortcuts"),
        JSON.readValue(row.getString("keys"), new TypeReference<Map<String, String>>() {}),
        row.getString("language"));
  }
}
