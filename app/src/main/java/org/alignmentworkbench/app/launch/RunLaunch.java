package org.alignmentworkbench.app.launch;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.rlhf.job.RunQueue;
import org.alignmentworkbench.rlhf.job.SettingRefused;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.rlhf.settings.Names;
import org.alignmentworkbench.rlhf.settings.SettingField;
import org.alignmentworkbench.rlhf.settings.SettingGroup;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Queues runs that people fill in, and says beside which field what cannot be.
///
/// A training that ends with a name that is taken has run for nothing, so names of what a run makes
/// are looked at before it is queued: those of the project's models, and those that runs which wait
/// or work will make.
@Component
public class RunLaunch {
  static final String NAME = "name";
  static final String SEED = "seed";

  /// Faults that belong to no field.
  static final String WHOLE = "";

  private static final int LONGEST_NAME = 120;
  private static final int TRIES = 1_000;

  private final RunQueue queue;
  private final Stores stores;
  private final AuditRepository audit;
  private final TransactionTemplate transaction;
  private final Words words;

  RunLaunch(
      RunQueue queue,
      Stores stores,
      AuditRepository audit,
      TransactionTemplate transaction,
      Words words) {
    this.queue = queue;
    this.stores = stores;
    this.audit = audit;
    this.transaction = transaction;
    this.words = words;
  }

  /// What came of an order.
  public sealed interface Outcome {
    /// It waits for its device.
    record Queued(Run run) implements Outcome {}

    /// @param faults in words, by [#NAME], [#SEED], a setting's path or [#WHOLE]
    record Refused(Map<String, String> faults) implements Outcome {}
  }

  /// Queues what a program orders, by the same rules as a form.
  ///
  /// @param given laid over the job's defaults
  /// @throws IllegalArgumentException when there is no such job
  public Outcome queue(
      Project project, long personId, String job, String name, long seed, ObjectNode given) {
    SettingGroup settings =
        queue
            .defaults(job)
            .map(SettingGroup::of)
            .orElseThrow(() -> new IllegalArgumentException("there is no job '" + job + "'"));
    SettingsForm form = SettingsForm.of(settings).with(given);
    return queue(project, personId, job, name, String.valueOf(seed), settings, form);
  }

  /// Queues a run, or says everything that is wrong with it.
  Outcome queue(
      Project project,
      long personId,
      String job,
      String name,
      String typedSeed,
      SettingGroup settings,
      SettingsForm form) {
    Map<String, String> faults = new HashMap<>();
    form.unknown().forEach((path, _) -> faults.put(WHOLE, words.of("launch.unknown", path)));
    SettingsForm.Read read = form.read(settings);
    faults.putAll(read.faults());
    if (name.isEmpty() || name.length() > LONGEST_NAME || !Words.oneLine(name).equals(name)) {
      faults.put(NAME, words.of("launch.name.bad"));
    } else if (stores.runs().findByName(project.id(), name).isPresent()) {
      faults.put(NAME, words.of("launch.name.taken"));
    }
    long seed = project.seed();
    try {
      seed = Long.parseLong(typedSeed.strip());
    } catch (NumberFormatException e) {
      faults.put(SEED, words.of("launch.seed.bad", typedSeed));
    }
    if (read.faults().isEmpty()) {
      faults.putAll(clashes(project, job, settings, read.settings()));
    }
    if (!faults.isEmpty()) {
      return new Outcome.Refused(faults);
    }
    return order(project, personId, job, name, seed, settings, read.settings());
  }

  private Outcome order(
      Project project,
      long personId,
      String job,
      String name,
      long seed,
      SettingGroup settings,
      ObjectNode given) {
    try {
      return transaction.execute(_ -> {
        Run run = queue.enqueue(project.id(), name, job, given.toString(), seed);
        audit.record(
            personId,
            "run.queue",
            "run " + run.id(),
            JsonMapper.shared().writeValueAsString(Map.of("job", job, "name", name)));
        return new Outcome.Queued(run);
      });
    } catch (SettingRefused e) {
      // A rule between two settings.
      return new Outcome.Refused(fault(settings, e));
    } catch (DuplicateKeyException e) {
      // Somebody else was faster.
      return new Outcome.Refused(Map.of(NAME, words.of("launch.name.taken")));
    }
  }

  private Map<String, String> fault(SettingGroup settings, SettingRefused refused) {
    return settings.field(refused.path()).isPresent()
        ? Map.of(refused.path(), refused.rule())
        : Map.of(WHOLE, String.valueOf(refused.getMessage()));
  }

  /// Names that the run would make and that are taken, beside the settings they come from.
  Map<String, String> clashes(
      Project project, String job, SettingGroup settings, ObjectNode given) {
    Map<String, String> faults = new LinkedHashMap<>();
    List<String> made;
    try {
      made = queue.makes(job, given.toString());
    } catch (SettingRefused e) {
      return fault(settings, e);
    }
    Map<String, String> taken = taken(project);
    for (String name : made) {
      String by = taken.get(name);
      if (by != null) {
        settings.fields().stream()
            .filter(field -> field.names() == Names.NEW_MODEL)
            .filter(field -> isOrMakes(given, field, name))
            .forEach(field -> faults.putIfAbsent(field.path(), by));
      }
    }
    return faults;
  }

  /// A text is the name itself; a number is part of the names of all that the run makes.
  private static boolean isOrMakes(ObjectNode given, SettingField field, String name) {
    return field.kind() != SettingField.Kind.TEXT
        || given.at("/" + field.path().replace('.', '/')).asString("").equals(name);
  }

  /// What each taken name belongs to, in words.
  private Map<String, String> taken(Project project) {
    Map<String, String> taken = new HashMap<>();
    for (Dataset dataset : stores.datasets().ofProject(project.id())) {
      int slash = dataset.name().lastIndexOf('/');
      if (slash > 0) {
        // A run's datasets carry its model's name in front; one that failed may have left some.
        String name = dataset.name().substring(0, slash);
        taken.put(name, words.of("launch.taken.dataset", dataset.name()));
      }
    }
    for (Model model : stores.models().ofProject(project.id())) {
      taken.put(model.name(), words.of("launch.taken.model", model.name()));
    }
    for (Run run : stores.runs().ofProject(project.id())) {
      if (!run.state().ended() && queue.defaults(run.jobName()).isPresent()) {
        try {
          for (String name : queue.makes(run.jobName(), run.configuration())) {
            taken.putIfAbsent(name, words.of("launch.taken.run", run.name(), name));
          }
        } catch (SettingRefused _) {
          // Queued by another version with settings that this one does not have: it will be
          // refused when its turn comes, and makes nothing.
        }
      }
    }
    return taken;
  }

  /// A form whose names of new models are free: a number behind the name, or the next number.
  SettingsForm free(Project project, String job, SettingGroup settings, SettingsForm form) {
    SettingsForm free = new SettingsForm(form.texts(), form.unknown());
    for (SettingField field : settings.fields()) {
      if (field.names() != Names.NEW_MODEL) {
        continue;
      }
      String first = free.texts().getOrDefault(field.path(), "");
      for (int n = 2; n < TRIES; n++) {
        SettingsForm.Read read = free.read(settings);
        if (!read.faults().isEmpty()
            || !clashes(project, job, settings, read.settings()).containsKey(field.path())) {
          break;
        }
        free.texts()
            .put(
                field.path(),
                field.kind() == SettingField.Kind.WHOLE
                    ? String.valueOf(Long.parseLong(first.strip()) + n - 1)
                    : first + "-" + n);
      }
    }
    return free;
  }

  /// A name for a run that no run of the project has: the wish itself, or with a number.
  String freeName(Project project, String wish) {
    for (int n = 1; n < TRIES; n++) {
      String name = n == 1 ? wish : wish + " " + n;
      if (stores.runs().findByName(project.id(), name).isEmpty()) {
        return name;
      }
    }
    return "";
  }
}
