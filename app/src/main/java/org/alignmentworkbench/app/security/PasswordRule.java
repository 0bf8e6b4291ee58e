package org.alignmentworkbench.app.security;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/// Which passwords are taken: long enough, not the name, and within what the hash can hold.
public final class PasswordRule {
  /// Characters, counted as code points.
  public static final int SHORTEST = 12;

  /// bcrypt reads no more than this many bytes; a longer password is refused rather than cut.
  public static final int LONGEST_BYTES = 72;

  private PasswordRule() {}

  /// The message key of the rule a password breaks, if it breaks one.
  public static Optional<String> broken(String username, String password) {
    if (password.codePointCount(0, password.length()) < SHORTEST) {
      return Optional.of("password.tooShort");
    }
    if (password.getBytes(StandardCharsets.UTF_8).length > LONGEST_BYTES) {
      return Optional.of("password.tooLong");
    }
    if (password.codePoints().distinct().count() < 5) {
      return Optional.of("password.tooPlain");
    }
    if (!username.isEmpty()
        && password.toLowerCase(Locale.ROOT).contains(username.toLowerCase(Locale.ROOT))
        && username.length() * 2 > password.length()) {
      return Optional.of("password.isName");
    }
    return Optional.empty();
  }
}
