package org.alignmentworkbench.app.security;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.person.OneTimeToken;
import org.jspecify.annotations.Nullable;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.stereotype.Component;

/// The sessions in which somebody is signed in, and their ends.
///
/// A session's number is the secret in its cookie. Pages name a session by the number's hash, from
/// which nobody finds the number.
@Component
class PersonSessions {
  private final FindByIndexNameSessionRepository<? extends Session> sessions;
  private final AuditRepository audit;

  PersonSessions(
      FindByIndexNameSessionRepository<? extends Session> sessions, AuditRepository audit) {
    this.sessions = sessions;
    this.audit = audit;
  }

  /// A session.
  ///
  /// @param key what a page names it by
  /// @param here whether it is the one that asks
  /// @param address where it was signed in from; null where nobody noted it
  /// @param agent what the browser calls itself; null likewise
  record Line(
      String key,
      boolean here,
      Instant began,
      Instant seen,
      @Nullable String address,
      @Nullable String agent) {}

  /// The one in use first, then by last sign of life.
  List<Line> of(String username, String here) {
    return sessions.findByPrincipalName(username).values().stream()
        .filter(session -> !session.isExpired())
        .map(session -> line(session, here))
        .sorted(Comparator.comparing(Line::here).thenComparing(Line::seen).reversed())
        .toList();
  }

  /// Ends one of a person's own sessions. False when they have none of this key.
  boolean end(Account account, String key) {
    Optional<String> id =
        sessions.findByPrincipalName(account.username()).keySet().stream()
            .filter(number -> key(number).equals(key))
            .findFirst();
    id.ifPresent(number -> {
      sessions.deleteById(number);
      audit.record(account.personId(), "session.end", Accounts.subject(account.personId()), "{}");
    });
    return id.isPresent();
  }

  /// Ends all of a person's sessions but one, and says how many.
  int endOthers(Account account, String keep) {
    Map<String, ? extends Session> all = sessions.findByPrincipalName(account.username());
    List<String> others = all.keySet().stream().filter(id -> !id.equals(keep)).toList();
    others.forEach(sessions::deleteById);
    if (!others.isEmpty()) {
      audit.record(
          account.personId(),
          "session.end",
          Accounts.subject(account.personId()),
          "{\"sessions\":" + others.size() + "}");
    }
    return others.size();
  }

  private static Line line(Session session, String here) {
    return new Line(
        key(session.getId()),
        session.getId().equals(here),
        session.getCreationTime(),
        session.getLastAccessedTime(),
        session.getAttribute(PersonContexts.ADDRESS),
        session.getAttribute(PersonContexts.AGENT));
  }

  private static String key(String sessionId) {
    return new OneTimeToken(sessionId).hash();
  }
}
