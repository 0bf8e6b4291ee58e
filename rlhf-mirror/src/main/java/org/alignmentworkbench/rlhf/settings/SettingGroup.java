package org.alignmentworkbench.rlhf.settings;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A settings record as a tree: its components in their order, records among them as groups of
/// their own.
public record SettingGroup(String path, String name, String meaning, List<SettingPart> parts)
    implements SettingPart {
  public SettingGroup {
    parts = List.copyOf(parts);
  }

  /// The tree of a record with its values.
  ///
  /// @throws IllegalArgumentException when a component has no [Setting], or a type that no form can
  ///   ask for
  public static SettingGroup of(Record settings) {
    return of("", "", "", settings);
  }

  private static SettingGroup of(String path, String name, String meaning, Record settings) {
    List<SettingPart> parts = new ArrayList<>();
    for (RecordComponent component : settings.getClass().getRecordComponents()) {
      Setting setting = component.getAnnotation(Setting.class);
      if (setting == null) {
        throw new IllegalArgumentException(
            settings.getClass().getName() + "." + component.getName() + " has no @Setting");
      }
      String below = path.isEmpty() ? component.getName() : path + "." + component.getName();
      Object value = value(component, settings);
      parts.add(
          value instanceof Record nested
              ? of(below, component.getName(), setting.value(), nested)
              : SettingField.of(below, component, setting, value));
    }
    return new SettingGroup(path, name, meaning, parts);
  }

  private static Object value(RecordComponent component, Record settings) {
    try {
      // Records of a job are often package-private; their accessors are asked all the same.
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(settings);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          settings.getClass().getName() + "." + component.getName() + " cannot be read", e);
    }
  }

  /// Every field below, in order.
  public List<SettingField> fields() {
    List<SettingField> fields = new ArrayList<>();
    for (SettingPart part : parts) {
      switch (part) {
        case SettingField field -> fields.add(field);
        case SettingGroup group -> fields.addAll(group.fields());
      }
    }
    return fields;
  }

  /// The field at a path.
  public Optional<SettingField> field(String wanted) {
    return fields().stream().filter(field -> field.path().equals(wanted)).findFirst();
  }
}
