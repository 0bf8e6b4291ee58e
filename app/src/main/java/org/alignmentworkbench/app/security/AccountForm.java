package org.alignmentworkbench.app.security;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What somebody types to make their own account, with the message keys of what is wrong with it.
///
/// @param token of the link that they came by
record AccountForm(
    String token,
    String username,
    String displayName,
    @Nullable String usernameError,
    @Nullable String displayNameError,
    @Nullable String passwordError,
    @Nullable String repeatError) {
  private static final Pattern USERNAME = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,63}");
  private static final int LONGEST_DISPLAY_NAME = 120;

  /// Nothing typed yet.
  static AccountForm empty(String token) {
    return new AccountForm(token, "", "", null, null, null, null);
  }

  static AccountForm typed(
      String token, String typedName, String typedDisplayName, String password, String repeat) {
    String username = typedName.strip().toLowerCase(Locale.ROOT);
    String displayName = typedDisplayName.strip();
    return new AccountForm(
        token,
        username,
        displayName,
        USERNAME.matcher(username).matches() ? null : "person.username.bad",
        displayName.isEmpty()
                || displayName.length() > LONGEST_DISPLAY_NAME
                || displayName.indexOf('\0') >= 0
            ? "person.displayName.bad"
            : null,
        PasswordRule.broken(username, password).orElse(null),
        password.equals(repeat) ? null : "password.differs");
  }

  boolean faulty() {
    return usernameError != null
        || displayNameError != null
        || passwordError != null
        || repeatError != null;
  }

  /// The same where somebody else has the name.
  AccountForm taken() {
    return new AccountForm(token, username, displayName, "person.username.taken", null, null, null);
  }
}
