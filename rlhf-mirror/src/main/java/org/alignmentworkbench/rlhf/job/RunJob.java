package org.alignmentworkbench.rlhf.job;

import java.util.List;
import java.util.Optional;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.rlhf.settings.Names;
import org.alignmentworkbench.rlhf.settings.SettingField;
import org.alignmentworkbench.rlhf.settings.SettingGroup;
import org.springframework.batch.core.job.Job;

/// A kind of run: its job and the settings it takes.
public interface RunJob {
  /// The name that runs carry.
  String name();

  /// The job; the same one for all runs, which differ in their parameters.
  Job job();

  /// The settings of a run that sets nothing.
  Record defaults();

  /// The whole configuration that `settings` makes of the defaults, as JSON; a setting that does
  /// not exist or cannot be is a [SettingRefused].
  default String configuration(String settings) {
    return SettingsJson.write(SettingsJson.read(settings, defaults()));
  }

  /// Whether it computes with models. One that does not runs beside those that do, and waits for
  /// nobody's training.
  default boolean usesEngine() {
    return true;
  }

  /// Whether people order it by its settings; false where a page of its own begins it.
  default boolean offered() {
    return true;
  }

  /// Names of the models that a run of this configuration registers. A name can be given once in a
  /// project, which is better heard before the training than after it.
  default List<String> makes(String configuration) {
    return SettingGroup.of(SettingsJson.read(configuration, defaults())).fields().stream()
        .filter(field -> field.names() == Names.NEW_MODEL)
        .map(SettingField::text)
        .toList();
  }

  /// What a parked run still waits for; empty once it may go on.
  default Optional<String> waitsFor(Run run) {
    return Optional.empty();
  }
}
