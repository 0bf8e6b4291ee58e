package org.alignmentworkbench.app.playground;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.model.registry.ModelRegistry;
import org.alignmentworkbench.rlhf.job.Stores;
import org.jspecify.annotations.Nullable;

/// A model that can be talked to.
///
/// @param key what a [Question] names it by
/// @param name what people call it
record Choice(String key, String name) {
  private static final String REGISTERED = "registered:";
  private static final String OF_PROJECT = "model:";

  /// Models of one origin.
  ///
  /// @param project the project's name, or null for the registry
  record Group(@Nullable String project, List<Choice> choices) {
    Group {
      choices = List.copyOf(choices);
    }
  }

  static Choice registered(String name) {
    return new Choice(REGISTERED + name, name);
  }

  static Choice of(Model model) {
    return new Choice(OF_PROJECT + model.id(), model.name());
  }

  /// The registered name that a key stands for, or null.
  static @Nullable String registeredName(String key) {
    return key.startsWith(REGISTERED) ? key.substring(REGISTERED.length()) : null;
  }

  /// The id of the project's model that a key stands for.
  ///
  /// @throws IllegalArgumentException when it stands for none
  static long modelId(String key) {
    if (!key.matches(OF_PROJECT + "[0-9]{1,18}")) {
      throw new IllegalArgumentException("there is no model '" + key + "'");
    }
    return Long.parseLong(key.substring(OF_PROJECT.length()));
  }

  /// Everything there is, registered models first, then each project's, the newest first.
  ///
  /// @param projects whose models are offered
  static List<Group> all(ModelRegistry registry, Stores stores, List<Project> projects)
      throws IOException {
    var groups = new ArrayList<Group>();
    List<Choice> registered = registry.names().stream().map(Choice::registered).toList();
    if (!registered.isEmpty()) {
      groups.add(new Group(null, registered));
    }
    for (Project project : projects) {
      List<Choice> choices =
          stores.models().ofProject(project.id()).reversed().stream()
              .filter(model -> model.kind() != Model.Kind.REWARD_MODEL)
              .map(Choice::of)
              .toList();
      if (!choices.isEmpty()) {
        groups.add(new Group(project.name(), choices));
      }
    }
    return List.copyOf(groups);
  }
}
