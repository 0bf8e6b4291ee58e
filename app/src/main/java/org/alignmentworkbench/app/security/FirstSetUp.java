package org.alignmentworkbench.app.security;

import org.alignmentworkbench.app.config.WorkbenchSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/// While there is no administrator, each start prints a fresh one-time link to make one. There is
/// no default password.
@Component
class FirstSetUp {
  private static final Logger LOG = LoggerFactory.getLogger(FirstSetUp.class);

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
    accounts
        .offerSetUp()
        .ifPresent(token ->
            LOG.warn(
                "No administrator yet. Make one within {} hours at {}/setup?token={}",
                Accounts.SET_UP_LIFE.toHours(),
                Origin.of(settings, environment),
                token.value()));
  }
}
