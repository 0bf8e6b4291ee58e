package org.alignmentworkbench.app.security;

import java.util.Set;
import org.alignmentworkbench.app.config.WorkbenchSettings;
import org.springframework.core.env.Environment;

/// The start of an address that leads to this server from this machine.
public final class Origin {
  private static final Set<String> LOCAL = Set.of("127.0.0.1", "0.0.0.0", "::", "::1");

  private Origin() {}

  /// Known once the server listens.
  public static String of(WorkbenchSettings settings, Environment environment) {
    String host = LOCAL.contains(settings.address()) ? "localhost" : settings.address();
    return "http://" + host + ":" + environment.getRequiredProperty("local.server.port");
  }
}
