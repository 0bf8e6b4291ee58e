package org.alignmentworkbench.app.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.alignmentworkbench.annotation.desk.Asking;
import org.alignmentworkbench.app.security.Account;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.task.Claim;
import org.alignmentworkbench.db.task.ClaimedSlot;
import org.alignmentworkbench.db.task.DeskReadings;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.task.Guideline;
import org.alignmentworkbench.db.task.GuidelineRepository;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.db.task.RedTeam;
import org.alignmentworkbench.db.task.Submission;
import org.alignmentworkbench.db.task.SubmitOutcome;
import org.alignmentworkbench.db.task.Work;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/// The desk for programs. Nothing here tells which model answered, nor whether an answer is known
/// to be right: left and right are the only names an answer has, as on the page.
///
/// A task that is not in this person's hands does not exist for them.
@Tag(name = "Labelling")
@RestController
class LabelApi {
  private static final String LABEL = "/api/v1/label";
  private static final String TASK = LABEL + "/tasks/{slot:[0-9]{1,18}}";
  private static final List<String> SKIP_REASONS =
      List.of("cannotJudge", "same", "broken", "unsafe");
  private static final int LONGEST_REASON = 4000;
  private static final int LONGEST_DRAFT = 65_536;

  private final Queue queue;
  private final DeskReadings readings;
  private final GuidelineRepository guidelines;
  private final WorkDesk desk;
  private final Asking asking;
  private final Clock clock;
  private final Duration lease;

  LabelApi(
      Queue queue,
      DeskReadings readings,
      GuidelineRepository guidelines,
      WorkDesk desk,
      Asking asking,
      Clock clock,
      @Value("${workbench.label.lease:15m}") Duration lease) {
    this.queue = queue;
    this.readings = readings;
    this.guidelines = guidelines;
    this.desk = desk;
    this.asking = asking;
    this.clock = clock;
    this.lease = lease;
  }

  /// One project's queue for this person.
  ///
  /// @param waiting tasks this person could take now, 1,000 where there are more
  /// @param task what this person holds
  record QueueJson(
      long projectId,
      String project,
      long wanted,
      long judged,
      long waiting,
      long leasedByOthers,
      long doneByYou,
      @Nullable Instant retryAt,
      @Nullable Long task) {
    static QueueJson of(DeskReadings.QueueState state) {
      return new QueueJson(
          state.projectId(),
          state.project(),
          state.wanted(),
          state.judged(),
          state.waiting(),
          state.leasedByOthers(),
          state.doneByYou(),
          state.retryAt(),
          state.heldSlot());
    }
  }

  /// Whose queue the next task is to come from.
  record Wish(long project) {}

  /// What a wish for a task came to.
  ///
  /// @param outcome `claimed`, `all-leased`, `all-done-by-you`, `nothing-left` or `not-admitted`,
  ///   where a lead has to decide first
  /// @param retryAt when it is worth asking again
  record Next(String outcome, @Nullable TaskJson task, @Nullable Instant retryAt) {}

  /// A task in hand.
  ///
  /// @param task its number in paths
  /// @param ordinal the judgement's number among those wanted of the task, from 0
  /// @param left of a comparison; null for other kinds
  /// @param question what the kind asks beside its name, as `dimensions`; null for a comparison
  /// @param answers in the order in which they are shown; null for a comparison
  /// @param attempts what was asked of the model so far, the newest first; null but for RED_TEAM
  /// @param guidelineVersion what is to be sent back with the judgement
  /// @param draft what was saved for it
  record TaskJson(
      long task,
      long project,
      TaskKind kind,
      int ordinal,
      String prompt,
      @Nullable String left,
      @Nullable String right,
      @Nullable Map<String, Object> question,
      @Nullable List<String> answers,
      @Nullable List<RedTeam.Attempt> attempts,
      int guidelineVersion,
      Instant leasedUntil,
      @Nullable Map<String, Object> draft) {}

  /// A judgement: of a comparison in terms of left and right, of other kinds as `answer`.
  ///
  /// @param strength -4 (left significantly better) to -1, 1 to 4 (right significantly better)
  /// @param answer as the kind has it: `levels`, `places`, `choice` and `strength`, `text`,
  ///   `passages`, or `attempt` (a number of `attempts`), `policy` and `severity`
  /// @param fields of a draft of another kind, as the desk's form names them
  /// @param activeMillis time spent on it, without pauses; 0 where it is left out
  /// @param guidelineVersion as the task had it; 0 where it is left out
  record JudgementBody(
      @Nullable Integer strength,
      @Nullable Grades left,
      @Nullable Grades right,
      @Nullable Map<String, Object> answer,
      @Nullable Map<String, String> fields,
      @Nullable String reason,
      @Nullable Long activeMillis,
      @Nullable Integer guidelineVersion) {}

  /// That a judgement is kept.
  ///
  /// @param repeated whether an earlier request with the same key had done it
  record Kept(long judgement, boolean repeated) {}

  /// Why a task is given back for good.
  ///
  /// @param why cannotJudge, same, broken or unsafe
  record Skip(String why, @Nullable String note) {}

  /// Until when a task is this person's.
  record Held(Instant leasedUntil) {}

  @Operation(summary = "Lists the queues of the projects this person may label in")
  @GetMapping(LABEL + "/queues")
  List<QueueJson> queues(@AuthenticationPrincipal Account person) {
    return readings.queues(person.personId(), clock.instant()).stream().map(QueueJson::of).toList();
  }

  @Operation(summary = "Takes the next task of a project, or gives the one in hand again")
  @PostMapping(LABEL + "/claims")
  Next claim(@RequestBody Wish wish, @AuthenticationPrincipal Account person) {
    return switch (queue.claim(wish.project(), person.personId(), clock.instant(), lease)) {
      case Claim.Claimed(ClaimedSlot slot) -> new Next("claimed", json(slot, person), null);
      case Claim.AllLeased(Instant retryAt) -> new Next("all-leased", null, retryAt);
      case Claim.AllDoneByYou _ -> new Next("all-done-by-you", null, null);
      case Claim.NothingLeft _ -> new Next("nothing-left", null, null);
      case Claim.NotAdmitted _ -> new Next("not-admitted", null, null);
      case Claim.QuotaReached _ -> new Next("quota-reached", null, null);
    };
  }

  @Operation(summary = "Shows the task in hand, which is a sign of life")
  @GetMapping(TASK)
  TaskJson show(@PathVariable("slot") long slot, @AuthenticationPrincipal Account person) {
    extend(slot, person);
    return json(held(slot, person), person);
  }

  private ClaimedSlot held(long slot, Account person) {
    return queue.held(slot, person.personId()).orElseThrow(() -> notYours(slot));
  }

  private TaskJson json(ClaimedSlot slot, Account person) {
    @Nullable Work work =
        slot.kind() == TaskKind.PAIR ? null : desk.held(slot.slotId(), person).orElse(null);
    String draft = slot.draft();
    return new TaskJson(
        slot.slotId(),
        slot.projectId(),
        slot.kind(),
        slot.ordinal(),
        slot.prompt(),
        work == null ? slot.left() : null,
        work == null ? slot.right() : null,
        work == null ? null : WorkDesk.question(work),
        work == null ? null : work.answers(),
        work == null ? null : WorkDesk.asked(work),
        guidelines.latest(slot.projectId()).map(Guideline::version).orElse(0),
        slot.leasedUntil(),
        draft == null ? null : Json.object(draft));
  }

  @Operation(summary = "Keeps the task for a while longer")
  @PostMapping(TASK + "/heartbeat")
  Held heartbeat(@PathVariable("slot") long slot, @AuthenticationPrincipal Account person) {
    return extend(slot, person);
  }

  private Held extend(long slot, Account person) {
    Instant until = clock.instant().plus(lease);
    if (!queue.extend(slot, person.personId(), until)) {
      throw notYours(slot);
    }
    return new Held(until);
  }

  @Operation(summary = "Keeps what is known so far; it counts as nothing")
  @PutMapping(TASK + "/draft")
  Held draft(
      @PathVariable("slot") long slot,
      @RequestBody JudgementBody body,
      @AuthenticationPrincipal Account person) {
    String draft =
        held(slot, person).kind() == TaskKind.PAIR
            ? JsonMapper.shared().writeValueAsString(draftOf(body))
            : WorkDesk.draft(desk.held(slot, person).orElseThrow(() -> notYours(slot)), body);
    if (draft.length() > LONGEST_DRAFT) {
      throw Problems.refused(
          "a draft must have at most %d characters, had %d"
              .formatted(LONGEST_DRAFT, draft.length()));
    }
    if (!queue.saveDraft(slot, person.personId(), draft, clock.instant())) {
      throw notYours(slot);
    }
    return extend(slot, person);
  }

  /// As the desk's page keeps one, so that either goes on with what the other saved.
  private static Map<String, Object> draftOf(JudgementBody body) {
    Map<String, Object> draft = new java.util.LinkedHashMap<>();
    draft.put("strength", body.strength() == null ? null : strength(body));
    draft.put("left", body.left());
    draft.put("right", body.right());
    draft.put("reason", reason(body));
    draft.put("activeMillis", body.activeMillis() == null ? 0 : body.activeMillis());
    return draft;
  }

  @Operation(
      summary = "Judges the task",
      description =
          "Idempotency-Key is a UUID made once for this judgement; sent again it changes nothing.")
  @PostMapping(TASK + "/judgement")
  ResponseEntity<Kept> submit(
      @PathVariable("slot") long slot,
      @RequestHeader("Idempotency-Key") UUID key,
      @RequestBody JudgementBody body,
      @AuthenticationPrincipal Account person) {
    SubmitOutcome outcome =
        queue
            .held(slot, person.personId())
            .map(held ->
                held.kind() == TaskKind.PAIR
                    ? queue.submit(
                        submission(slot, key, knowing(held, body), person), clock.instant())
                    : work(slot, key, knowing(held, body), person))
            // What became of an earlier request its key tells.
            .orElseGet(() -> desk.slots().repeated(slot, person.personId(), key));
    return switch (outcome) {
      case SubmitOutcome.Accepted(long judgement, boolean repeated) ->
          ResponseEntity.status(repeated ? HttpStatus.OK : HttpStatus.CREATED)
              .body(new Kept(judgement, repeated));
      case SubmitOutcome.AlreadyJudged(long judgement) ->
          throw Problems.conflict(
              "you have judged this task before, with another key: judgement " + judgement);
      case SubmitOutcome.KeyReused _ ->
          throw Problems.conflict("Idempotency-Key " + key + " belongs to another judgement");
      case SubmitOutcome.NotLeased _ -> throw notYours(slot);
    };
  }

  /// A version that is still to come would say that its change was read.
  private JudgementBody knowing(ClaimedSlot held, JudgementBody body) {
    int latest = guidelines.latest(held.projectId()).map(Guideline::version).orElse(0);
    Integer version = body.guidelineVersion();
    if (version != null && (version < 0 || version > latest)) {
      throw Problems.refused("guidelineVersion must be 0..%d, was %d".formatted(latest, version));
    }
    return body;
  }

  private SubmitOutcome work(long slot, UUID key, JudgementBody body, Account person) {
    return desk.held(slot, person)
        .map(work -> desk.submission(work, key, body, reason(body), person))
        .map(submission -> desk.slots().submit(submission, clock.instant()))
        .orElseGet(SubmitOutcome.NotLeased::new);
  }

  private static Submission submission(long slot, UUID key, JudgementBody body, Account person) {
    Grades left = body.left();
    Grades right = body.right();
    if (left == null || right == null) {
      throw Problems.refused(
          "left and right must be graded, %s was not".formatted(left == null ? "left" : "right"));
    }
    return new Submission(
        slot,
        person.personId(),
        key,
        strength(body),
        left,
        right,
        reason(body),
        body.activeMillis() == null ? 0 : body.activeMillis(),
        body.guidelineVersion() == null ? 0 : body.guidelineVersion(),
        person.scripted());
  }

  private static int strength(JudgementBody body) {
    Integer strength = body.strength();
    if (strength == null || strength == 0 || Math.abs(strength) > Submission.STRONGEST) {
      throw Problems.refused("strength must be -4 to -1 or 1 to 4, was " + strength);
    }
    return strength;
  }

  private static String reason(JudgementBody body) {
    String reason = body.reason() == null ? "" : body.reason();
    if (reason.length() > LONGEST_REASON) {
      throw Problems.refused(
          "reason must have at most %d characters, had %d"
              .formatted(LONGEST_REASON, reason.length()));
    }
    return reason;
  }

  @Operation(summary = "Gives the task back for good, with a reason")
  @PostMapping(TASK + "/skip")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void skip(
      @PathVariable("slot") long slot,
      @RequestBody Skip body,
      @AuthenticationPrincipal Account person) {
    if (body.why() == null || !SKIP_REASONS.contains(body.why())) {
      throw Problems.refused(
          "why must be one of %s, was '%s'".formatted(String.join(", ", SKIP_REASONS), body.why()));
    }
    String note = body.note() == null ? "" : body.note().strip();
    if (note.length() > LONGEST_REASON) {
      throw Problems.refused(
          "note must have at most %d characters, had %d".formatted(LONGEST_REASON, note.length()));
    }
    if (!queue.skip(
        slot,
        person.personId(),
        note.isEmpty() ? body.why() : body.why() + ": " + note,
        clock.instant())) {
      throw notYours(slot);
    }
  }

  @Operation(summary = "Gives the task back for others; its draft stays")
  @DeleteMapping(TASK)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void release(@PathVariable("slot") long slot, @AuthenticationPrincipal Account person) {
    if (!queue.release(slot, person.personId())) {
      throw notYours(slot);
    }
  }

  /// A question for the model.
  record Ask(String prompt) {}

  @Operation(
      summary = "Asks the model of a red-team task, and lists what was asked so far, newest first")
  @PostMapping(TASK + "/attempts")
  List<RedTeam.Attempt> ask(
      @PathVariable("slot") long slot,
      @RequestBody Ask body,
      @AuthenticationPrincipal Account person)
      throws IOException {
    String prompt = body.prompt() == null ? "" : body.prompt();
    switch (asking.ask(slot, person.personId(), prompt)) {
      case ANSWERED -> {}
      case EMPTY, TOO_LONG ->
          throw Problems.refused(
              "prompt must have 1 to %d characters, had %d"
                  .formatted(Asking.LONGEST, prompt.strip().length()));
      case NO_MODEL -> throw Problems.conflict("this server has no model to be asked");
      case NOT_NOW -> throw Problems.conflict("the model answers others now: ask again");
      case NOT_YOURS -> throw notYours(slot);
    }
    return desk.held(slot, person).map(Work::attempts).orElseThrow(() -> notYours(slot));
  }

  private static RuntimeException notYours(long slot) {
    return Problems.notFound("you hold no task " + slot);
  }
}
