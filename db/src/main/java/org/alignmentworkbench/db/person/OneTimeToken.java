package org.alignmentworkbench.db.person;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/// The secret in a one-time link. It is shown once; the database keeps its hash only.
///
/// 256 random bits need no salt and no slow hash: nobody can guess their way back from the hash.
public record OneTimeToken(String value) {
  private static final int BYTES = 32;

  public static OneTimeToken random() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return new OneTimeToken(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /// SHA-256 of the token's characters, in hexadecimal.
  public String hash() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(value.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// Not the secret.
  @Override
  public String toString() {
    return "OneTimeToken";
  }
}
