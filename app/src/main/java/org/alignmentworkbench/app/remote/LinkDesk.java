package org.alignmentworkbench.app.remote;

import java.time.Duration;
import java.util.List;
import org.alignmentworkbench.app.config.WorkbenchSettings;
import org.alignmentworkbench.app.security.Accounts;
import org.alignmentworkbench.app.security.Origin;
import org.alignmentworkbench.db.person.OneTimeToken;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/// Gives one-time sign-in links to whoever owns the data folder: the way back in for an
/// administrator without a password.
@Component
public final class LinkDesk {
  private static final Duration LIFE = Duration.ofHours(1);

  private final Accounts accounts;
  private final PersonRepository people;
  private final WorkbenchSettings settings;
  private final Environment environment;

  LinkDesk(
      Accounts accounts,
      PersonRepository people,
      WorkbenchSettings settings,
      Environment environment) {
    this.accounts = accounts;
    this.people = people;
    this.settings = settings;
    this.environment = environment;
  }

  /// Who is to be let in.
  ///
  /// @param username null for the only administrator
  public record Order(@Nullable String username) {}

  /// What lets them in, once.
  ///
  /// @param username whom
  /// @param url the secret, good for an hour
  public record Link(String username, String url) {
    /// Without the secret, which a record would print.
    @Override
    public String toString() {
      return "Link[" + username + "]";
    }
  }

  /// Makes a link; the audit trail names the account.
  ///
  /// @throws IllegalArgumentException with a sentence when there is nobody to let in
  Link give(Order order) {
    Person person = person(order.username());
    if (!person.active()) {
      throw new IllegalArgumentException("the account '" + person.username() + "' is disabled");
    }
    OneTimeToken token = accounts.link(null, person, LIFE);
    return new Link(
        person.username(), Origin.of(settings, environment) + "/link?token=" + token.value());
  }

  private Person person(@Nullable String username) {
    if (username != null) {
      return people
          .findByUsername(username)
          .orElseThrow(
              () -> new IllegalArgumentException("there is no account '" + username + "'"));
    }
    List<Person> administrators =
        people.all().stream()
            .filter(person -> person.role() == Role.ADMIN && person.active())
            .toList();
    return switch (administrators.size()) {
      case 1 -> administrators.getFirst();
      case 0 ->
          throw new IllegalArgumentException(
              "there is no administrator yet: './workbench up' prints the link to make one");
      default ->
          throw new IllegalArgumentException(
              "name the account; the administrators are "
                  + String.join(", ", administrators.stream().map(Person::username).toList()));
    };
  }
}
