package org.alignmentworkbench.rlhf.job;

import org.jspecify.annotations.Nullable;

/// A setting that does not exist or cannot be.
public final class SettingRefused extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final String path;
  private final String rule;

  SettingRefused(String path, String rule, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.path = path;
    this.rule = rule;
  }

  /// Component names joined by points, as far as it is known which setting it is; empty where no
  /// single one is to blame.
  public String path() {
    return path;
  }

  /// What it must be and was.
  public String rule() {
    return rule;
  }
}
