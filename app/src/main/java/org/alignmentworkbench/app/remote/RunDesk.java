package org.alignmentworkbench.app.remote;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.alignmentworkbench.app.project.ProjectStart;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.alignmentworkbench.db.run.LogLine.Level;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunRepository;
import org.alignmentworkbench.rlhf.job.RunQueue;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.rlhf.settings.SettingGroup;
import org.alignmentworkbench.sft.job.Conversations;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Takes orders of runs and tells how they stand.
@Component
final class RunDesk {
  private static final int LOG_LINES = 200;
  private static final String FIRST_PROJECT = "work";

  private final RunQueue queue;
  private final RunRepository runs;
  private final ProjectRepository projects;
  private final ProjectStart start;
  private final Stores stores;
  private final TransactionTemplate transaction;

  RunDesk(
      RunQueue queue,
      RunRepository runs,
      ProjectRepository projects,
      ProjectStart start,
      Stores stores,
      TransactionTemplate transaction) {
    this.queue = queue;
    this.runs = runs;
    this.projects = projects;
    this.start = start;
    this.stores = stores;
    this.transaction = transaction;
  }

  /// Queues what is ordered.
  ///
  /// @throws IllegalArgumentException with a sentence that names what cannot be
  Run take(RunOrder given) {
    RunOrder order = withLists(given);
    Project project = project(order.project());
    String name = order.name() == null ? freeName(project, order.job()) : order.name();
    if (runs.findByName(project.id(), name).isPresent()) {
      throw new IllegalArgumentException(
          "project '" + project.name() + "' already has a run '" + name + "'");
    }
    String file = order.dataFile();
    if (file == null) {
      return enqueue(project, name, order, order.settings());
    }
    // Refused before the file is read where the settings cannot be, among them `data` itself for a
    // job that has no such setting.
    List<String> _ = queue.makes(order.job(), withData(order, file));
    // In one transaction: an order that is refused after all leaves no dataset behind.
    return transaction.execute(_ -> {
      Conversations.Taken taken = take(project, Path.of(file));
      ObjectNode settings = order.settings().deepCopy().put("data", taken.dataset().name());
      Run run = enqueue(project, name, order, settings);
      tell(run, file, taken);
      return run;
    });
  }

  private static String withData(RunOrder order, String data) {
    return JsonMapper.shared().writeValueAsString(order.settings().deepCopy().put("data", data));
  }

  private RunOrder withLists(RunOrder order) {
    return queue
        .defaults(order.job())
        .map(defaults ->
            new RunOrder(
                order.project(),
                order.name(),
                order.job(),
                TypedLists.read(order.settings(), SettingGroup.of(defaults)),
                order.seed(),
                order.dataFile()))
        .orElse(order);
  }

  private Run enqueue(Project project, String name, RunOrder order, ObjectNode settings) {
    return queue.enqueue(
        project.id(),
        name,
        order.job(),
        JsonMapper.shared().writeValueAsString(settings),
        order.seed() == null ? project.seed() : order.seed());
  }

  private Conversations.Taken take(Project project, Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return Conversations.take(stores, project.id(), in, String.valueOf(file.getFileName()));
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private void tell(Run run, @Nullable String file, Conversations.Taken taken) {
    Dataset dataset = taken.dataset();
    runs.log(
        run.id(),
        Level.INFO,
        "Took %s as dataset '%s': %d rows, %d left out, %s; the file itself is %s."
            .formatted(
                file,
                dataset.name(),
                dataset.rowCount(),
                taken.refused(),
                dataset.artifactSha256(),
                taken.sha256()));
    taken
        .first()
        .forEach(refusal -> runs.log(run.id(), Level.WARN, "Left out " + refusal.sentence()));
    if (taken.refused() > taken.first().size()) {
      runs.log(
          run.id(),
          Level.WARN,
          "... and %d more rows; the run's page has the whole list."
              .formatted(taken.refused() - taken.first().size()));
    }
  }

  /// How a run stands, with its log after line `after`.
  Optional<RunOrder.Standing> standing(long id, long after) {
    return runs.find(id)
        .map(run ->
            new RunOrder.Standing(
                run.id(),
                projects.find(run.projectId()).orElseThrow().name(),
                run.name(),
                run.jobName(),
                run.state(),
                run.detail(),
                run.seed(),
                (ObjectNode) JsonMapper.shared().readTree(run.configuration()),
                runs.heartbeat(id).orElse(null),
                figures(id),
                runs.logAfter(id, after, LOG_LINES)));
  }

  private SortedMap<String, @Nullable Double> figures(long id) {
    var figures = new TreeMap<String, @Nullable Double>();
    runs.latest(id).forEach(point -> figures.put(point.series(), point.value()));
    return figures;
  }

  private Project project(@Nullable String name) {
    List<Project> all = projects.all();
    if (name == null) {
      return all.stream().findFirst().orElseGet(() -> start.begin(FIRST_PROJECT, 1));
    }
    return projects
        .findByName(name)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "there is no project '"
                    + name
                    + "'; there are "
                    + all.stream().map(Project::name).toList()));
  }

  private String freeName(Project project, String job) {
    return IntStream.iterate(1, n -> n + 1)
        .mapToObj(n -> job + "-" + n)
        .filter(name -> runs.findByName(project.id(), name).isEmpty())
        .findFirst()
        .orElseThrow();
  }
}
