package org.alignmentworkbench.app.remote;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.Base64;
import org.alignmentworkbench.app.config.WorkbenchSettings;
import org.alignmentworkbench.db.server.DataFolder;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;

/// Keeps the [ServerFile] for as long as the server listens.
@Configuration(proxyBeanMethods = false)
class LocalAccess {
  private final WorkbenchSettings settings;
  private final DataFolder folder;
  private final LocalToken token;

  LocalAccess(WorkbenchSettings settings, DataFolder folder, LocalToken token) {
    this.settings = settings;
    this.folder = folder;
    this.token = token;
  }

  @EventListener
  void listening(WebServerInitializedEvent event) {
    if (event.getApplicationContext().getServerNamespace() != null) {
      return;
    }
    String address = settings.address();
    boolean everywhere = address.equals("0.0.0.0") || address.equals("::");
    try {
      new ServerFile(
              everywhere ? "127.0.0.1" : address,
              event.getWebServer().getPort(),
              ProcessHandle.current().pid(),
              token.value())
          .write(folder.home());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @EventListener
  void closing(ContextClosedEvent event) {
    try {
      ServerFile.remove(folder.home());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Secret {
    @Bean
    LocalToken localToken() {
      byte[] bytes = new byte[32];
      new SecureRandom().nextBytes(bytes);
      return new LocalToken(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }
  }
}
