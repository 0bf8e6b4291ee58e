package org.alignmentworkbench.app.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.alignmentworkbench.app.remote.LocalToken;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/// Lets in who can read the token file in the data folder, which only the server's own user can.
final class LocalTokenFilter extends OncePerRequestFilter {
  static final String AUTHORITY = "LOCAL";
  private static final String SCHEME = "Bearer ";

  private final LocalToken token;

  LocalTokenFilter(LocalToken token) {
    this.token = token;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (header != null
        && header.startsWith(SCHEME)
        && token.matches(header.substring(SCHEME.length()))) {
      SecurityContext context = SecurityContextHolder.createEmptyContext();
      context.setAuthentication(
          UsernamePasswordAuthenticationToken.authenticated(
              "local command", null, List.of(new SimpleGrantedAuthority(AUTHORITY))));
      SecurityContextHolder.setContext(context);
    }
    chain.doFilter(request, response);
  }
}
