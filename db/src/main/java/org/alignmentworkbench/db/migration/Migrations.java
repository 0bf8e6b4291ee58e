package org.alignmentworkbench.db.migration;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/// Brings a database to the schema of this version. Spring Batch's and Spring Session's tables come
/// from the same place, so nothing else creates a table.
public final class Migrations {
  private static final String LOCATION = "classpath:db/migration";

  private Migrations() {}

  /// Runs what is missing up to a version, for rows that were written with that schema.
  public static int migrateTo(DataSource database, String version) {
    return Flyway.configure()
        .dataSource(database)
        .locations(LOCATION)
        .cleanDisabled(true)
        .target(version)
        .load()
        .migrate()
        .migrationsExecuted;
  }

  /// Runs what is missing, in order, and returns how many migrations ran. A database that a newer
  /// version has changed is refused by Flyway's validation.
  public static int migrate(DataSource database) {
    return Flyway.configure()
        .dataSource(database)
        .locations(LOCATION)
        .cleanDisabled(true)
        .load()
        .migrate()
        .migrationsExecuted;
  }
}
