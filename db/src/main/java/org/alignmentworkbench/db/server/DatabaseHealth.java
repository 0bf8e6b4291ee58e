package org.alignmentworkbench.db.server;

import java.time.Instant;
import org.alignmentworkbench.db.row.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;

/// How the database is, for administrators.
///
/// @param version of PostgreSQL
/// @param bytes on the disk, of the connected database
/// @param connections open now, to the connected database
/// @param connectionLimit of the whole server
/// @param schemaVersion of the last migration
public record DatabaseHealth(
    String version,
    long bytes,
    long connections,
    long connectionLimit,
    Instant startedAt,
    String schemaVersion) {
  private static final String READ =
      """
      select current_setting('server_version') as version,
        pg_database_size(current_database()) as bytes,
        (select count(*) from pg_stat_activity where datname = current_database()) as connections,
        current_setting('max_connections')::bigint as connection_limit,
        pg_postmaster_start_time() as started_at,
        (
          select version
          from flyway_schema_history
          where success and version is not null
          order by installed_rank desc
          limit 1) as schema_version
      """;

  public static DatabaseHealth read(JdbcClient jdbc) {
    return jdbc.sql(READ)
        .query((row, number) ->
            new DatabaseHealth(
                row.getString("version"),
                row.getLong("bytes"),
                row.getLong("connections"),
                row.getLong("connection_limit"),
                Columns.instant(row, "started_at"),
                row.getString("schema_version")))
        .single();
  }
}
