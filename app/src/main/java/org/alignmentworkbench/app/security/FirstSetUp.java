package org.alignmentworkbench.app.security;

import java.util.Optional;
import org.alignmentworkbench.app.config.WorkbenchSettings;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/// While there is no administrator, each start of the web application prints a fresh one-time link
/// to make one. There is no default password.
@Component
public class FirstSetUp {
  private final Accounts accounts;
  private final WorkbenchSettings settings;
  private final Environment environment;

  FirstSetUp(Accounts accounts, WorkbenchSettings settings, Environment environment) {
    this.accounts = accounts;
    this.settings = settings;
    this.environment = environment;
  }

  /// The sentence with the link, for the terminal and nowhere else: a log file would keep the
  /// secret. Nothing once there is an administrator.
  public Optional<String> offer() {
    return accounts
        .offerSetUp()
        .map(token ->
            "No administrator yet. Make one within %d hours at %s/setup?token=%s"
                .formatted(
                    Accounts.SET_UP_LIFE.toHours(),
                    Origin.of(settings, environment),
                    token.value()));
  }
}
