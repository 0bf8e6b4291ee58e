package org.alignmentworkbench.app.boot;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.alignmentworkbench.app.config.UnknownKeys;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/// Refuses a start that cannot succeed as soon as the settings are read: before the log file, the
/// database or anything else is made.
final class EarlyRefusals
    implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {
  private final Path home;

  EarlyRefusals(Path home) {
    this.home = home.toAbsolutePath();
  }

  /// After the files of settings are read, before logging opens its file in the data folder.
  @Override
  public int getOrder() {
    return LoggingApplicationListener.DEFAULT_ORDER - 5;
  }

  @Override
  public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
    ConfigurableEnvironment environment = event.getEnvironment();
    refuseUnknown(UnknownKeys.in(environment));
    refuseTakenPort(
        environment.getRequiredProperty("workbench.address"),
        environment.getRequiredProperty("workbench.port", Integer.class));
    refuseUnwritable();
  }

  private void refuseUnwritable() {
    try {
      Files.createDirectories(home.resolve("logs"));
    } catch (IOException e) {
      throw new StartRefused("The data folder " + home + " cannot be written.", e);
    }
    if (!Files.isWritable(home.resolve("logs"))) {
      throw new StartRefused("The data folder " + home + " cannot be written.");
    }
  }

  private static void refuseUnknown(Set<String> keys) {
    if (!keys.isEmpty()) {
      throw new StartRefused(
          "Unknown setting "
              + String.join(", ", keys)
              + "; known are "
              + String.join(", ", UnknownKeys.known())
              + ".");
    }
  }

  private static void refuseTakenPort(String address, int port) {
    if (port < 0 || port > 65535) {
      throw new StartRefused("The port must be in 0..65535, was " + port + ".");
    }
    if (port == 0) {
      return;
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getByName(address), port));
    } catch (BindException e) {
      throw portTaken(address, port, e);
    } catch (IOException e) {
      throw new StartRefused(
          "Cannot listen on " + address + ":" + port + ": " + e.getMessage() + ".", e);
    }
  }

  private static StartRefused portTaken(String address, int port, Exception cause) {
    return new StartRefused(
        "Port "
            + port
            + " on "
            + address
            + " is in use or not allowed; stop the other program or choose another port.",
        cause);
  }
}
