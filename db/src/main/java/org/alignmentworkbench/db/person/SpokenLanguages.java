package org.alignmentworkbench.db.person;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The languages people judge in: BCP 47 tags in lower case. A tag covers those it begins, `pt`
/// also `pt-br`.
public final class SpokenLanguages {
  private static final String OF =
      """
      select language
      from person_language
      where person_id = :personId
      order by language
      """;
  private static final String FORGET =
      """
      delete from person_language
      where person_id = :personId
        and language <> all(:languages)
      """;
  private static final String ADD =
      """
      insert into person_language (person_id, language)
      select :personId, language
      from unnest(:languages) as language
      on conflict do nothing
      """;

  private final JdbcClient jdbc;

  public SpokenLanguages(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// In order of the alphabet.
  public List<String> of(long personId) {
    return jdbc.sql(OF)
        .param("personId", personId)
        .query((row, number) -> row.getString("language"))
        .list();
  }

  public void set(long personId, List<String> languages) {
    String[] tags = languages.toArray(String[]::new);
    jdbc.sql(FORGET).param("personId", personId).param("languages", tags).update();
    jdbc.sql(ADD).param("personId", personId).param("languages", tags).update();
  }
}
