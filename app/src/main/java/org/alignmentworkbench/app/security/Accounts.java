package org.alignmentworkbench.app.security;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.person.ApiTokenRepository;
import org.alignmentworkbench.db.person.IdentityRepository;
import org.alignmentworkbench.db.person.OneTimeToken;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Pseudonyms;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.person.SignInLink;
import org.alignmentworkbench.db.person.SignInLink.Purpose;
import org.alignmentworkbench.db.person.SignInLinkRepository;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// What can be done to accounts, each with its line in the audit trail.
@Component
public class Accounts {
  /// How long the link of the first set-up is good.
  public static final Duration SET_UP_LIFE = Duration.ofHours(24);

  /// How long an invitation or a reset is good.
  public static final Duration LINK_LIFE = Duration.ofDays(3);

  private static final String NO_DETAIL = "{}";
  private static final String PSEUDONYM = "former-";
  private static final int PSEUDONYM_DIGITS = 12;

  private final PersonRepository people;
  private final SignInLinkRepository links;
  private final IdentityRepository identities;
  private final ApiTokenRepository tokens;
  private final Pseudonyms pseudonyms;
  private final AuditRepository audit;
  private final PasswordEncoder passwords;
  private final FindByIndexNameSessionRepository<? extends Session> sessions;
  private final TransactionTemplate transaction;
  private final Clock clock;

  Accounts(
      PersonRepository people,
      SignInLinkRepository links,
      IdentityRepository identities,
      ApiTokenRepository tokens,
      Pseudonyms pseudonyms,
      AuditRepository audit,
      PasswordEncoder passwords,
      FindByIndexNameSessionRepository<? extends Session> sessions,
      TransactionTemplate transaction,
      Clock clock) {
    this.people = people;
    this.links = links;
    this.identities = identities;
    this.tokens = tokens;
    this.pseudonyms = pseudonyms;
    this.audit = audit;
    this.passwords = passwords;
    this.sessions = sessions;
    this.transaction = transaction;
    this.clock = clock;
  }

  /// The account of a session, or null when it was closed meanwhile.
  @Nullable Account active(long personId) {
    return people.find(personId).filter(Person::active).map(Accounts::account).orElse(null);
  }

  static Account account(Person person) {
    return new Account(
        person.id(),
        person.username(),
        person.displayName(),
        person.role().name(),
        person.scripted());
  }

  /// A fresh set-up token while there is no administrator; earlier ones stop to work.
  public Optional<OneTimeToken> offerSetUp() {
    return transaction.execute(status -> {
      links.revoke(Purpose.SETUP);
      if (people.countActiveAdmins() > 0) {
        return Optional.empty();
      }
      OneTimeToken token = OneTimeToken.random();
      links.create(token, Purpose.SETUP, null, clock.instant().plus(SET_UP_LIFE));
      return Optional.of(token);
    });
  }

  /// Whether somebody is there who can let others in.
  boolean administered() {
    return people.countActiveAdmins() > 0;
  }

  /// Whether a link is good now, without using it.
  Optional<SignInLink> usable(OneTimeToken token, Purpose purpose) {
    return links
        .find(token)
        .filter(link -> link.purpose() == purpose && link.usable(clock.instant()));
  }

  /// Uses the set-up link up and makes the first administrator, both or neither.
  Optional<Account> setUp(
      OneTimeToken token, String username, String displayName, String password) {
    String hash = passwords.encode(password);
    return transaction.execute(status -> {
      Optional<SignInLink> link =
          links.use(token, clock.instant()).filter(l -> l.purpose() == Purpose.SETUP);
      if (link.isEmpty() || people.countActiveAdmins() > 0) {
        return Optional.empty();
      }
      Person person = people.create(username, displayName, hash, Role.ADMIN, false);
      audit.record(person.id(), "person.set-up", subject(person.id()), NO_DETAIL);
      return Optional.of(account(person));
    });
  }

  /// Whom a link lets in, without using it.
  Optional<Account> whom(OneTimeToken token) {
    return usable(token, Purpose.SIGN_IN)
        .flatMap(link -> Optional.ofNullable(link.personId()))
        .flatMap(id -> Optional.ofNullable(active(id)));
  }

  /// Uses a sign-in link up.
  Optional<Account> enter(OneTimeToken token) {
    return transaction.execute(status -> {
      Optional<Account> account =
          links
              .use(token, clock.instant())
              .filter(link -> link.purpose() == Purpose.SIGN_IN)
              .flatMap(link -> Optional.ofNullable(link.personId()))
              .flatMap(id -> Optional.ofNullable(active(id)));
      account.ifPresent(
          who -> audit.record(who.personId(), "sign-in.link", subject(who.personId()), NO_DETAIL));
      return account;
    });
  }

  /// Makes a person without a password; [#link] lets them in.
  ///
  /// @throws org.springframework.dao.DuplicateKeyException when the name is taken
  public Person create(
      @Nullable Long by, String username, String displayName, Role role, boolean scripted) {
    return transaction.execute(status -> {
      Person person = people.create(username, displayName, null, role, scripted);
      audit.record(by, "person.create", subject(person.id()), "{\"role\":\"" + role.name() + "\"}");
      return person;
    });
  }

  /// A one-time sign-in link's token for a person.
  public OneTimeToken link(@Nullable Long by, Person person, Duration life) {
    return transaction.execute(status -> {
      OneTimeToken token = OneTimeToken.random();
      links.create(token, Purpose.SIGN_IN, person.id(), clock.instant().plus(life));
      audit.record(by, "person.link", subject(person.id()), NO_DETAIL);
      return token;
    });
  }

  /// Takes the password, all sessions, all API tokens and all earlier links away and gives a link
  /// to come back with. Whoever had a password loses what they linked at a provider as well:
  /// somebody else may have linked theirs. For whoever came by the provider, that is who they are.
  public OneTimeToken reset(long by, Person person) {
    OneTimeToken token =
        transaction.execute(status -> {
          if (hasPassword(person.id())) {
            identities.unlinkAll(person.id());
          }
          people.setPasswordHash(person.id(), null);
          tokens.revokeAll(person.id(), clock.instant());
          links.revokeOf(person.id());
          audit.record(by, "person.reset", subject(person.id()), NO_DETAIL);
          return link(by, person, LINK_LIFE);
        });
    endSessions(person.username());
    return token;
  }

  /// False when the last active administrator would go.
  public boolean changeRole(long by, Person person, Role role) {
    return transaction.execute(status -> {
      boolean done = people.setRole(person.id(), role);
      if (done) {
        audit.record(by, "person.role", subject(person.id()), "{\"role\":\"" + role.name() + "\"}");
      }
      return done;
    });
  }

  /// False when the last active administrator would go.
  public boolean changeActive(long by, Person person, boolean active) {
    boolean changed =
        transaction.execute(status -> {
          boolean done = people.setActive(person.id(), active);
          if (done && !active) {
            tokens.revokeAll(person.id(), clock.instant());
            links.revokeOf(person.id());
          }
          if (done) {
            audit.record(
                by, active ? "person.enable" : "person.disable", subject(person.id()), NO_DETAIL);
          }
          return done;
        });
    if (changed && !active) {
      endSessions(person.username());
    }
    return changed;
  }

  /// Whether a person has a password to give before choosing another.
  boolean hasPassword(long personId) {
    return people.find(personId).map(Person::passwordHash).isPresent();
  }

  /// Chooses a password; the present one must be given where there is one. Other sessions end, and
  /// links that were not used open nothing any more.
  boolean choosePassword(long personId, @Nullable String present, String chosen, String keep) {
    Person person = people.find(personId).orElseThrow();
    String hash = person.passwordHash();
    if (hash != null && (present == null || !passwords.matches(present, hash))) {
      return false;
    }
    String fresh = passwords.encode(chosen);
    transaction.executeWithoutResult(status -> {
      people.setPasswordHash(personId, fresh);
      links.revokeOf(personId);
      audit.record(personId, "person.password", subject(person.id()), NO_DETAIL);
    });
    sessions.findByPrincipalName(person.username()).keySet().stream()
        .filter(id -> !id.equals(keep))
        .forEach(sessions::deleteById);
    return true;
  }

  /// People are named by number in the trail, which stays when a name goes.
  static String subject(long personId) {
    return "person #" + personId;
  }

  /// Takes somebody's names, password, sessions and whatever else leads to them away for good, and
  /// leaves their judgements under the name that comes back. Empty when their names are gone
  /// already or when the last active administrator would go.
  public Optional<String> pseudonymise(long by, Person person) {
    String pseudonym = PSEUDONYM + OneTimeToken.random().hash().substring(0, PSEUDONYM_DIGITS);
    boolean done =
        transaction.execute(status -> {
          boolean replaced = pseudonyms.replace(person.id(), pseudonym, clock.instant());
          if (replaced) {
            audit.record(by, "person.pseudonymise", subject(person.id()), NO_DETAIL);
          }
          return replaced;
        });
    if (!done) {
      return Optional.empty();
    }
    endSessions(person.username());
    return Optional.of(pseudonym);
  }

  private void endSessions(String username) {
    sessions.findByPrincipalName(username).keySet().forEach(sessions::deleteById);
  }
}
