package org.alignmentworkbench.app.security;

import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.alignmentworkbench.app.config.OidcSettings;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.person.IdentityRepository;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.transaction.support.TransactionTemplate;

/// Whose account a provider's word is. Only issuer and subject of a verified token decide: a name
/// or an address in it may be anybody's, and never leads to an account that is there.
final class OidcPeople {
  private static final int LONGEST_DISPLAY_NAME = 120;
  private static final int ATTEMPTS = 50;

  private final OidcSettings settings;
  private final String issuer;
  private final IdentityRepository identities;
  private final PersonRepository people;
  private final AuditRepository audit;
  private final TransactionTemplate transaction;
  private final Clock clock;

  OidcPeople(
      OidcSettings settings,
      String issuer,
      IdentityRepository identities,
      PersonRepository people,
      AuditRepository audit,
      TransactionTemplate transaction,
      Clock clock) {
    this.settings = settings;
    this.issuer = issuer;
    this.identities = identities;
    this.people = people;
    this.audit = audit;
    this.transaction = transaction;
    this.clock = clock;
  }

  /// The account of a provider's user.
  ///
  /// @param linking who asked, signed in, that this subject be theirs; null for a plain sign-in
  /// @throws OAuth2AuthenticationException when it is nobody's
  OidcPerson of(OidcUser user, @Nullable Long linking) {
    Person person;
    try {
      person = found(user, linking);
    } catch (DuplicateKeyException e) {
      // Two windows came for the first time at once: the other one has made the account.
      person = found(user, linking);
    }
    return new OidcPerson(Accounts.account(person), user);
  }

  private Person found(OidcUser user, @Nullable Long linking) {
    return transaction.execute(_ -> linking == null ? come(user) : link(user, linking));
  }

  private Person come(OidcUser user) {
    Optional<Long> known = identities.find(issuer, verified(user));
    Optional<Role> given = settings.roles().in(values(user));
    Person person =
        known.isPresent()
            ? people.find(known.get()).filter(Person::active).orElseThrow(OidcPeople::nobody)
            : create(user, given.or(() -> Optional.ofNullable(settings.everybody())));
    if (known.isPresent() && given.isPresent() && given.get() != person.role()) {
      person = changeRole(person, given.get());
    }
    audit.record(person.id(), "sign-in.oidc", subject(person), "{}");
    return person;
  }

  private Person create(OidcUser user, Optional<Role> role) {
    if (role.isEmpty()) {
      throw nobody();
    }
    Person person = people.create(freeName(user), displayName(user), null, role.get(), false);
    if (!identities.link(issuer, verified(user), person.id(), clock.instant())) {
      throw new DuplicateKeyException("the subject has an account by now");
    }
    audit.record(
        person.id(), "person.oidc", subject(person), "{\"role\":\"" + person.role() + "\"}");
    return person;
  }

  /// The last administrator stays one, whatever the provider says.
  private Person changeRole(Person person, Role role) {
    if (people.setRole(person.id(), role)) {
      audit.record(person.id(), "person.role", subject(person), "{\"role\":\"" + role + "\"}");
    }
    return people.find(person.id()).orElseThrow(OidcPeople::nobody);
  }

  private Person link(OidcUser user, long personId) {
    Person person = people.find(personId).filter(Person::active).orElseThrow(OidcPeople::nobody);
    if (identities.find(issuer, verified(user)).filter(id -> id == personId).isEmpty()
        && !identities.link(issuer, verified(user), personId, clock.instant())) {
      throw nobody();
    }
    audit.record(personId, "person.link-oidc", subject(person), "{}");
    return person;
  }

  private List<String> values(OidcUser user) {
    Object claim = user.getClaims().get(settings.roleClaim());
    return switch (claim) {
      case null -> List.of();
      case String one -> List.of(one);
      case List<?> many ->
          many.stream().filter(String.class::isInstance).map(String.class::cast).toList();
      default -> List.of();
    };
  }

  /// The name the provider prefers, in the letters that a user name has, with a number where
  /// somebody has it.
  private String freeName(OidcUser user) {
    String preferred = user.getPreferredUsername();
    String name =
        (preferred == null ? "person" : preferred)
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9._@-]", "-")
            .replaceAll("^(" + PersonRepository.IMPORTED + "|[._@-])+", "");
    String base = name.isEmpty() ? "person" : name.substring(0, Math.min(name.length(), 56));
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      String candidate = attempt == 1 ? base : base + "-" + attempt;
      if (people.findByUsername(candidate).isEmpty()) {
        return candidate;
      }
    }
    throw nobody();
  }

  private static String displayName(OidcUser user) {
    String full = user.getFullName();
    String name = full == null ? "" : full.replaceAll("\\p{Cntrl}", " ").strip();
    if (name.isEmpty()) {
      String preferred = user.getPreferredUsername();
      name = preferred == null || preferred.isBlank() ? "?" : preferred.strip();
    }
    return name.length() <= LONGEST_DISPLAY_NAME
        ? name
        : name.substring(0, name.offsetByCodePoints(0, LONGEST_DISPLAY_NAME / 2));
  }

  /// The subject that the provider vouches for.
  private static String verified(OidcUser user) {
    String subject = user.getSubject();
    if (subject == null) {
      throw nobody();
    }
    return subject;
  }

  private static String subject(Person person) {
    return "person #" + person.id();
  }

  private static OAuth2AuthenticationException nobody() {
    return new OAuth2AuthenticationException(
        new OAuth2Error("no_account"), "the provider's subject has no account here");
  }
}
