package org.alignmentworkbench.app.security;

import java.time.Duration;
import org.springframework.security.core.AuthenticationException;

/// Too many failures: this name must wait at this address.
final class MustWait extends AuthenticationException {
  private static final long serialVersionUID = 1L;

  private final Duration left;

  MustWait(Duration left) {
    super("too many failed sign-ins, wait " + left.toSeconds() + " s");
    this.left = left;
  }

  Duration left() {
    return left;
  }
}
