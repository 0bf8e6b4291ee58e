package org.alignmentworkbench.app.boot;

import java.util.Optional;
import org.alignmentworkbench.db.server.DataFolderException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/// Tells a start that was refused, for which one sentence is enough, from one that broke. Spring
/// asks it before it writes a failed start's stack trace: of a refusal there is none to write.
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class Refusals implements SpringBootExceptionReporter {
  /// Made by Spring from `META-INF/spring.factories`.
  public Refusals(@Nullable ConfigurableApplicationContext context) {}

  @Override
  public boolean reportException(Throwable failure) {
    return in(failure).isPresent();
  }

  /// The first cause that has a sentence of its own.
  static Optional<StartRefused> in(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StartRefused known) {
        return Optional.of(known);
      }
      if (cause instanceof DataFolderException known) {
        return Optional.of(new StartRefused(String.valueOf(known.getMessage()), known));
      }
      if (cause instanceof PortInUseException known) {
        return Optional.of(new StartRefused("Port " + known.getPort() + " is in use.", known));
      }
      if (cause instanceof IllegalArgumentException known
          && String.valueOf(known.getMessage()).startsWith("workbench.")) {
        return Optional.of(new StartRefused(known.getMessage() + ".", known));
      }
    }
    return Optional.empty();
  }
}
