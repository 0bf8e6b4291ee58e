package org.alignmentworkbench.app.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.app.launch.RunLaunch;
import org.alignmentworkbench.app.security.Account;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.run.Heartbeat;
import org.alignmentworkbench.db.run.LogLine;
import org.alignmentworkbench.db.run.MetricPoint;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunChange;
import org.alignmentworkbench.db.run.RunControl;
import org.alignmentworkbench.db.run.RunRepository;
import org.alignmentworkbench.db.run.RunState;
import org.alignmentworkbench.db.view.RunLine;
import org.alignmentworkbench.db.view.RunList;
import org.alignmentworkbench.rlhf.job.RunQueue;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Runs: the jobs there are, launching, watching, stopping.
@Tag(name = "Runs")
@RestController
class RunsApi {
  private static final String RUNS = "/api/v1/runs";
  private static final String RUN = RUNS + "/{runId:[0-9]{1,18}}";
  private static final int POINTS = 10_000;
  private static final int LINES = 1_000;

  private final RunRepository runs;
  private final RunList list;
  private final RunQueue queue;
  private final RunControl control;
  private final RunLaunch launch;
  private final Once once;
  private final OpenProject open;
  private final AuditRepository audit;

  RunsApi(
      RunRepository runs,
      RunList list,
      RunQueue queue,
      RunControl control,
      RunLaunch launch,
      Once once,
      OpenProject open,
      AuditRepository audit) {
    this.runs = runs;
    this.list = list;
    this.queue = queue;
    this.control = control;
    this.launch = launch;
    this.once = once;
    this.open = open;
    this.audit = audit;
  }

  /// A kind of run.
  ///
  /// @param settings all of its settings at their defaults
  record Job(String name, Map<String, Object> settings) {}

  /// A run in a list.
  record RunRow(
      long id,
      long projectId,
      String project,
      String name,
      String job,
      RunState state,
      String detail,
      Instant createdAt,
      @Nullable Instant startedAt,
      @Nullable Instant endedAt) {
    static RunRow of(RunLine run) {
      return new RunRow(
          run.id(),
          run.projectId(),
          run.projectName(),
          run.name(),
          run.jobName(),
          run.state(),
          run.detail(),
          run.createdAt(),
          run.startedAt(),
          run.endedAt());
    }
  }

  /// A run.
  ///
  /// @param settings every setting it uses, defaults included
  /// @param heartbeat its last sign of life
  /// @param figures the last point of each of its curves
  record RunJson(
      long id,
      long projectId,
      String name,
      String job,
      RunState state,
      String detail,
      long seed,
      String codeVersion,
      String device,
      Map<String, Object> settings,
      Instant createdAt,
      @Nullable Instant startedAt,
      @Nullable Instant endedAt,
      @Nullable Heartbeat heartbeat,
      List<MetricPoint> figures) {}

  /// A run to be launched.
  ///
  /// @param name unique in its project
  /// @param seed of everything random; the project's where it is left out
  /// @param settings laid over the job's defaults
  record NewRunOrder(
      String job, String name, @Nullable Long seed, @Nullable Map<String, Object> settings) {}

  @Operation(summary = "Lists the jobs a run can be of, with their settings")
  @GetMapping("/api/v1/jobs")
  List<Job> jobs() {
    return queue.jobNames().stream()
        .map(name ->
            new Job(
                name,
                Json.object(
                    JsonMapper.shared().writeValueAsString(queue.defaults(name).orElseThrow()))))
        .toList();
  }

  @Operation(
      summary = "Lists runs of the projects that you may see, newest first",
      description =
          "`text` is a part of a run's name or of its detail, in whatever case; `from` and `until` bound"
              + " when it was made, `until` itself is not included.")
  @GetMapping(RUNS)
  Page<RunRow> list(
      @AuthenticationPrincipal Account person,
      @RequestParam(name = "project", required = false) @Nullable Long project,
      @RequestParam(name = "state", required = false) @Nullable RunState state,
      @RequestParam(name = "job", required = false) @Nullable String job,
      @RequestParam(name = "text", required = false) @Nullable String text,
      @RequestParam(name = "from", required = false) @Nullable Instant from,
      @RequestParam(name = "until", required = false) @Nullable Instant until,
      @RequestParam(name = "before", defaultValue = "9223372036854775807") long before,
      @RequestParam(name = "limit", defaultValue = Page.USUAL) int limit) {
    int most = Page.limit(limit);
    List<RunRow> read =
        list
            .older(
                new RunList.Filter(
                    project,
                    state,
                    job,
                    person.personId(),
                    text == null ? null : text.replace("\0", ""),
                    from,
                    until),
                before,
                most + 1)
            .stream()
            .map(RunRow::of)
            .toList();
    return Page.of(read, most, RunRow::id);
  }

  @Operation(
      summary = "Launches a run",
      description = "The same Idempotency-Key with the same body again launches nothing more.")
  @PostMapping("/api/v1/projects/{projectId:[0-9]{1,18}}/runs")
  ResponseEntity<RunJson> launch(
      @PathVariable("projectId") long projectId,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @RequestBody NewRunOrder order,
      @AuthenticationPrincipal Account person) {
    Project project = open.project(projectId);
    return once.create(
        person.personId(),
        key,
        "run of project " + projectId,
        order,
        () -> launch(project, person, order),
        id -> json(open.run(id)));
  }

  private long launch(Project project, Account person, NewRunOrder order) {
    String job = String.valueOf(order.job());
    if (!queue.jobNames().contains(job)) {
      throw Problems.refused(
          "job must be one of %s, was '%s'"
              .formatted(String.join(", ", queue.jobNames()), order.job()));
    }
    ObjectNode given = Json.node(order.settings() == null ? Map.of() : order.settings());
    return switch (launch.queue(
        project,
        person.personId(),
        job,
        order.name() == null ? "" : order.name().strip(),
        order.seed() == null ? project.seed() : order.seed(),
        given)) {
      case RunLaunch.Outcome.Queued(Run run) -> run.id();
      case RunLaunch.Outcome.Refused(Map<String, String> faults) -> throw Problems.refused(faults);
    };
  }

  @Operation(summary = "Shows a run with its settings and the last point of each curve")
  @GetMapping(RUN)
  RunJson show(@PathVariable("runId") long runId) {
    return json(open.run(runId));
  }

  private RunJson json(Run run) {
    return new RunJson(
        run.id(),
        run.projectId(),
        run.name(),
        run.jobName(),
        run.state(),
        run.detail(),
        run.seed(),
        run.codeVersion(),
        run.device(),
        Json.object(run.configuration()),
        run.createdAt(),
        run.startedAt(),
        run.endedAt(),
        runs.heartbeat(run.id()).orElse(null),
        runs.latest(run.id()));
  }

  @Operation(
      summary = "Reads points of a run's curves in the order in which they were written",
      description =
          "A point's seq is its key: send the last one as `after` to hear what is new. A value that"
              + " was not finite is null.")
  @GetMapping(RUN + "/metrics")
  Page<MetricPoint> metrics(
      @PathVariable("runId") long runId,
      @RequestParam(name = "after", defaultValue = "0") long after,
      @RequestParam(name = "limit", defaultValue = "1000") int limit) {
    open.run(runId);
    int most = bounded(limit, POINTS);
    return Page.of(runs.pointsAfter(runId, after, most + 1), most, MetricPoint::seq);
  }

  @Operation(summary = "Reads a run's log, oldest first")
  @GetMapping(RUN + "/log")
  Page<LogLine> log(
      @PathVariable("runId") long runId,
      @RequestParam(name = "after", defaultValue = "0") long after,
      @RequestParam(name = "limit", defaultValue = "200") int limit) {
    open.run(runId);
    int most = bounded(limit, LINES);
    return Page.of(runs.logAfter(runId, after, most + 1), most, LogLine::id);
  }

  private static int bounded(int limit, int most) {
    if (limit < 1 || limit > most) {
      throw new IllegalArgumentException("limit must be 1..%d, was %d".formatted(most, limit));
    }
    return limit;
  }

  @Operation(summary = "Stops a run: at its next commit, or at once where it only waits")
  @PostMapping(RUN + "/stop")
  RunJson stop(@PathVariable("runId") long runId, @AuthenticationPrincipal Account person) {
    open.run(runId);
    return changed(runId, "run.stop", control.stop(runId), person);
  }

  @Operation(summary = "Puts a stopped or failed run back in the queue; it goes on where it was")
  @PostMapping(RUN + "/restart")
  RunJson restart(@PathVariable("runId") long runId, @AuthenticationPrincipal Account person) {
    open.run(runId);
    return changed(runId, "run.restart", control.restart(runId), person);
  }

  private RunJson changed(long runId, String action, RunChange change, Account person) {
    return switch (change) {
      case RunChange.Changed _ -> {
        audit.record(person.personId(), action, "run " + runId, "{}");
        yield json(open.run(runId));
      }
      case RunChange.Refused(RunState actual) ->
          throw Problems.conflict("run %d is %s: that cannot be done now".formatted(runId, actual));
      case RunChange.NoSuchRun _ -> throw Problems.notFound("there is no run " + runId);
    };
  }
}
