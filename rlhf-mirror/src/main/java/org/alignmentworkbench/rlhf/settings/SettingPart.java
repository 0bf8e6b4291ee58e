package org.alignmentworkbench.rlhf.settings;

/// A part of a tree of settings.
public sealed interface SettingPart permits SettingField, SettingGroup {
  /// Component names from the root, joined by points; empty at the root.
  String path();

  /// The last of them.
  String name();

  /// What it means.
  String meaning();
}
