package org.alignmentworkbench.app.remote;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// The secret that commands on this machine show. New at each start of the server.
public record LocalToken(String value) {
  public LocalToken {
    if (value.length() < 32) {
      throw new IllegalArgumentException("a local token needs at least 32 characters");
    }
  }

  /// Compares in a time that does not tell where two tokens differ.
  public boolean matches(String shown) {
    return MessageDigest.isEqual(
        value.getBytes(StandardCharsets.UTF_8), shown.getBytes(StandardCharsets.UTF_8));
  }

  /// Without the secret, which a record would print.
  @Override
  public String toString() {
    return "LocalToken[…]";
  }
}
