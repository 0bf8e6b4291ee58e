package org.alignmentworkbench.app.boot;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.alignmentworkbench.annotation.AnnotationUi;
import org.alignmentworkbench.app.config.WorkbenchSettings;
import org.alignmentworkbench.app.security.Origin;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/// The server: pages, jobs and database in one process.
@SpringBootApplication(
    scanBasePackages = {
      "org.alignmentworkbench.app",
      "org.alignmentworkbench.rlhf",
      "org.alignmentworkbench.sft",
      "org.alignmentworkbench.synthetic"
    },
    // No default user: people come from the database.
    excludeName =
        "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration")
@Import(AnnotationUi.class)
@ConfigurationPropertiesScan("org.alignmentworkbench.app.config")
public class WorkbenchApplication {

  /// Starts the server and returns when it answers.
  ///
  /// @param home the data folder, made when it is missing
  /// @param port the port of the pages; 0 takes a free one
  /// @param arguments settings in Spring's form, `--workbench.address=0.0.0.0`
  /// @throws StartRefused when it cannot start for a reason a person can put right
  public static ConfigurableApplicationContext start(Path home, int port, String... arguments) {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.add("--workbench.home=" + home.toAbsolutePath());
    all.add("--workbench.port=" + port);
    // The start script says where the checkout is, which holds the shipped models.
    String root = System.getProperty("workbench.root");
    if (root != null) {
      all.add("--workbench.models=" + Path.of(root).resolve("models").toAbsolutePath());
    }
    SpringApplication application = new SpringApplication(WorkbenchApplication.class);
    application.setBannerMode(Banner.Mode.OFF);
    application.addListeners(new EarlyRefusals(home));
    try {
      return application.run(all.toArray(String[]::new));
    } catch (RuntimeException e) {
      Optional<StartRefused> refused = Refusals.in(e);
      throw refused.isPresent() ? refused.get() : e;
    }
  }

  /// The address at which a started server's pages are.
  public static String url(ConfigurableApplicationContext server) {
    return Origin.of(server.getBean(WorkbenchSettings.class), server.getEnvironment());
  }
}
