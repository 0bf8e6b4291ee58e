package org.alignmentworkbench.app.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.alignmentworkbench.app.web.JsonFacts;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.rlhf.job.RunQueue;
import org.alignmentworkbench.rlhf.settings.SettingField;
import org.alignmentworkbench.rlhf.settings.SettingGroup;
import org.alignmentworkbench.rlhf.settings.SettingPart;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// The settings of a run in the order and in the words of its job's record, each beside its
/// default. What the record does not know (any more) comes last under its own name.
@Component
public class RunSettings {
  private final RunQueue queue;

  RunSettings(RunQueue queue) {
    this.queue = queue;
  }

  /// One setting of a run.
  ///
  /// @param path component names joined by points
  /// @param group title of the record it is in; empty at the top
  /// @param label its name in words
  /// @param hint what it means, with unit and bounds; empty where nobody said
  /// @param otherwise the default; empty where there is none
  record Line(
      String path,
      String group,
      String label,
      String hint,
      String value,
      String otherwise,
      boolean changed) {}

  /// The settings of one record.
  ///
  /// @param title empty at the top
  record Group(String title, List<Line> lines) {}

  /// Every setting in order.
  ///
  /// @param configuration a JSON object
  List<Line> lines(String jobName, String configuration) {
    Map<String, String> values = new LinkedHashMap<>();
    JsonNode tree = JsonFacts.tree(configuration);
    for (JsonFacts.Fact fact : JsonFacts.of(configuration)) {
      values.put(fact.path(), fact.value());
    }
    List<Line> lines = new ArrayList<>();
    SettingGroup known = known(jobName);
    if (known != null) {
      collect(known, "", tree, values, lines);
    }
    values.forEach((path, value) ->
        lines.add(new Line(path, "", Words.spelled(path.replace('.', ' ')), "", value, "", false)));
    return lines;
  }

  /// The settings of a job with their defaults; null where the job is not there (any more).
  @Nullable SettingGroup known(String jobName) {
    return queue.defaults(jobName).map(SettingGroup::of).orElse(null);
  }

  /// The same, record by record.
  List<Group> groups(List<Line> lines) {
    return lines.stream()
        .collect(Collectors.groupingBy(Line::group, LinkedHashMap::new, Collectors.toList()))
        .entrySet()
        .stream()
        .map(entry -> new Group(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static void collect(
      SettingGroup group,
      String title,
      JsonNode tree,
      Map<String, String> unseen,
      List<Line> lines) {
    List<SettingGroup> below = new ArrayList<>();
    for (SettingPart part : group.parts()) {
      switch (part) {
        case SettingField field -> {
          JsonNode value = tree.at("/" + field.path().replace('.', '/'));
          if (!value.isMissingNode()) {
            unseen.remove(field.path());
            String text = text(field, value);
            lines.add(
                new Line(
                    field.path(),
                    title,
                    Words.spelled(field.name()),
                    hint(field),
                    text,
                    field.text(),
                    !text.equals(field.text())));
          }
        }
        case SettingGroup inner -> below.add(inner);
      }
    }
    // A record's own settings stand together, before those of the records in it.
    for (SettingGroup inner : below) {
      String name = Words.spelled(inner.name());
      collect(inner, title.isEmpty() ? name : title + " · " + name, tree, unseen, lines);
    }
  }

  /// What a setting means, with its unit and its bounds.
  public static String hint(SettingField field) {
    List<String> parts = new ArrayList<>();
    parts.add(field.meaning());
    parts.add(field.unit());
    parts.add(field.range().words().replace(">=", "≥").replace("<=", "≤"));
    return parts.stream().filter(part -> !part.isEmpty()).collect(Collectors.joining(" · "));
  }

  private static String text(SettingField field, JsonNode value) {
    return switch (field.kind()) {
      case DECIMAL -> value.isNumber() ? SettingField.typed(value.asDouble()) : value.asString("");
      case LIST -> {
        List<String> items = new ArrayList<>();
        value.forEach(item -> items.add(item.asString("")));
        yield SettingField.typed(items);
      }
      case WHOLE, SWITCH, TEXT, CHOICE -> value.asString("");
    };
  }
}
