package org.alignmentworkbench.annotation.page;

import java.util.Collection;
import java.util.List;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.userdetails.UserDetails;

/// A signed-in person of the tests.
public record Person(
    long personId, String username, String displayName, String role, boolean scripted)
    implements SignedInPerson, UserDetails {
  @Override
  public Collection<? extends GrantedAuthority> getAuthorities() {
    return List.of(new SimpleGrantedAuthority("ROLE_" + role));
  }

  @Override
  public String getPassword() {
    return "{noop}" + username;
  }

  @Override
  public String getUsername() {
    return username;
  }
}
