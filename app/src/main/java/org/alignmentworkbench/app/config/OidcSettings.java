package org.alignmentworkbench.app.config;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.alignmentworkbench.db.person.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Signing in through a provider that speaks OpenID Connect. Off without an issuer; accounts with a
/// password stay beside it.
///
/// Whoever comes for the first time gets an account when the provider's claim gives them a role, or
/// when there is a role for everybody; else they are turned away. Where the claim gives a role it
/// is taken anew with each sign-in.
///
/// @param issuer the provider's address, from which the rest is found; https, or this machine
/// @param clientId what the provider knows this server as
/// @param clientSecret the secret that goes with it
/// @param name what the button on the sign-in page calls the provider
/// @param scopes what is asked for
/// @param roleClaim the claim of the identity token that says what somebody may do
/// @param roles which of its values stand for which role; the first role that fits counts
/// @param everybody the role of whoever the provider knows; none turns unknown people away
public record OidcSettings(
    @Nullable String issuer,
    @Nullable String clientId,
    @Nullable String clientSecret,
    @DefaultValue("OpenID Connect") String name,
    @DefaultValue({"openid", "profile"}) List<String> scopes,
    @DefaultValue("groups") String roleClaim,
    @DefaultValue Roles roles,
    @Nullable Role everybody) {
  private static final Set<String> HERE = Set.of("localhost", "127.0.0.1", "[::1]");

  public OidcSettings {
    scopes = List.copyOf(scopes);
    if (issuer != null) {
      requireSafe(issuer);
      if (clientId == null
          || clientId.isBlank()
          || clientSecret == null
          || clientSecret.isBlank()) {
        throw new IllegalArgumentException(
            "workbench.oidc.issuer needs workbench.oidc.client-id and workbench.oidc.client-secret");
      }
      if (!scopes.contains("openid")) {
        throw new IllegalArgumentException("workbench.oidc.scopes must have openid, was " + scopes);
      }
    } else if (clientId != null || clientSecret != null) {
      throw new IllegalArgumentException(
          "workbench.oidc.client-id and .client-secret need workbench.oidc.issuer");
    }
    if (everybody == Role.ADMIN || everybody == Role.LEAD) {
      throw new IllegalArgumentException(
          "workbench.oidc.everybody must be ENGINEER, ANNOTATOR or VIEWER, was " + everybody);
    }
  }

  private static void requireSafe(String issuer) {
    URI address = URI.create(issuer);
    String host = address.getHost();
    boolean here = "http".equals(address.getScheme()) && host != null && HERE.contains(host);
    boolean safe = here || "https".equals(address.getScheme());
    if (!safe || host == null) {
      throw new IllegalArgumentException(
          "workbench.oidc.issuer must be an https address, was " + issuer);
    }
  }

  public boolean on() {
    return issuer != null;
  }

  /// Values of the claim, by the role they stand for.
  public record Roles(
      @DefaultValue List<String> admin,
      @DefaultValue List<String> lead,
      @DefaultValue List<String> engineer,
      @DefaultValue List<String> annotator,
      @DefaultValue List<String> viewer) {
    public Roles {
      admin = List.copyOf(admin);
      lead = List.copyOf(lead);
      engineer = List.copyOf(engineer);
      annotator = List.copyOf(annotator);
      viewer = List.copyOf(viewer);
    }

    private List<String> of(Role role) {
      return switch (role) {
        case ADMIN -> admin;
        case LEAD -> lead;
        case ENGINEER -> engineer;
        case ANNOTATOR -> annotator;
        case VIEWER -> viewer;
      };
    }

    /// The role that the claim's values give.
    public Optional<Role> in(List<String> values) {
      for (Role role : Role.values()) {
        if (of(role).stream().anyMatch(values::contains)) {
          return Optional.of(role);
        }
      }
      return Optional.empty();
    }
  }
}
