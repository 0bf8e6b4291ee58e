package org.alignmentworkbench.app.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.time.Clock;
import java.util.Objects;
import org.alignmentworkbench.app.config.OidcSettings;
import org.alignmentworkbench.app.config.WorkbenchSettings;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.person.IdentityRepository;
import org.alignmentworkbench.db.person.PersonRepository;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.oidc.authentication.OidcAuthorizationCodeAuthenticationProvider;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserRequest;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserService;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.web.authentication.SimpleUrlAuthenticationFailureHandler;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/// Signing in through a provider, where one is set.
@Component
class OidcSignIn {
  /// What Spring Security calls the one provider in its addresses.
  static final String PROVIDER = "provider";

  /// Where the sign-in begins.
  static final String BEGIN = "/oauth2/authorization/" + PROVIDER;

  private static final String CALLBACK = "/login/oauth2/code/" + PROVIDER;

  /// In a session: the person who wants their next sign-in at the provider to be linked.
  static final String LINKING = "linking";

  private final OidcSettings settings;
  private final IdentityRepository identities;
  private final PersonRepository people;
  private final AuditRepository audit;
  private final TransactionTemplate transaction;
  private final Clock clock;
  private @Nullable ClientRegistration registration;

  OidcSignIn(
      WorkbenchSettings settings,
      IdentityRepository identities,
      PersonRepository people,
      AuditRepository audit,
      TransactionTemplate transaction,
      Clock clock) {
    this.settings = settings.oidc();
    this.identities = identities;
    this.people = people;
    this.audit = audit;
    this.transaction = transaction;
    this.clock = clock;
  }

  boolean on() {
    return settings.on();
  }

  /// What the sign-in page calls the provider; null where there is none.
  @Nullable String name() {
    return settings.on() ? settings.name() : null;
  }

  /// The issuer, where there is one.
  String issuer() {
    return Objects.requireNonNull(settings.issuer(), "no provider is set");
  }

  /// Adds the provider to the pages' chain.
  void addTo(HttpSecurity http) {
    if (!settings.on()) {
      return;
    }
    http.addFilterBefore(
        new CookieBounce(CALLBACK), OAuth2AuthorizationRequestRedirectFilter.class);
    http.oauth2Login(login ->
        login
            .loginPage("/sign-in")
            .clientRegistrationRepository((ClientRegistrationRepository) this::find)
            .authorizedClientRepository(new NoTokensKept())
            .failureHandler(new SimpleUrlAuthenticationFailureHandler("/sign-in?refused")));
  }

  /// Trades the provider's code for a token, verifies it, and finds whose it is.
  AuthenticationProvider authentication() {
    OidcPeople oidcPeople =
        new OidcPeople(settings, issuer(), identities, people, audit, transaction, clock);
    OidcUserService users = new OidcUserService();
    return new OidcAuthorizationCodeAuthenticationProvider(
        new RestClientAuthorizationCodeTokenResponseClient(),
        asked -> person(oidcPeople, users, asked));
  }

  private OidcUser person(OidcPeople oidcPeople, OidcUserService users, OidcUserRequest asked) {
    return oidcPeople.of(users.loadUser(asked), linking());
  }

  /// Who asked to be linked, in this session, once.
  private static @Nullable Long linking() {
    if (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes here) {
      HttpServletRequest request = here.getRequest();
      HttpSession session = request.getSession(false);
      if (session != null && session.getAttribute(LINKING) instanceof Long person) {
        session.removeAttribute(LINKING);
        return person.equals(session.getAttribute(PersonContexts.PERSON)) ? person : null;
      }
    }
    return null;
  }

  /// The provider is asked for its addresses at the first sign-in, so that a server starts while it
  /// is out of reach.
  private synchronized @Nullable ClientRegistration find(String id) {
    if (!id.equals(PROVIDER)) {
      return null;
    }
    ClientRegistration known = registration;
    if (known == null) {
      known =
          ClientRegistrations.fromIssuerLocation(issuer())
              .registrationId(PROVIDER)
              .clientId(Objects.requireNonNull(settings.clientId()))
              .clientSecret(Objects.requireNonNull(settings.clientSecret()))
              .scope(settings.scopes())
              .userNameAttributeName("sub")
              .build();
      registration = known;
    }
    return known;
  }
}
