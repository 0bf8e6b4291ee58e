package org.alignmentworkbench.app.config;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/// Which code runs: kept with every run and shown to administrators.
///
/// @param version the product's version
/// @param commit the commit it was built from, or `unknown` outside a repository
public record CodeVersion(String version, String commit) {
  private static final String RESOURCE = "/workbench-version.properties";

  /// What the build wrote.
  public static CodeVersion ofBuild() {
    Properties lines = new Properties();
    try (InputStream in = CodeVersion.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing from the build");
      }
      lines.load(in);
    } catch (IOException e) {
      throw new IllegalStateException(RESOURCE + " cannot be read", e);
    }
    return new CodeVersion(
        lines.getProperty("version", "unknown"), lines.getProperty("commit", "unknown"));
  }

  @Override
  public String toString() {
    return commit.equals("unknown") ? version : version + " " + commit;
  }
}
