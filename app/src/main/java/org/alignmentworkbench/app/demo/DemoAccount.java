package org.alignmentworkbench.app.demo;

import java.time.Duration;
import org.alignmentworkbench.app.security.Accounts;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.springframework.context.ApplicationContext;

/// The administrator whom the demo lets in by one-time links.
public final class DemoAccount {
  private static final String USERNAME = "demo";

  private final Accounts accounts;
  private final Person person;

  private DemoAccount(Accounts accounts, Person person) {
    this.accounts = accounts;
    this.person = person;
  }

  /// The account on a server, made when it is missing.
  public static DemoAccount of(ApplicationContext server) {
    Accounts accounts = server.getBean(Accounts.class);
    Person person =
        server
            .getBean(PersonRepository.class)
            .findByUsername(USERNAME)
            .orElseGet(
                () -> accounts.create(null, USERNAME, "Demo administrator", Role.ADMIN, false));
    return new DemoAccount(accounts, person);
  }

  /// The secret of a fresh link.
  public String link(Duration life) {
    return accounts.link(null, person, life).value();
  }
}
