package org.alignmentworkbench.app.config;

import java.util.Objects;
import org.alignmentworkbench.db.server.DataFolder;
import org.alignmentworkbench.db.server.DatabaseServer;
import org.alignmentworkbench.db.server.ExternalServer;
import org.alignmentworkbench.db.server.PostgresServer;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The data folder, the PostgreSQL in it (or elsewhere) and, through its address, Spring's pool,
/// migrations, job repository and sessions. Beans close in the opposite order: pool, server,
/// folder.
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {
  @Bean
  DataFolder dataFolder(WorkbenchSettings settings) {
    return DataFolder.open(settings.home());
  }

  @Bean
  DatabaseServer databaseServer(WorkbenchSettings settings, DataFolder folder) {
    WorkbenchSettings.Database database = settings.database();
    return database.url() == null
        ? PostgresServer.start(folder)
        : new ExternalServer(
            database.url(),
            Objects.requireNonNullElse(database.username(), ""),
            Objects.requireNonNullElse(database.password(), ""));
  }

  @Bean
  JdbcConnectionDetails jdbcConnectionDetails(DatabaseServer server) {
    return new JdbcConnectionDetails() {
      @Override
      public String getUsername() {
        return server.username();
      }

      @Override
      public String getPassword() {
        return server.password();
      }

      @Override
      public String getJdbcUrl() {
        return server.url();
      }
    };
  }
}
