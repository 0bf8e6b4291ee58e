package org.alignmentworkbench.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.alignmentworkbench.db.migration.Migrations;
import org.alignmentworkbench.db.server.DataFolder;
import org.alignmentworkbench.db.server.PostgresServer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/// A fresh database for a test class, on one real PostgreSQL shared by all of them.
///
/// ```java
/// @AutoClose static final TestDatabase database = TestDatabase.migrated();
/// ```
///
/// The server starts with the first use and ends with the JVM. A migrated database is a copy of one
/// that was migrated once.
public final class TestDatabase implements AutoCloseable {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final String TEMPLATE = "migrated";

  private final String name;
  private final HikariDataSource pool;

  private TestDatabase(String name, int connections) {
    this.name = name;
    HikariConfig settings = new HikariConfig();
    settings.setJdbcUrl(url());
    settings.setUsername(username());
    settings.setPassword(password());
    settings.setMaximumPoolSize(connections);
    settings.setMinimumIdle(0);
    this.pool = new HikariDataSource(settings);
  }

  /// A database with every table, and a pool of at most 8 connections.
  public static TestDatabase migrated() {
    return migrated(8);
  }

  /// The server allows 40 connections in all.
  public static TestDatabase migrated(int connections) {
    String name = "test_" + NUMBER.incrementAndGet();
    Shared.execute("create database " + name + " template " + TEMPLATE);
    return new TestDatabase(name, connections);
  }

  /// A database with nothing in it.
  public static TestDatabase empty() {
    String name = "test_" + NUMBER.incrementAndGet();
    Shared.execute("create database " + name);
    return new TestDatabase(name, 4);
  }

  public String url() {
    return Shared.SERVER.url(name);
  }

  public String username() {
    return Shared.SERVER.username();
  }

  public String password() {
    return Shared.SERVER.password();
  }

  public HikariDataSource dataSource() {
    return pool;
  }

  public JdbcClient jdbc() {
    return JdbcClient.create(pool);
  }

  public TransactionTemplate transactions() {
    return new TransactionTemplate(new DataSourceTransactionManager(pool));
  }

  /// Drops the database, whoever is still connected.
  @Override
  public void close() {
    pool.close();
    Shared.execute("drop database " + name + " with (force)");
  }

  /// Loaded, and so started, with the first database.
  private static final class Shared {
    static final PostgresServer SERVER = start();

    private static PostgresServer start() {
      try {
        Path home = Files.createTempDirectory("workbench-test-");
        // Unpacked once for all modules and runs, beside and never above the data.
        Path binaries = Path.of(System.getProperty("java.io.tmpdir"), "workbench-test-binaries");
        DataFolder folder = DataFolder.open(home);
        PostgresServer server = PostgresServer.start(folder, binaries);
        Runtime.getRuntime()
            .addShutdownHook(
                new Thread(() -> {
                  server.close();
                  folder.close();
                  deleteTree(home);
                }));
        execute(server, "create database " + TEMPLATE);
        DriverManagerDataSource template =
            new DriverManagerDataSource(server.url(TEMPLATE), server.username(), server.password());
        Migrations.migrate(template);
        return server;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    static void execute(String sql) {
      execute(SERVER, sql);
    }

    private static void execute(PostgresServer server, String sql) {
      DriverManagerDataSource postgres =
          new DriverManagerDataSource(server.url(), server.username(), server.password());
      try (Connection connection = postgres.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute(sql);
      } catch (SQLException e) {
        throw new IllegalStateException(sql, e);
      }
    }

    private static void deleteTree(Path root) {
      try (Stream<Path> walk = Files.walk(root)) {
        for (Path path : walk.toList().reversed()) {
          Files.deleteIfExists(path);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
