package org.alignmentworkbench.app.security;

import org.alignmentworkbench.app.config.WorkbenchSettings;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/// While there is no administrator, each start prints a fresh one-time link to make one. There is
/// no default password.
@Component
class FirstSetUp {
  private final Accounts accounts;
  private final WorkbenchSettings settings;
  private final Environment environment;

  FirstSetUp(Accounts accounts, WorkbenchSettings settings, Environment environment) {
    this.accounts = accounts;
    this.settings = settings;
    this.environment = environment;
  }

  @EventListener(ApplicationReadyEvent.class)
  void offer() {
    // To the terminal and nowhere else: a log file would keep the secret.
    accounts
        .offerSetUp()
        .ifPresent(token ->
            System.out.printf(
                "No administrator yet. Make one within %d hours at %s/setup?token=%s%n",
                Accounts.SET_UP_LIFE.toHours(), Origin.of(settings, environment), token.value()));
  }
}
