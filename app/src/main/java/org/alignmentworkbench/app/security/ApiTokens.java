package org.alignmentworkbench.app.security;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.person.ApiSecret;
import org.alignmentworkbench.db.person.ApiToken;
import org.alignmentworkbench.db.person.ApiTokenRepository;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.person.Scope;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// A person's own API tokens: made, shown once, used, taken back, each with its line in the audit
/// trail.
@Component
public class ApiTokens {
  /// How many usable tokens one person may have.
  public static final int MOST = 20;

  /// No token is good for longer.
  public static final Duration LONGEST_LIFE = Duration.ofDays(365);

  /// Characters of a token's name.
  public static final int LONGEST_NAME = 80;

  private static final int LISTED = 100;

  private final ApiTokenRepository tokens;
  private final Accounts accounts;
  private final AuditRepository audit;
  private final TransactionTemplate transaction;
  private final Clock clock;

  ApiTokens(
      ApiTokenRepository tokens,
      Accounts accounts,
      AuditRepository audit,
      TransactionTemplate transaction,
      Clock clock) {
    this.tokens = tokens;
    this.accounts = accounts;
    this.audit = audit;
    this.transaction = transaction;
    this.clock = clock;
  }

  /// A token that was just made, with its secret, which is nowhere else.
  public record Made(ApiToken token, ApiSecret secret) {}

  /// Who acts, with which token.
  record Bearer(Account account, ApiToken token) {}

  /// Makes a token.
  ///
  /// @throws IllegalArgumentException with a sentence that names the rule that a wish breaks
  public Made make(Account owner, String name, Set<Scope> scopes, Duration life) {
    check(owner, name, scopes, life);
    Instant now = clock.instant();
    ApiSecret secret = ApiSecret.random();
    return transaction.execute(_ -> {
      if (tokens.countUsable(owner.personId(), now) >= MOST) {
        throw new IllegalArgumentException("a person may have at most " + MOST + " usable tokens");
      }
      ApiToken token = tokens.create(secret, owner.personId(), name, scopes, now, now.plus(life));
      record(owner, "token.create", token);
      return new Made(token, secret);
    });
  }

  private static void check(Account owner, String name, Set<Scope> scopes, Duration life) {
    if (name.isBlank() || name.length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "a token's name must have 1 to %d characters, had %d"
              .formatted(LONGEST_NAME, name.strip().length()));
    }
    Set<Scope> may = Scope.of(Role.valueOf(owner.role()));
    if (scopes.isEmpty() || !may.containsAll(scopes)) {
      throw new IllegalArgumentException(
          "scopes must be some of %s for the role %s, were %s"
              .formatted(titles(may), owner.role(), titles(scopes)));
    }
    if (life.isNegative() || life.isZero() || life.compareTo(LONGEST_LIFE) > 0) {
      throw new IllegalArgumentException(
          "a token must be good for 1 to %d days, was %d"
              .formatted(LONGEST_LIFE.toDays(), life.toDays()));
    }
  }

  /// One's own, newest first.
  public List<ApiToken> own(Account owner) {
    return tokens.ofPerson(owner.personId(), LISTED);
  }

  /// Takes one of one's own back. False when there is none of that number.
  public boolean revoke(Account owner, long id) {
    return transaction.execute(_ -> {
      Optional<ApiToken> token = own(owner).stream().filter(own -> own.id() == id).findFirst();
      boolean done = tokens.revoke(id, owner.personId(), clock.instant());
      if (done) {
        token.ifPresent(own -> record(owner, "token.revoke", own));
      }
      return done;
    });
  }

  /// Who a secret stands for, if it opens anything now: the token is usable and its person active.
  Optional<Bearer> bearer(ApiSecret secret) {
    Instant now = clock.instant();
    return tokens
        .find(secret)
        .filter(token -> token.usable(now))
        .flatMap(token ->
            Optional.ofNullable(accounts.active(token.personId()))
                .map(account -> {
                  tokens.touch(token.id(), now);
                  return new Bearer(account, token);
                }));
  }

  private void record(Account owner, String action, ApiToken token) {
    audit.record(
        owner.personId(),
        action,
        "token " + token.id(),
        JsonMapper.shared()
            .writeValueAsString(Map.of("name", token.name(), "scopes", titles(token.scopes()))));
  }

  private static List<String> titles(Set<Scope> scopes) {
    return scopes.stream().sorted().map(Scope::title).toList();
  }
}
