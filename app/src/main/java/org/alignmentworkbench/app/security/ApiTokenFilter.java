package org.alignmentworkbench.app.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.alignmentworkbench.db.person.ApiSecret;
import org.alignmentworkbench.db.person.ApiToken;
import org.alignmentworkbench.db.person.Role;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/// Lets a program in that brings a personal token, for this one request. Cookies count for nothing
/// here, so no page of another site can make a browser call the API for its person.
///
/// A token may ask [#BURST] times at once and then [#APART] apart. An address that brings tokens
/// that open nothing is answered [#BAD_BURST] times and then [#BAD_APART] apart; others at that
/// address are not kept out, for 256 bits are not guessed.
final class ApiTokenFilter extends OncePerRequestFilter {
  static final int BURST = 300;
  static final Duration APART = Duration.ofMillis(20);
  static final int BAD_BURST = 20;
  static final Duration BAD_APART = Duration.ofSeconds(15);

  private static final String SCHEME = "bearer ";

  private final ApiTokens tokens;
  private final RequestRate rate;
  private final RequestRate failures;

  ApiTokenFilter(ApiTokens tokens, Clock clock) {
    this.tokens = tokens;
    this.rate = new RequestRate(clock, BURST, APART);
    this.failures = new RequestRate(clock, BAD_BURST, BAD_APART);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (header == null) {
      chain.doFilter(request, response);
      return;
    }
    Optional<ApiTokens.Bearer> bearer = bearer(header);
    Duration wait =
        bearer.isPresent()
            ? rate.take("token " + bearer.get().token().id())
            : failures.take(Network.of(request.getRemoteAddr()));
    if (!wait.isZero()) {
      ApiProblems.tooMany(response, wait);
      return;
    }
    if (bearer.isEmpty()) {
      ApiProblems.unauthorized(response);
      return;
    }
    SecurityContext context = SecurityContextHolder.createEmptyContext();
    context.setAuthentication(authentication(bearer.get()));
    SecurityContextHolder.setContext(context);
    chain.doFilter(request, response);
  }

  private Optional<ApiTokens.Bearer> bearer(String header) {
    return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? ApiSecret.read(header.substring(SCHEME.length()).strip()).flatMap(tokens::bearer)
        : Optional.empty();
  }

  private static UsernamePasswordAuthenticationToken authentication(ApiTokens.Bearer bearer) {
    ApiToken token = bearer.token();
    List<GrantedAuthority> authorities = new ArrayList<>();
    authorities.add(
        new SimpleGrantedAuthority(Authority.of(Role.valueOf(bearer.account().role()))));
    token.scopes().forEach(s -> authorities.add(new SimpleGrantedAuthority(Authority.of(s))));
    UsernamePasswordAuthenticationToken authentication =
        UsernamePasswordAuthenticationToken.authenticated(bearer.account(), null, authorities);
    authentication.setDetails(token);
    return authentication;
  }
}
