package org.alignmentworkbench.app.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.alignmentworkbench.model.engine.EngineSettings;
import org.alignmentworkbench.model.engine.Precision;
import org.alignmentworkbench.model.engine.Products;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Every setting of the server that is not a library's own, under the prefix `workbench`. A key
/// that is not listed here stops the start ([UnknownKeys]). Defaults stand here and nowhere else.
///
/// @param home the data folder; everything the server writes lies below it
/// @param models the folder of the base models that are shipped
/// @param port the port of the web pages; 0 takes a free one
/// @param address the address to listen on; only this machine unless it is set
/// @param device where models run: `auto`, `cpu` or `cuda:0`; runs of one device take turns
/// @param threads threads of the models' kernels on the CPU
/// @param precision of the large products: `fp32`, or `bf16` where the processor has it
/// @param products whose large float32 products are taken on a CPU: `auto`, `blas` or `onednn`
/// @param worker whether this process takes runs from the queue; off where it only shows pages
/// @param playgroundIdle how long the playground keeps a model open after its last answer
/// @param database which PostgreSQL to use
/// @param webhooks where messages may be sent
/// @param oidc signing in through a provider; off unless an issuer is set
@ConfigurationProperties("workbench")
public record WorkbenchSettings(
    @DefaultValue("data") Path home,
    @DefaultValue("models") Path models,
    @DefaultValue("8080") int port,
    @DefaultValue("127.0.0.1") String address,
    @DefaultValue("auto") String device,
    @DefaultValue("2") int threads,
    @DefaultValue("fp32") String precision,
    @DefaultValue("auto") String products,
    @DefaultValue("true") boolean worker,
    @DefaultValue("2m") Duration playgroundIdle,
    @DefaultValue Database database,
    @DefaultValue Webhooks webhooks,
    @DefaultValue OidcSettings oidc) {

  public WorkbenchSettings {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("workbench.port must be in 0..65535, was " + port);
    }
    if (address.isBlank()) {
      throw new IllegalArgumentException("workbench.address must name an address, was blank");
    }
    if (!device.matches("auto|cpu|cuda:[0-9]{1,2}")) {
      throw new IllegalArgumentException(
          "workbench.device must be auto, cpu or cuda:N, was " + device);
    }
    if (!precision.equals("fp32") && !precision.equals("bf16")) {
      throw new IllegalArgumentException(
          "workbench.precision must be fp32 or bf16, was " + precision);
    }
    if (!products.matches("auto|blas|onednn")) {
      throw new IllegalArgumentException(
          "workbench.products must be auto, blas or onednn, was " + products);
    }
    if (playgroundIdle.isNegative() || playgroundIdle.isZero()) {
      throw new IllegalArgumentException(
          "workbench.playground-idle must be > 0, was " + playgroundIdle);
    }
    home = home.toAbsolutePath().normalize();
    models = models.toAbsolutePath().normalize();
  }

  /// The engine they describe.
  EngineSettings engine() {
    return new EngineSettings(
        device, threads, Precision.labelled(precision), Products.labelled(products));
  }

  /// Without a URL the server keeps its own PostgreSQL in the data folder.
  ///
  /// @param url a JDBC URL of an external PostgreSQL
  /// @param username its user
  /// @param password the user's password
  public record Database(
      @Nullable String url, @Nullable String username, @Nullable String password) {

    public Database {
      if (url != null && !url.startsWith("jdbc:postgresql:")) {
        throw new IllegalArgumentException(
            "workbench.database.url must start with jdbc:postgresql:, was " + url);
      }
      if (url == null && (username != null || password != null)) {
        throw new IllegalArgumentException(
            "workbench.database.username and .password need workbench.database.url");
      }
    }
  }

  /// Where webhooks may lead beside the open network.
  ///
  /// @param allow hosts, each `host` or `host:port`, that may be private and be spoken to in plain
  ///   HTTP
  public record Webhooks(@DefaultValue List<String> allow) {
    public Webhooks {
      allow = List.copyOf(allow);
    }
  }
}
