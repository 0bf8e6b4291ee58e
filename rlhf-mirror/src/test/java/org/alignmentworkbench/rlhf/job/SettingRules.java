package org.alignmentworkbench.rlhf.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignmentworkbench.rlhf.settings.SettingField;
import org.alignmentworkbench.rlhf.settings.SettingGroup;
import tools.jackson.databind.json.JsonMapper;

/// Holds what is documented of settings against what their records accept: a value on a bound is
/// taken, the next one beyond it is refused by the component's name, a far value on an open side is
/// taken, every choice is taken and any other refused.
public final class SettingRules {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final double FAR = 1e6;

  private SettingRules() {}

  /// Every difference found; empty when documentation and constructors agree.
  ///
  /// @param tied paths of settings whose largest value follows from other settings
  public static List<String> differences(Record defaults, String... tied) {
    List<String> differences = new ArrayList<>();
    for (SettingField field : SettingGroup.of(defaults).fields()) {
      boolean open = !List.of(tied).contains(field.path());
      switch (field.kind()) {
        case WHOLE -> {
          SettingField.Range range = field.range();
          side(defaults, field, last(range.atLeast(), range.above() + 1), -1, differences);
          if (open) {
            side(defaults, field, last(range.atMost(), range.below() - 1), 1, differences);
          }
        }
        case DECIMAL -> {
          SettingField.Range range = field.range();
          side(defaults, field, last(range.atLeast(), up(range.above())), -1, differences);
          side(defaults, field, last(range.atMost(), -up(-range.below())), 1, differences);
        }
        case CHOICE, LIST -> choices(defaults, field, differences);
        case SWITCH, TEXT -> {}
      }
    }
    return differences;
  }

  private static double last(double closed, double open) {
    return Double.isFinite(closed) ? closed : open;
  }

  /// The next greater number; an open side stays open.
  private static double up(double bound) {
    return Double.isFinite(bound) ? Math.nextUp(bound) : bound;
  }

  /// @param last the last value allowed on this side; not finite where the side is open
  private static void side(
      Record defaults, SettingField field, double last, int sign, List<String> differences) {
    boolean whole = field.kind() == SettingField.Kind.WHOLE;
    if (!Double.isFinite(last)) {
      taken(defaults, field, whole ? (Object) (long) (sign * FAR) : sign * FAR, differences);
      return;
    }
    double next = whole ? last + sign : sign < 0 ? Math.nextDown(last) : Math.nextUp(last);
    taken(defaults, field, whole ? (Object) (long) last : (Object) last, differences);
    refused(defaults, field, whole ? (Object) (long) next : (Object) next, differences);
  }

  private static void choices(Record defaults, SettingField field, List<String> differences) {
    boolean list = field.kind() == SettingField.Kind.LIST;
    for (String choice : field.choices()) {
      taken(defaults, field, list ? List.of(choice) : choice, differences);
    }
    if (!field.choices().isEmpty()) {
      refused(defaults, field, list ? List.of("no-such-choice") : "NO_SUCH_CHOICE", differences);
    }
    if (list && field.optional()) {
      taken(defaults, field, List.of(), differences);
    } else if (list) {
      refused(defaults, field, List.of(), differences);
    }
  }

  /// A value that breaks the rule of another component, such as that there are no more inner steps
  /// than samples, is refused in that one's name and is no difference.
  private static void taken(
      Record defaults, SettingField field, Object value, List<String> differences) {
    fault(defaults, field, value)
        .filter(fault -> fault.path().equals(field.path()))
        .ifPresent(fault ->
            differences.add(field.path() + " is said to take " + value + ": " + fault.rule()));
  }

  private static void refused(
      Record defaults, SettingField field, Object value, List<String> differences) {
    Optional<SettingRefused> fault = fault(defaults, field, value);
    if (fault.isEmpty()) {
      differences.add(field.path() + " is said to refuse " + value + " and takes it");
    } else if (!fault.get().path().equals(field.path())) {
      differences.add(field.path() + " refused " + value + " in the name of " + fault.get().path());
    }
  }

  private static Optional<SettingRefused> fault(Record defaults, SettingField field, Object value) {
    try {
      SettingsJson.read(MAPPER.writeValueAsString(nested(field.path(), value)), defaults);
      return Optional.empty();
    } catch (SettingRefused e) {
      return Optional.of(e);
    }
  }

  private static Map<String, Object> nested(String path, Object value) {
    int point = path.indexOf('.');
    return point < 0
        ? Map.of(path, value)
        : Map.of(path.substring(0, point), nested(path.substring(point + 1), value));
  }
}
