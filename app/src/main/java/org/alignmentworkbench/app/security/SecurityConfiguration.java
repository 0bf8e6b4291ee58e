package org.alignmentworkbench.app.security;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.annotation.page.ScriptedRequests;
import org.alignmentworkbench.app.exchange.JudgementImport;
import org.alignmentworkbench.app.labelling.WorkLines;
import org.alignmentworkbench.app.remote.LocalToken;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.HttpStatusEntryPoint;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.authentication.session.ChangeSessionIdAuthenticationStrategy;
import org.springframework.security.web.authentication.session.CompositeSessionAuthenticationStrategy;
import org.springframework.security.web.authentication.session.SessionAuthenticationStrategy;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.security.web.csrf.CsrfAuthenticationStrategy;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.csrf.HttpSessionCsrfTokenRepository;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.security.web.util.matcher.AndRequestMatcher;
import org.springframework.security.web.util.matcher.NegatedRequestMatcher;

/// Joins the table of [Rules], the sign-in and the headers into Spring Security's filter chains.
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class SecurityConfiguration {
  /// Nothing inline, nothing from elsewhere; `data:` images are the base style's own icons.
  static final String CONTENT_SECURITY_POLICY =
      "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
          + "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
          + "frame-ancestors 'none'";

  private static final String PERMISSIONS_POLICY =
      "camera=(), microphone=(), geolocation=(), payment=(), usb=()";

  /// 2^12 rounds: about a quarter of a second a guess on a desktop processor. No setting makes it
  /// cheaper.
  private static final int BCRYPT_COST = 12;

  @Bean
  PasswordEncoder passwordEncoder() {
    return new DelegatingPasswordEncoder(
        "bcrypt", Map.of("bcrypt", new BCryptPasswordEncoder(BCRYPT_COST)));
  }

  @Bean
  SignInThrottle signInThrottle(Clock clock) {
    return new SignInThrottle(clock);
  }

  @Bean
  AuthenticationManager authenticationManager(PasswordSignIn passwordSignIn, OidcSignIn oidc) {
    return oidc.on()
        ? new ProviderManager(passwordSignIn, oidc.authentication())
        : new ProviderManager(passwordSignIn);
  }

  @Bean
  SecurityContextRepository securityContextRepository(Accounts accounts) {
    return new PersonContexts(accounts::active);
  }

  @Bean
  CsrfTokenRepository csrfTokenRepository() {
    return new HttpSessionCsrfTokenRepository();
  }

  /// A sign-in of any kind gets a new session number and a new CSRF token.
  @Bean
  SessionAuthenticationStrategy sessionAuthenticationStrategy(CsrfTokenRepository csrf) {
    return new CompositeSessionAuthenticationStrategy(
        List.of(new ChangeSessionIdAuthenticationStrategy(), new CsrfAuthenticationStrategy(csrf)));
  }

  /// Where to go after sign-in: pages only, never a script's request or an event stream.
  @Bean
  RequestCache requestCache() {
    HttpSessionRequestCache cache = new HttpSessionRequestCache();
    cache.setRequestMatcher(
        new AndRequestMatcher(
            request -> HttpMethod.GET.matches(request.getMethod()),
            request -> {
              String accept = request.getHeader("Accept");
              return accept != null && accept.contains("text/html");
            },
            new NegatedRequestMatcher(new ScriptedRequests())));
    return cache;
  }

  /// Commands on this machine: a token from the data folder, no session, no cookie.
  @Bean
  @Order(1)
  SecurityFilterChain local(HttpSecurity http, LocalToken token) {
    headers(http);
    return http.securityMatcher("/local/**")
        .csrf(csrf -> csrf.disable())
        .requestCache(cache -> cache.disable())
        .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .addFilterBefore(new LocalTokenFilter(token), AuthorizationFilter.class)
        .authorizeHttpRequests(
            requests -> requests.anyRequest().hasAuthority(LocalTokenFilter.AUTHORITY))
        .exceptionHandling(
            e -> e.authenticationEntryPoint(new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED)))
        .build();
  }

  /// Programs of people: a personal token, no session, no cookie, hence no CSRF.
  @Bean
  @Order(2)
  SecurityFilterChain api(HttpSecurity http, ApiTokens tokens, Clock clock) {
    headers(http);
    return http.securityMatcher("/api/v1/**")
        .csrf(csrf -> csrf.disable())
        .requestCache(cache -> cache.disable())
        .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .addFilterBefore(new ApiTokenFilter(tokens, clock), AuthorizationFilter.class)
        .addFilterBefore(
            new BodyLimit(SecurityConfiguration::bodyOfProgram), AuthorizationFilter.class)
        .authorizeHttpRequests(requests -> {
          requests
              .dispatcherTypeMatchers(
                  DispatcherType.ASYNC, DispatcherType.ERROR, DispatcherType.FORWARD)
              .permitAll();
          for (ApiRules.Rule rule : ApiRules.table()) {
            requests.requestMatchers(rule.method(), rule.pattern()).access(new ApiAccess(rule));
          }
          requests.anyRequest().denyAll();
        })
        .exceptionHandling(e ->
            e.authenticationEntryPoint((_, response, _) -> ApiProblems.unauthorized(response))
                .accessDeniedHandler(SecurityConfiguration::refuseProgram))
        .build();
  }

  /// Files come as bodies, and so do the texts that a set-up is made of.
  private static long bodyOfProgram(HttpServletRequest request) {
    if (BodyLimit.isBinary(request)) {
      return JudgementImport.LARGEST;
    }
    return request.getRequestURI().endsWith("/setups") ? WorkLines.LARGEST : BodyLimit.USUAL;
  }

  /// 403 only where the person could see the thing and the token alone is in the way.
  private static void refuseProgram(
      HttpServletRequest request, HttpServletResponse response, AccessDeniedException denied)
      throws IOException {
    if (denied instanceof AuthorizationDeniedException decided
        && decided.getAuthorizationResult() == ApiAccess.Decision.WRONG_SCOPE) {
      ApiProblems.forbidden(
          response, "this needs a token of the scope " + request.getAttribute(ApiAccess.WANTED));
    } else {
      ApiProblems.notFound(response);
    }
  }

  @Bean
  @Order(3)
  SecurityFilterChain pages(
      HttpSecurity http,
      AuthenticationManager authenticationManager,
      SecurityContextRepository contexts,
      CsrfTokenRepository csrf,
      RequestCache requestCache,
      SessionAuthenticationStrategy sessions,
      OidcSignIn oidc) {
    headers(http);
    oidc.addTo(http);
    return http.authenticationManager(authenticationManager)
        .securityContext(c -> c.securityContextRepository(contexts))
        .addFilterBefore(new UploadGate(), CsrfFilter.class)
        .addFilterBefore(new BodyLimit(_ -> BodyLimit.USUAL), CsrfFilter.class)
        .csrf(c -> c.csrfTokenRepository(csrf))
        .requestCache(c -> c.requestCache(requestCache))
        .sessionManagement(s -> s.sessionAuthenticationStrategy(sessions))
        .authorizeHttpRequests(requests -> {
          // The first dispatch was decided already; deciding again at the end of an event
          // stream, when the session may be gone, only fails after the answer was sent.
          requests
              .dispatcherTypeMatchers(
                  DispatcherType.ASYNC, DispatcherType.ERROR, DispatcherType.FORWARD)
              .permitAll();
          for (Rules.Rule rule : Rules.table()) {
            var matched =
                rule.method() == null
                    ? requests.requestMatchers(rule.pattern())
                    : requests.requestMatchers(rule.method(), rule.pattern());
            if (rule.open()) {
              matched.permitAll();
            } else {
              matched.hasAnyAuthority(
                  rule.roles().stream().map(Authority::of).toArray(String[]::new));
            }
          }
          requests.anyRequest().denyAll();
        })
        .formLogin(form ->
            form.loginPage("/sign-in")
                .usernameParameter("username")
                .passwordParameter("password")
                .failureHandler(new SignInFailure())
                .permitAll())
        .logout(out ->
            out.logoutUrl("/sign-out").logoutSuccessUrl("/sign-in?out").deleteCookies("SESSION"))
        .exceptionHandling(e ->
            e.defaultAuthenticationEntryPointFor(
                    (request, response, failure) ->
                        ScriptedRequests.signInAgain(response, "/sign-in"),
                    new ScriptedRequests())
                .defaultAuthenticationEntryPointFor(
                    new LoginUrlAuthenticationEntryPoint("/sign-in"), request -> true)
                .accessDeniedHandler(accessDenied()))
        .build();
  }

  /// What one may not see is not there: 404, so that an answer never tells whether a thing exists.
  /// A missing or old CSRF token is 403, or 401 for a script whose session has ended.
  private static AccessDeniedHandler accessDenied() {
    ScriptedRequests scripted = new ScriptedRequests();
    return (request, response, denied) -> {
      boolean csrf = denied instanceof CsrfException;
      if (scripted.matches(request)) {
        if (csrf && !signedIn()) {
          ScriptedRequests.signInAgain(response, "/sign-in");
        } else if (csrf) {
          ScriptedRequests.refuse(response);
        } else {
          response.sendError(HttpStatus.NOT_FOUND.value());
        }
      } else {
        response.sendError(csrf ? HttpStatus.FORBIDDEN.value() : HttpStatus.NOT_FOUND.value());
      }
    };
  }

  private static boolean signedIn() {
    Authentication who = SecurityContextHolder.getContext().getAuthentication();
    return who != null && who.getPrincipal() instanceof Account;
  }

  private static void headers(HttpSecurity http) {
    http.headers(headers ->
        headers
            .contentSecurityPolicy(csp -> csp.policyDirectives(CONTENT_SECURITY_POLICY))
            .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN))
            .permissionsPolicyHeader(p -> p.policy(PERMISSIONS_POLICY))
            .frameOptions(frame -> frame.deny())
            .crossOriginOpenerPolicy(coop -> coop.policy(CrossOriginOpenerPolicy.SAME_ORIGIN)));
  }
}
