package org.alignmentworkbench.app.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignmentworkbench.app.quality.DisputedTasks;
import org.alignmentworkbench.app.security.Account;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.KindJson;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.task.DisputeRule;
import org.alignmentworkbench.db.task.KindAdjudications;
import org.alignmentworkbench.db.task.Setup;
import org.alignmentworkbench.db.task.Verdict;
import org.alignmentworkbench.db.view.KindView;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Where people disagree on tasks that are no comparisons, and what a lead decides of it. Answers
/// are JSON objects as `docs/task-kinds.md` has them, numbered in the task's own order.
@Tag(name = "Quality")
@RestController
class KindAdjudicationApi {
  private static final String PROJECT = "/api/v1/projects/{projectId:[0-9]{1,18}}";
  private static final String SETUP = PROJECT + "/setups/{setupId:[0-9]{1,18}}/adjudication";
  private static final String TASK = PROJECT + "/tasks/{kindTaskId:[0-9]{1,18}}";

  private final DisputedTasks tasks;
  private final OpenProject open;

  KindAdjudicationApi(DisputedTasks tasks, OpenProject open) {
    this.tasks = tasks;
    this.open = open;
  }

  /// Tasks that wait or were decided, in order of their keys.
  ///
  /// @param bound of the set-up's rule
  /// @param next what to send as `after` for those after these; null where there are none
  record Disputes(
      String kind,
      int bound,
      long open,
      long decided,
      List<DisputedTask> items,
      @Nullable String next) {}

  /// A task of the list.
  ///
  /// @param judged people's answers
  /// @param majority whether more than half agree, of grades on each dimension; null where the kind
  ///   is not counted so
  /// @param apart what the bound is held against; null where there is nothing to measure
  record DisputedTask(
      long task,
      String key,
      String prompt,
      int judged,
      @Nullable Boolean majority,
      @Nullable Double apart) {
    static DisputedTask of(KindAdjudications.Disputed disputed) {
      return new DisputedTask(
          disputed.taskId(),
          disputed.key(),
          disputed.prompt(),
          disputed.judged(),
          disputed.majority(),
          disputed.apart());
    }
  }

  /// From where on answers are disputed; what it counts is the kind's to say.
  record RuleBody(@Nullable Integer bound) {}

  /// A task with what was answered and decided of it.
  ///
  /// @param question as `kind` and what the kind has
  /// @param answers the texts of the task, in its own order
  record AnsweredTaskJson(
      long task,
      long setup,
      String key,
      String prompt,
      Map<String, Object> question,
      List<String> answers,
      List<AnswerJson> judgements,
      List<GoneJson> withdrawn,
      List<DecisionJson> decisions) {}

  /// An answer.
  ///
  /// @param name of the person; null unless asked for by `named`
  record AnswerJson(
      long id,
      @Nullable String name,
      Map<String, Object> answer,
      String reason,
      boolean repeated,
      Instant at) {}

  /// An answer that counts no more.
  ///
  /// @param undone whether its annotator took it back; else a lead withdrew it
  record GoneJson(
      long id,
      @Nullable String name,
      Map<String, Object> answer,
      boolean undone,
      String note,
      Instant at) {}

  /// What a lead decided.
  ///
  /// @param answer null where none can be had
  /// @param counts of texts the judgement that counts; null otherwise
  /// @param judgements the numbers of those it is of
  record DecisionJson(
      long id,
      @Nullable Map<String, Object> answer,
      @Nullable Long counts,
      String reason,
      boolean named,
      List<Long> judgements,
      String by,
      Instant at) {}

  /// What is decided: `answer` of grades, choices, rankings and passages, `counts` of texts,
  /// neither where no answer can be had.
  ///
  /// @param answer as of a judgement, without `kind` and `shown`
  /// @param counts the number of the judgement whose text counts
  /// @param named whether the lead saw who answered
  /// @param judgements the numbers of those that the lead saw
  record NewVerdict(
      @Nullable Map<String, Object> answer,
      @Nullable Long counts,
      @Nullable String reason,
      @Nullable Boolean named,
      @Nullable List<Long> judgements) {}

  /// A decision that is kept.
  record VerdictKept(long decision) {}

  /// Why an answer is to count no more.
  record TakenOut(@Nullable String note) {}

  @Operation(
      summary = "Lists a set-up's tasks on which people disagree",
      description =
          "show is open or decided. A task is disputed by the set-up's rule: grades and choices"
              + " without a majority or bound steps apart, rankings with bound pairs in opposite"
              + " orders, passages with a mean F1 below bound per cent, bound texts or more.")
  @GetMapping(SETUP)
  Disputes list(
      @PathVariable("projectId") long projectId,
      @PathVariable("setupId") long setupId,
      @RequestParam(name = "show", defaultValue = "open") String show,
      @RequestParam(name = "after", defaultValue = "") String after,
      @RequestParam(name = "limit", defaultValue = Page.USUAL) int limit) {
    Setup setup = setup(projectId, setupId);
    KindAdjudications read = tasks.adjudications();
    DisputeRule rule = read.rule(setup).orElseThrow(() -> notDisputed(setup));
    if (!show.equals("open") && !show.equals("decided")) {
      throw Problems.refused("show must be open or decided, was '%s'".formatted(show));
    }
    int most = Page.limit(limit);
    List<KindAdjudications.Disputed> found =
        show.equals("decided")
            ? read.decided(setupId, after, most + 1)
            : read.open(setupId, rule, after, most + 1);
    List<KindAdjudications.Disputed> shown = found.subList(0, Math.min(most, found.size()));
    KindAdjudications.Counts counts = read.counts(setupId, rule);
    return new Disputes(
        rule.kind().name(),
        rule.bound(),
        counts.open(),
        counts.decided(),
        shown.stream().map(DisputedTask::of).toList(),
        found.size() > most ? shown.getLast().key() : null);
  }

  @Operation(summary = "Sets from where on answers of a set-up are disputed")
  @PutMapping(SETUP + "/rule")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void rule(
      @PathVariable("projectId") long projectId,
      @PathVariable("setupId") long setupId,
      @RequestBody RuleBody body,
      @AuthenticationPrincipal Account lead) {
    Setup setup = setup(projectId, setupId);
    Integer bound = body.bound();
    if (bound == null) {
      throw Problems.refused("bound must be a number, was null");
    }
    if (tasks.adjudications().rule(setup).isEmpty()) {
      throw notDisputed(setup);
    }
    tasks.rule(setup, bound, lead.personId());
  }

  private static RuntimeException notDisputed(Setup setup) {
    return Problems.refused(
        "set-up %d is of the kind %s, in which people ask different things: nothing is disputed"
            .formatted(setup.id(), setup.question().kind()));
  }

  @Operation(
      summary = "Shows a task that is no comparison with its answers, without names unless asked")
  @GetMapping(TASK + "/adjudication")
  AnsweredTaskJson one(
      @PathVariable("projectId") long projectId,
      @PathVariable("kindTaskId") long taskId,
      @RequestParam(name = "named", defaultValue = "false") boolean named) {
    KindView.KindTask task = find(projectId, taskId);
    KindAdjudications read = tasks.adjudications();
    return new AnsweredTaskJson(
        taskId,
        task.setupId(),
        task.key(),
        task.prompt(),
        Json.object(KindJson.write(task.question())),
        task.answers(),
        read.said(taskId).stream()
            .map(said ->
                new AnswerJson(
                    said.id(),
                    named ? said.name() : null,
                    json(said.answer()),
                    said.reason(),
                    said.repeated(),
                    said.at()))
            .toList(),
        read.withdrawn(taskId).stream()
            .map(gone ->
                new GoneJson(
                    gone.id(),
                    named ? gone.name() : null,
                    json(gone.answer()),
                    gone.undone(),
                    gone.note(),
                    gone.at()))
            .toList(),
        read.decisions(taskId).stream()
            .map(decision ->
                new DecisionJson(
                    decision.id(),
                    decision.answer() == null ? null : json(decision.answer()),
                    decision.chosen(),
                    decision.reason(),
                    decision.named(),
                    decision.judgements(),
                    decision.by(),
                    decision.at()))
            .toList());
  }

  /// In the task's own order: in which order somebody saw the answers says nothing here.
  private static Map<String, Object> json(Answer answer) {
    Map<String, Object> json = new LinkedHashMap<>(Json.object(KindJson.write(answer)));
    json.remove("kind");
    json.remove("shown");
    return json;
  }

  @Operation(
      summary = "Decides a task that is no comparison",
      description = "409 where other answers are there than those that were seen.")
  @PostMapping(TASK + "/adjudication")
  VerdictKept decide(
      @PathVariable("projectId") long projectId,
      @PathVariable("kindTaskId") long taskId,
      @RequestBody NewVerdict body,
      @AuthenticationPrincipal Account lead) {
    KindView.KindTask task = find(projectId, taskId);
    String reason = body.reason() == null ? "" : body.reason().strip();
    if (reason.isEmpty() || reason.length() > DisputedTasks.LONGEST) {
      throw Problems.refused(
          "reason must have 1 to %d characters, had %d"
              .formatted(DisputedTasks.LONGEST, reason.length()));
    }
    Optional<Long> kept =
        tasks.decide(
            projectId,
            taskId,
            verdict(task, body),
            reason,
            Boolean.TRUE.equals(body.named()),
            body.judgements() == null ? List.of() : body.judgements(),
            null,
            lead.personId());
    return new VerdictKept(
        kept.orElseThrow(
            () -> Problems.conflict("task %d has other answers now".formatted(taskId))));
  }

  private static Verdict verdict(KindView.KindTask task, NewVerdict body) {
    Map<String, Object> given = body.answer();
    Long counts = body.counts();
    if (given != null && counts != null) {
      throw Problems.refused("answer and counts must not both be given");
    }
    if (counts != null) {
      return new Verdict.Counts(counts);
    }
    return given == null
        ? new Verdict.None()
        : new Verdict.Own(
            answer(task.question().kind(), task.answers().size(), new LinkedHashMap<>(given)));
  }

  private static Answer answer(TaskKind kind, int answers, Map<String, Object> given) {
    ObjectNode node = Json.node(given);
    if (node.has("kind") || node.has("shown")) {
      throw Problems.refused("answer has 'kind' or 'shown', which the server knows");
    }
    if (kind == TaskKind.CHOICE && !node.has("strength")) {
      node.put("strength", 0);
    }
    node.put("kind", kind.name());
    if (kind == TaskKind.CHOICE || kind == TaskKind.RANK) {
      ArrayNode shown = node.putArray("shown");
      for (int i = 0; i < answers; i++) {
        shown.add(i);
      }
    }
    return KindJson.answer(node.toString());
  }

  @Operation(summary = "Takes an answer out of what counts, with a trace; it is wanted again")
  @PostMapping(TASK + "/judgements/{judgementId:[0-9]{1,18}}/withdraw")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void withdraw(
      @PathVariable("projectId") long projectId,
      @PathVariable("kindTaskId") long taskId,
      @PathVariable("judgementId") long judgement,
      @RequestBody TakenOut body,
      @AuthenticationPrincipal Account lead) {
    find(projectId, taskId);
    String why = body.note() == null ? "" : body.note().strip();
    if (why.length() > DisputedTasks.LONGEST) {
      throw Problems.refused(
          "note must have at most %d characters, had %d"
              .formatted(DisputedTasks.LONGEST, why.length()));
    }
    if (!tasks.withdraw(projectId, taskId, judgement, why, lead.personId())) {
      throw Problems.notFound("task %d has no judgement %d".formatted(taskId, judgement));
    }
  }

  private Setup setup(long projectId, long setupId) {
    open.project(projectId);
    return tasks
        .setup(projectId, setupId)
        .orElseThrow(() ->
            Problems.notFound(
                "project %d has no set-up %d whose tasks are no comparisons"
                    .formatted(projectId, setupId)));
  }

  private KindView.KindTask find(long projectId, long taskId) {
    open.project(projectId);
    return tasks
        .task(projectId, taskId)
        .orElseThrow(() ->
            Problems.notFound(
                "project %d has no task %d that is no comparison".formatted(projectId, taskId)));
  }
}
