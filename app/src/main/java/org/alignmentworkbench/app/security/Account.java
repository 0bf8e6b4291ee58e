package org.alignmentworkbench.app.security;

import java.io.Serializable;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.springframework.security.core.AuthenticatedPrincipal;

/// The person of a request. Read anew for each request, so a changed role or a closed account
/// counts from the next click on.
public record Account(
    long personId, String username, String displayName, String role, boolean scripted)
    implements SignedInPerson, AuthenticatedPrincipal, Serializable {

  @Override
  public String getName() {
    return username;
  }
}
