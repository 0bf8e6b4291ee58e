package org.alignmentworkbench.app.security;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.PersonRepository;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.stereotype.Component;

/// Checks name and password. An unknown name costs the same time as a wrong password, and every
/// refusal reads the same.
@Component
class PasswordSignIn implements AuthenticationProvider {
  private final PersonRepository people;
  private final PasswordEncoder passwords;
  private final SignInThrottle throttle;
  private final AuditRepository audit;
  private final String nobodysHash;

  PasswordSignIn(
      PersonRepository people,
      PasswordEncoder passwords,
      SignInThrottle throttle,
      AuditRepository audit) {
    this.people = people;
    this.passwords = passwords;
    this.throttle = throttle;
    this.audit = audit;
    this.nobodysHash = passwords.encode("the password of nobody");
  }

  @Override
  public Authentication authenticate(Authentication attempt) {
    String username = attempt.getName().strip().toLowerCase(Locale.ROOT);
    String password = String.valueOf(attempt.getCredentials());
    String address =
        attempt.getDetails() instanceof WebAuthenticationDetails details
            ? String.valueOf(details.getRemoteAddress())
            : "";
    Duration wait = throttle.attempt(username, address);
    if (!wait.isZero()) {
      throw new MustWait(wait);
    }
    // A text column cannot be asked for a NUL, and no name has one.
    Optional<Person> person =
        username.indexOf('\0') >= 0
            ? Optional.empty()
            : people.findByUsername(username).filter(Person::active);
    @Nullable String hash = person.map(Person::passwordHash).orElse(null);
    boolean right = passwords.matches(password, hash == null ? nobodysHash : hash);
    if (hash == null || !right || person.isEmpty()) {
      audit.record(
          person.map(Person::id).orElse(null), "sign-in.failed", "address " + address, "{}");
      throw new BadCredentialsException("name or password is wrong");
    }
    throttle.succeeded(username, address);
    audit.record(person.get().id(), "sign-in.password", Accounts.subject(person.get().id()), "{}");
    return PersonContexts.authentication(Accounts.account(person.get()));
  }

  @Override
  public boolean supports(Class<?> type) {
    return UsernamePasswordAuthenticationToken.class.isAssignableFrom(type);
  }
}
