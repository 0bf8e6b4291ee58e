package org.alignmentworkbench.app.remote;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunRepository;
import org.alignmentworkbench.rlhf.job.RunQueue;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Takes orders of runs and tells how they stand.
@Component
final class RunDesk {
  private static final int LOG_LINES = 200;

  private final RunQueue queue;
  private final RunRepository runs;
  private final ProjectRepository projects;

  RunDesk(RunQueue queue, RunRepository runs, ProjectRepository projects) {
    this.queue = queue;
    this.runs = runs;
    this.projects = projects;
  }

  /// Queues what is ordered.
  ///
  /// @throws IllegalArgumentException with a sentence that names what cannot be
  Run take(RunOrder order) {
    Project project = project(order.project());
    String name = order.name() == null ? freeName(project, order.job()) : order.name();
    if (runs.findByName(project.id(), name).isPresent()) {
      throw new IllegalArgumentException(
          "project '" + project.name() + "' already has a run '" + name + "'");
    }
    return queue.enqueue(
        project.id(),
        name,
        order.job(),
        JsonMapper.shared().writeValueAsString(order.settings()),
        order.seed() == null ? project.seed() : order.seed());
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
                runs.logAfter(id, after, LOG_LINES)));
  }

  private Project project(@Nullable String name) {
    List<Project> all = projects.all();
    if (name == null) {
      return all.stream()
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("there is no project yet"));
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
