package org.alignmentworkbench.db.server;

/// A PostgreSQL that somebody else runs.
///
/// @param url a JDBC URL, `jdbc:postgresql://host:port/database`
public record ExternalServer(String url, String username, String password)
    implements DatabaseServer {
  public ExternalServer {
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException(
          "a database URL must begin with jdbc:postgresql:, was " + url);
    }
  }

  @Override
  public void close() {}

  /// Without the password, which a record would print.
  @Override
  public String toString() {
    return "ExternalServer[" + url + ", " + username + "]";
  }
}
