package org.alignmentworkbench.db.person;

import java.util.Optional;
import java.util.regex.Pattern;

/// A personal API token as its owner holds it: a prefix by which scanners of repositories and logs
/// recognise it, and 256 random bits. It is shown once; the database keeps its hash only.
public record ApiSecret(String value) {
  /// What every token begins with.
  public static final String PREFIX = "awb_";

  private static final Pattern FORM = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");
  private static final int ENDING = 4;

  public ApiSecret {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("an API token is " + PREFIX + " and 43 characters");
    }
  }

  public static ApiSecret random() {
    return new ApiSecret(PREFIX + OneTimeToken.random().value());
  }

  /// Reads what a request brought; empty where that cannot be a token.
  public static Optional<ApiSecret> read(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new ApiSecret(text)) : Optional.empty();
  }

  /// SHA-256 of the characters, in hexadecimal.
  public String hash() {
    return new OneTimeToken(value).hash();
  }

  /// The last characters: 24 of 256 bits, which is enough to tell one's own tokens apart and tells
  /// nobody the rest.
  public String ending() {
    return value.substring(value.length() - ENDING);
  }

  /// Not the secret.
  @Override
  public String toString() {
    return "ApiSecret";
  }
}
