package org.alignmentworkbench.db.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/// A PostgreSQL to connect to: the embedded one of a data folder, or an external one.
public sealed interface DatabaseServer extends AutoCloseable
    permits PostgresServer, ExternalServer {
  String url();

  String username();

  String password();

  /// Stops an embedded server; an external one is left alone.
  @Override
  void close();

  /// A pool of at most `connections` connections. Close it before the server.
  default HikariDataSource pool(int connections) {
    HikariConfig settings = new HikariConfig();
    settings.setJdbcUrl(url());
    settings.setUsername(username());
    settings.setPassword(password());
    settings.setMaximumPoolSize(connections);
    settings.setMinimumIdle(1);
    settings.setPoolName("workbench");
    return new HikariDataSource(settings);
  }
}
