package org.alignmentworkbench.db.migration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.db.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The tables of Spring Batch and Spring Session come from our migrations; these compare them with
/// what the libraries' own scripts make.
class MigrationsIT {
  private static final String COLUMNS =
      """
      select table_name, column_name, ordinal_position, data_type, character_maximum_length,
        is_nullable, column_default
      from information_schema.columns
      where table_schema = :schema
        and (table_name like 'batch%' or table_name like 'spring%')
      order by table_name, ordinal_position
      """;
  private static final String SEQUENCES =
      """
      select sequence_name, data_type, start_value, minimum_value, maximum_value, increment,
        cycle_option
      from information_schema.sequences
      where sequence_schema = :schema
        and sequence_name like 'batch%'
      order by sequence_name
      """;
  private static final String INDEXES =
      """
      select indexname, replace(indexdef, :schema || '.', '') as definition
      from pg_indexes
      where schemaname = :schema
        and (tablename like 'batch%' or tablename like 'spring%')
      order by indexname
      """;
  private static final String CONSTRAINTS =
      """
      select conname, replace(pg_get_constraintdef(c.oid), :schema || '.', '') as definition
      from pg_constraint c
      join pg_namespace n on n.oid = c.connamespace
      where n.nspname = :schema
        and (conrelid::regclass::text like '%batch%' or conrelid::regclass::text like '%spring%')
      order by conname
      """;

  @AutoClose static final TestDatabase ours = TestDatabase.migrated();
  @AutoClose static final TestDatabase theirs = TestDatabase.empty();

  static {
    for (String script :
        List.of(
            "org/springframework/batch/core/schema-postgresql.sql",
            "org/springframework/session/jdbc/schema-postgresql.sql")) {
      theirs.jdbc().sql(read(script)).update();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {COLUMNS, SEQUENCES, INDEXES, CONSTRAINTS})
  void the_frameworks_tables_are_what_their_own_scripts_make(String query) {
    List<Map<String, Object>> expected = rows(theirs.jdbc(), query);

    assertThat(expected).isNotEmpty();
    assertThat(rows(ours.jdbc(), query)).isEqualTo(expected);
  }

  @Test
  void a_second_migration_has_nothing_to_do() {
    assertThat(Migrations.migrate(ours.dataSource())).isZero();
  }

  private static List<Map<String, Object>> rows(JdbcClient jdbc, String query) {
    return jdbc.sql(query).param("schema", "public").query().listOfRows();
  }

  private static String read(String resource) {
    try (InputStream in = MigrationsIT.class.getClassLoader().getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new AssertionError(resource, e);
    }
  }
}
