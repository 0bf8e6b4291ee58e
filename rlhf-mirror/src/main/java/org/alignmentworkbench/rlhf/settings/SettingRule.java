package org.alignmentworkbench.rlhf.settings;

/// What the constructors of settings records say when a value cannot be.
public final class SettingRule {
  private SettingRule() {}

  /// @param name the component, its own or below it (`pairs.prompts`)
  /// @param rule what it must be, such as `>= 1`
  /// @throws IllegalArgumentException `name must be rule, was value`, when it does not hold
  public static void require(boolean holds, String name, String rule, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(name + " must be " + rule + ", was " + value);
    }
  }
}
