package org.alignmentworkbench.app.security;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.db.person.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.OidcUserInfo;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;

/// An account that came by a provider. It lives for the one request of the sign-in; the session
/// keeps the person's number, as after any other sign-in, and none of the provider's tokens.
final class OidcPerson implements OidcUser {
  private final Account account;
  private final OidcUser user;

  OidcPerson(Account account, OidcUser user) {
    this.account = account;
    this.user = user;
  }

  Account account() {
    return account;
  }

  @Override
  public Map<String, Object> getClaims() {
    return user.getClaims();
  }

  @Override
  public @Nullable OidcUserInfo getUserInfo() {
    return user.getUserInfo();
  }

  @Override
  public OidcIdToken getIdToken() {
    return user.getIdToken();
  }

  @Override
  public Map<String, Object> getAttributes() {
    return user.getAttributes();
  }

  @Override
  public Collection<? extends GrantedAuthority> getAuthorities() {
    return List.of(new SimpleGrantedAuthority(Authority.of(Role.valueOf(account.role()))));
  }

  @Override
  public String getName() {
    return account.username();
  }
}
