package org.alignmentworkbench.app.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.session.SessionAuthenticationStrategy;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.stereotype.Component;

/// Signs somebody in who has shown by a link who they are.
@Component
class Entrance {
  private final SecurityContextRepository contexts;
  private final SessionAuthenticationStrategy sessions;

  Entrance(SecurityContextRepository contexts, SessionAuthenticationStrategy sessions) {
    this.contexts = contexts;
    this.sessions = sessions;
  }

  void signIn(Account account, HttpServletRequest request, HttpServletResponse response) {
    Authentication authentication = PersonContexts.authentication(account);
    // A session is there already, because the form carried its CSRF token: it gets a new number.
    sessions.onAuthentication(authentication, request, response);
    SecurityContext context = SecurityContextHolder.createEmptyContext();
    context.setAuthentication(authentication);
    SecurityContextHolder.setContext(context);
    contexts.saveContext(context, request, response);
  }
}
