package org.alignmentworkbench.app.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Option;
import org.alignmentworkbench.app.run.RunSettings;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.evaluation.Evaluation;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.model.registry.ModelRegistry;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.rlhf.settings.Names;
import org.alignmentworkbench.rlhf.settings.SettingField;
import org.alignmentworkbench.rlhf.settings.SettingGroup;
import org.alignmentworkbench.rlhf.settings.SettingPart;
import org.springframework.stereotype.Component;

/// Turns settings and what stands in their fields into the form that a page shows.
@Component
class LaunchForm {
  private static final String SUGGESTIONS = "names-";

  private final Stores stores;
  private final ModelRegistry registry;
  private final Formats formats;
  private final Words words;

  LaunchForm(Stores stores, ModelRegistry registry, Formats formats, Words words) {
    this.stores = stores;
    this.registry = registry;
    this.formats = formats;
    this.words = words;
  }

  /// The form record by record, the outermost first.
  ///
  /// @param faults by path
  List<LaunchViews.Group> groups(
      SettingGroup settings, SettingsForm form, Map<String, String> faults) {
    List<LaunchViews.Group> groups = new ArrayList<>();
    collect(settings, "", form, faults, groups);
    return groups;
  }

  private void collect(
      SettingGroup group,
      String title,
      SettingsForm form,
      Map<String, String> faults,
      List<LaunchViews.Group> groups) {
    List<LaunchViews.Field> fields = new ArrayList<>();
    List<SettingGroup> below = new ArrayList<>();
    for (SettingPart part : group.parts()) {
      switch (part) {
        case SettingField field -> fields.add(field(field, form, faults));
        case SettingGroup inner -> below.add(inner);
      }
    }
    if (!fields.isEmpty()) {
      long changed = fields.stream().filter(LaunchViews.Field::changed).count();
      boolean faulty = fields.stream().anyMatch(field -> field.fault() != null);
      groups.add(
          new LaunchViews.Group(
              title,
              group.meaning(),
              words.of("launch.count", fields.size(), changed),
              faulty || changed > 0,
              fields));
    }
    for (SettingGroup inner : below) {
      String name = Words.spelled(inner.name());
      collect(inner, title.isEmpty() ? name : title + " · " + name, form, faults, groups);
    }
  }

  private LaunchViews.Field field(
      SettingField field, SettingsForm form, Map<String, String> faults) {
    String text = form.texts().getOrDefault(field.path(), "");
    boolean boxes = field.kind() == SettingField.Kind.LIST && !field.choices().isEmpty();
    LaunchViews.Kind kind =
        switch (field.kind()) {
          case WHOLE, DECIMAL -> LaunchViews.Kind.NUMBER;
          case SWITCH -> LaunchViews.Kind.SWITCH;
          case CHOICE -> LaunchViews.Kind.CHOICE;
          case TEXT -> LaunchViews.Kind.TEXT;
          case LIST -> boxes ? LaunchViews.Kind.BOXES : LaunchViews.Kind.TEXT;
        };
    boolean suggests = field.names() != Names.NOTHING && field.names() != Names.NEW_MODEL;
    return new LaunchViews.Field(
        SettingsForm.PREFIX + field.path(),
        field.path(),
        Words.spelled(field.name()),
        RunSettings.hint(field),
        field.text().isEmpty() ? Formats.NONE : field.text(),
        kind,
        text,
        field.choices().stream()
            .map(choice -> new Option(choice, words.orElse("kind." + choice, choice)))
            .toList(),
        Arrays.stream(text.split(",")).map(String::strip).toList(),
        suggests ? SUGGESTIONS + field.names() : null,
        !text.strip().equals(field.text()),
        faults.get(field.path()));
  }

  /// The names of what the project has or may take from the registry, by what settings ask for.
  List<LaunchViews.Suggestions> suggestions(long projectId) {
    Map<Names, Set<String>> found = new EnumMap<>(Names.class);
    for (Model model : stores.models().ofProject(projectId)) {
      add(found, Names.MODEL, model.name());
      switch (model.kind()) {
        case POLICY, COMPRESSED -> add(found, Names.POLICY, model.name());
        case ADAPTER -> {
          // An adapter answers on the model under it.
          add(found, Names.POLICY, model.name());
          add(found, Names.ADAPTER, model.name());
        }
        case REWARD_MODEL -> add(found, Names.REWARD_MODEL, model.name());
      }
    }
    for (String name : registered()) {
      add(found, Names.MODEL, name);
      add(found, Names.POLICY, name);
    }
    for (Dataset dataset : stores.datasets().ofProject(projectId)) {
      add(found, Names.DATASET, dataset.name());
    }
    for (Evaluation evaluation : stores.evaluations().ofProject(projectId)) {
      add(found, Names.STAGE, evaluation.stage());
    }
    return found.entrySet().stream()
        .map(entry ->
            new LaunchViews.Suggestions(
                SUGGESTIONS + entry.getKey(), List.copyOf(entry.getValue())))
        .toList();
  }

  private List<String> registered() {
    try {
      return registry.names();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void add(Map<Names, Set<String>> found, Names names, String name) {
    found.computeIfAbsent(names, _ -> new TreeSet<>()).add(name);
  }

  /// How many settings a job has, in words.
  String count(SettingGroup settings) {
    return words.of("launch.settings", formats.number(settings.fields().size()));
  }
}
