package org.alignmentworkbench.app.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignmentworkbench.app.labelling.GuidelineRooms;
import org.alignmentworkbench.app.project.ProjectStart;
import org.alignmentworkbench.app.security.Account;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.project.MembershipRepository;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.task.Guideline;
import org.alignmentworkbench.db.task.GuidelineRepository;
import org.alignmentworkbench.db.task.Progress;
import org.alignmentworkbench.db.task.TaskRepository;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/// Projects and how far their labelling is.
@Tag(name = "Projects")
@RestController
class ProjectsApi {
  private static final String PROJECTS = "/api/v1/projects";
  private static final String PROJECT = PROJECTS + "/{projectId:[0-9]{1,18}}";
  private static final int LONGEST_NAME = 120;

  private final MembershipRepository memberships;
  private final OpenProject open;
  private final ProjectStart start;
  private final TaskRepository tasks;
  private final GuidelineRepository guidelines;
  private final AuditRepository audit;
  private final TransactionTemplate transaction;
  private final Clock clock;

  ProjectsApi(
      MembershipRepository memberships,
      OpenProject open,
      ProjectStart start,
      TaskRepository tasks,
      GuidelineRepository guidelines,
      AuditRepository audit,
      TransactionTemplate transaction,
      Clock clock) {
    this.memberships = memberships;
    this.open = open;
    this.start = start;
    this.tasks = tasks;
    this.guidelines = guidelines;
    this.audit = audit;
    this.transaction = transaction;
    this.clock = clock;
  }

  /// A project.
  ///
  /// @param seed what every random stream of it begins from
  record ProjectJson(
      long id,
      String name,
      long seed,
      String state,
      Map<String, Object> settings,
      Instant createdAt) {
    static ProjectJson of(Project project) {
      return new ProjectJson(
          project.id(),
          project.name(),
          project.seed(),
          project.state().name(),
          Json.object(project.settings()),
          project.createdAt());
    }
  }

  /// A project to be made.
  ///
  /// @param seed 1 where it is left out
  record NewProject(String name, @Nullable Long seed) {}

  /// A guideline.
  record GuidelineJson(int version, String body, Instant createdAt) {
    static GuidelineJson of(Guideline guideline) {
      return new GuidelineJson(guideline.version(), guideline.body(), guideline.createdAt());
    }
  }

  @Operation(summary = "Lists the projects that you may see, newest first")
  @GetMapping(PROJECTS)
  Page<ProjectJson> list(
      @AuthenticationPrincipal Account person,
      @RequestParam(name = "before", defaultValue = "9223372036854775807") long before,
      @RequestParam(name = "limit", defaultValue = Page.USUAL) int limit) {
    int most = Page.limit(limit);
    List<ProjectJson> read =
        memberships.visible(person.personId()).stream()
            .filter(project -> project.id() < before)
            .limit(most + 1L)
            .map(ProjectJson::of)
            .toList();
    return Page.of(read, most, ProjectJson::id);
  }

  @Operation(summary = "Makes a project with the shipped base model and the first guideline")
  @PostMapping(PROJECTS)
  ResponseEntity<ProjectJson> make(
      @RequestBody NewProject wish, @AuthenticationPrincipal Account person) {
    String name = wish.name() == null ? "" : wish.name().strip();
    if (name.isEmpty()
        || name.length() > LONGEST_NAME
        || name.chars().anyMatch(Character::isISOControl)) {
      throw Problems.refused(
          "name must be one line of 1 to %d characters, was '%s'"
              .formatted(LONGEST_NAME, wish.name()));
    }
    try {
      Project project = start.begin(person.personId(), name, wish.seed() == null ? 1 : wish.seed());
      return ResponseEntity.status(HttpStatus.CREATED).body(ProjectJson.of(project));
    } catch (DuplicateKeyException e) {
      throw Problems.conflict("there is a project '" + name + "'");
    }
  }

  @Operation(summary = "Shows a project")
  @GetMapping(PROJECT)
  ProjectJson show(@PathVariable("projectId") long projectId) {
    return ProjectJson.of(open.project(projectId));
  }

  @Operation(summary = "Counts a project's tasks and the judgements that wait, are leased and done")
  @GetMapping(PROJECT + "/progress")
  Progress progress(@PathVariable("projectId") long projectId) {
    open.project(projectId);
    return tasks.progress(projectId, clock.instant());
  }

  @Operation(summary = "Lists a project's guideline in all its versions, newest first")
  @GetMapping(PROJECT + "/guidelines")
  List<GuidelineJson> guidelines(@PathVariable("projectId") long projectId) {
    open.project(projectId);
    return guidelines.all(projectId).stream().map(GuidelineJson::of).toList();
  }

  /// A text to be published.
  ///
  /// @param version that it was written from: 409 where another is the latest by now
  record NewGuideline(String body, int version) {}

  @Operation(
      summary = "Publishes another version of the guideline; the same text again does nothing")
  @PostMapping(PROJECT + "/guidelines")
  ResponseEntity<GuidelineJson> publish(
      @PathVariable("projectId") long projectId,
      @RequestBody NewGuideline wish,
      @AuthenticationPrincipal Account person) {
    open.project(projectId);
    String body = wish.body() == null ? "" : wish.body().replace("\r\n", "\n").strip();
    int length = body.codePointCount(0, body.length());
    if (length == 0 || length > GuidelineRooms.LONGEST || body.indexOf('\0') >= 0) {
      throw Problems.refused(
          "body must have 1 to %d characters and no NUL, had %d"
              .formatted(GuidelineRooms.LONGEST, length));
    }
    Optional<Guideline> latest = guidelines.latest(projectId);
    if (latest.filter(now -> now.body().strip().equals(body)).isPresent()) {
      return ResponseEntity.ok(GuidelineJson.of(latest.get()));
    }
    if (latest.map(Guideline::version).orElse(0) != wish.version()) {
      throw overtaken(projectId);
    }
    try {
      return ResponseEntity.status(HttpStatus.CREATED)
          .body(GuidelineJson.of(publish(projectId, body, person)));
    } catch (DuplicateKeyException faster) {
      throw overtaken(projectId);
    }
  }

  /// Publishes and notes who did it, both or neither.
  private Guideline publish(long projectId, String body, Account person) {
    return transaction.execute(_ -> {
      Guideline fresh = guidelines.publish(projectId, body);
      audit.record(
          person.personId(),
          "guideline.publish",
          "project " + projectId,
          JsonMapper.shared().writeValueAsString(Map.of("version", fresh.version())));
      return fresh;
    });
  }

  private RuntimeException overtaken(long projectId) {
    return Problems.conflict(
        "version %d is the latest now"
            .formatted(guidelines.latest(projectId).map(Guideline::version).orElse(0)));
  }
}
