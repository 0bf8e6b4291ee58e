package org.alignmentworkbench.app.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.util.List;
import java.util.function.LongFunction;
import org.alignmentworkbench.db.person.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.DeferredSecurityContext;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.web.context.HttpRequestResponseHolder;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.session.FindByIndexNameSessionRepository;

/// Keeps only a person's number in the session and reads the person from the database once a
/// request. A role taken away or an account closed therefore counts at once, and no class of a
/// library lies serialised in the session table for the next version to stumble over.
final class PersonContexts implements SecurityContextRepository {
  static final String PERSON = "person";

  /// Where a session was signed in from, for its person to know it again.
  static final String ADDRESS = "address";

  /// What the browser called itself then.
  static final String AGENT = "agent";

  private static final int LONGEST_AGENT = 200;

  private final SecurityContextHolderStrategy holder =
      SecurityContextHolder.getContextHolderStrategy();
  private final LongFunction<@Nullable Account> accounts;

  /// @param accounts the active account of a number, or null
  PersonContexts(LongFunction<@Nullable Account> accounts) {
    this.accounts = accounts;
  }

  static Authentication authentication(Account account) {
    return UsernamePasswordAuthenticationToken.authenticated(
        account,
        null,
        List.of(new SimpleGrantedAuthority(Authority.of(Role.valueOf(account.role())))));
  }

  @Override
  public DeferredSecurityContext loadDeferredContext(HttpServletRequest request) {
    return new DeferredSecurityContext() {
      private @Nullable SecurityContext context;
      private boolean generated;

      @Override
      public SecurityContext get() {
        SecurityContext known = context;
        if (known == null) {
          known = read(request);
          generated = known.getAuthentication() == null;
          context = known;
        }
        return known;
      }

      @Override
      public boolean isGenerated() {
        get();
        return generated;
      }
    };
  }

  @Override
  @SuppressWarnings("deprecation")
  public SecurityContext loadContext(HttpRequestResponseHolder both) {
    return read(both.getRequest());
  }

  @Override
  public void saveContext(
      SecurityContext context, HttpServletRequest request, HttpServletResponse response) {
    @Nullable Account account = account(context.getAuthentication());
    if (account != null) {
      HttpSession session = request.getSession(true);
      if (!Long.valueOf(account.personId()).equals(session.getAttribute(PERSON))) {
        note(session, request);
      }
      session.setAttribute(PERSON, account.personId());
      // Lets all sessions of a person be ended by name.
      session.setAttribute(
          FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME, account.username());
    } else {
      HttpSession session = request.getSession(false);
      if (session != null) {
        session.removeAttribute(PERSON);
      }
    }
  }

  /// Whom an authentication is of: an account itself, or one that came by a provider.
  private static @Nullable Account account(@Nullable Authentication authentication) {
    return switch (authentication == null ? null : authentication.getPrincipal()) {
      case Account account -> account;
      case OidcPerson person -> person.account();
      case null, default -> null;
    };
  }

  private static void note(HttpSession session, HttpServletRequest request) {
    session.setAttribute(ADDRESS, request.getRemoteAddr());
    String agent = request.getHeader("User-Agent");
    if (agent != null) {
      session.setAttribute(
          AGENT, agent.length() > LONGEST_AGENT ? agent.substring(0, LONGEST_AGENT) : agent);
    }
  }

  @Override
  public boolean containsContext(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    return session != null && session.getAttribute(PERSON) != null;
  }

  private SecurityContext read(HttpServletRequest request) {
    SecurityContext context = holder.createEmptyContext();
    HttpSession session = request.getSession(false);
    if (session != null && session.getAttribute(PERSON) instanceof Long number) {
      Account account = accounts.apply(number);
      if (account != null) {
        context.setAuthentication(authentication(account));
      }
    }
    return context;
  }
}
