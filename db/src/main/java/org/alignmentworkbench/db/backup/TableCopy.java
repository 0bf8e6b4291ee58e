package org.alignmentworkbench.db.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/// All tables of one moment, read in one transaction that sees nothing of what is written
/// meanwhile, and the same written into a database whose schema is there.
///
/// Sessions are left out: a backup must not let anybody in. Flyway's own table is compared, never
/// copied.
public final class TableCopy implements AutoCloseable {
  private static final String TABLES =
      """
      select table_name
      from information_schema.tables
      where table_schema = 'public'
        and table_type = 'BASE TABLE'
        and table_name <> 'flyway_schema_history'
        and table_name not like 'spring\\_session%'
      order by table_name
      """;
  private static final String COLUMNS =
      """
      select column_name
      from information_schema.columns
      where table_schema = 'public'
        and table_name = ?
        and is_generated = 'NEVER'
      order by ordinal_position
      """;
  // Sequences stand outside transactions: read after the moment, they are at least as far.
  private static final String SEQUENCES =
      """
      select sequencename as name, coalesce(last_value, start_value) as value,
        last_value is not null as called
      from pg_sequences
      where schemaname = 'public'
      order by sequencename
      """;
  private static final String MIGRATIONS =
      """
      select version, coalesce(checksum, 0) as checksum
      from flyway_schema_history
      where success
        and version is not null
      order by installed_rank
      """;
  private static final String SWEPT =
      """
      select sha256
      from artifact
      where swept_at is not null
        and sha256 = ?
      """;
  private static final String KEPT =
      """
      select sha256, folder
      from artifact
      where swept_at is null
      order by sha256
      """;
  private static final String MARK_SWEPT =
      """
      update artifact
      set swept_at = now()
      where sha256 = ?
      """;

  private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

  private final Connection connection;
  private final DataSource database;

  private TableCopy(DataSource database, Connection connection) {
    this.database = database;
    this.connection = connection;
  }

  /// A table.
  ///
  /// @param columns in the order in which rows hold them
  public record Table(String name, List<String> columns) {
    public Table {
      columns = List.copyOf(columns);
      requireName(name);
      columns.forEach(TableCopy::requireName);
    }
  }

  /// How far a sequence is.
  ///
  /// @param called whether `value` was given out
  public record Sequence(String name, long value, boolean called) {
    public Sequence {
      requireName(name);
    }
  }

  /// A migration that the database has seen.
  public record Migration(String version, int checksum) {}

  /// An artefact whose content belongs to the moment.
  public record Kept(String sha256, boolean folder) {}

  /// Opens the moment that is to be read.
  public static TableCopy ofNow(DataSource database) throws SQLException {
    Connection connection = database.getConnection();
    TableCopy copy = new TableCopy(database, connection);
    try {
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setReadOnly(true);
      // The server ends transactions that idle; copying artefacts may take longer.
      copy.execute("set local idle_in_transaction_session_timeout = 0");
      // The moment is that of the first look.
      List<Migration> _ = copy.migrations();
      return copy;
    } catch (SQLException e) {
      copy.close();
      throw e;
    }
  }

  /// Opens a database that is to be filled. Keys and triggers are not looked at row by row: what
  /// goes in was whole when it was read.
  public static TableCopy into(DataSource database) throws SQLException {
    Connection connection = database.getConnection();
    TableCopy copy = new TableCopy(database, connection);
    try {
      connection.setAutoCommit(false);
      copy.execute("set local session_replication_role = replica");
      return copy;
    } catch (SQLException e) {
      copy.close();
      throw e;
    }
  }

  public List<Table> tables() throws SQLException {
    List<Table> tables = new ArrayList<>();
    for (String name : strings(TABLES)) {
      tables.add(new Table(name, strings(COLUMNS, name)));
    }
    return tables;
  }

  public List<Sequence> sequences() throws SQLException {
    List<Sequence> sequences = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(SEQUENCES);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        sequences.add(
            new Sequence(row.getString("name"), row.getLong("value"), row.getBoolean("called")));
      }
    }
    return sequences;
  }

  /// What has been migrated, in order.
  public List<Migration> migrations() throws SQLException {
    List<Migration> migrations = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(MIGRATIONS);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        migrations.add(new Migration(row.getString("version"), row.getInt("checksum")));
      }
    }
    return migrations;
  }

  /// The artefacts whose content belongs to the moment.
  public List<Kept> artifacts() throws SQLException {
    List<Kept> kept = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(KEPT);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        kept.add(new Kept(row.getString("sha256"), row.getBoolean("folder")));
      }
    }
    return kept;
  }

  /// Whether an artefact has been swept since, as everybody else sees it now.
  public boolean sweptSince(String sha256) throws SQLException {
    try (Connection now = database.getConnection();
        PreparedStatement statement = now.prepareStatement(SWEPT)) {
      statement.setString(1, sha256);
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  /// Writes all rows of a table and returns how many there were.
  public long out(Table table, OutputStream to) throws SQLException, IOException {
    return connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyOut(
            "copy (select %s from %s) to stdout".formatted(columns(table), quoted(table.name())),
            to);
  }

  /// Empties all tables; a migration may have put rows into them.
  public void empty(List<Table> tables) throws SQLException {
    execute(
        "truncate " + tables.stream().map(t -> quoted(t.name())).collect(Collectors.joining(", ")));
  }

  /// Reads rows into a table and returns how many there were.
  public long in(Table table, InputStream from) throws SQLException, IOException {
    return connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyIn("copy %s (%s) from stdin".formatted(quoted(table.name()), columns(table)), from);
  }

  public void set(Sequence sequence) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("select setval(cast(? as regclass), ?, ?)")) {
      statement.setString(1, quoted(sequence.name()));
      statement.setLong(2, sequence.value());
      statement.setBoolean(3, sequence.called());
      statement.execute();
    }
  }

  /// Says of an artefact that its content is gone.
  public void markSwept(String sha256) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(MARK_SWEPT)) {
      statement.setString(1, sha256);
      statement.executeUpdate();
    }
  }

  public void commit() throws SQLException {
    connection.commit();
  }

  /// Gives the connection back; what was not committed is undone.
  @Override
  public void close() throws SQLException {
    try (Connection closing = connection) {
      if (!closing.isClosed()) {
        closing.rollback();
        closing.setReadOnly(false);
      }
    }
  }

  private static String columns(Table table) {
    return table.columns().stream().map(TableCopy::quoted).collect(Collectors.joining(", "));
  }

  private static String quoted(String name) {
    return '"' + name + '"';
  }

  /// Names come from files as well, and are put into statements.
  private static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'" + name + "' is no name of a table, column or sequence");
    }
  }

  private List<String> strings(String sql, String... parameters) throws SQLException {
    List<String> found = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          found.add(row.getString(1));
        }
      }
    }
    return found;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
