package org.alignmentworkbench.annotation.desk;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.alignmentworkbench.annotation.page.Chip;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Moment;
import org.alignmentworkbench.annotation.page.Pager;
import org.alignmentworkbench.annotation.page.Progress;
import org.alignmentworkbench.db.project.MembershipRepository;
import org.alignmentworkbench.db.task.ClaimedSlot;
import org.alignmentworkbench.db.task.DeskReadings;
import org.alignmentworkbench.db.task.DeskReadings.OwnJudgement;
import org.alignmentworkbench.db.task.DeskReadings.OwnWork;
import org.alignmentworkbench.db.task.DeskReadings.QueueState;
import org.alignmentworkbench.db.task.DeskReadings.SlotSetting;
import org.alignmentworkbench.db.task.Guideline;
import org.alignmentworkbench.db.task.GuidelineRepository;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Makes the view records of the desk from what the database holds.
final class DeskPages {
  /// The median pace is of so many of the latest judgements.
  static final int RECENT = 50;

  /// Rows of a page of own judgements.
  static final int PAGE = 50;

  private final DeskReadings readings;
  private final Standing standing;
  private final GuidelineRepository guidelines;
  private final MembershipRepository memberships;
  private final Formats formats;
  private final MessageSource words;
  private final Clock clock;
  private final Duration lease;
  // A draft is the only JSON people's browsers send: what does not belong in it is refused.
  private final JsonMapper json =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  DeskPages(
      DeskReadings readings,
      Standing standing,
      GuidelineRepository guidelines,
      MembershipRepository memberships,
      Formats formats,
      MessageSource words,
      Clock clock,
      Duration lease) {
    this.readings = readings;
    this.standing = standing;
    this.guidelines = guidelines;
    this.memberships = memberships;
    this.formats = formats;
    this.words = words;
    this.clock = clock;
    this.lease = lease;
  }

  /// Projects, what waits there, and how one stands.
  DeskViews.Desk desk(long personId) {
    Instant now = clock.instant();
    return new DeskViews.Desk(
        readings.queues(personId, now).stream()
            .map(queue -> queue(queue, standing.of(queue.projectId(), personId)))
            .toList(),
        pace(personId, now));
  }

  private DeskViews.Queue queue(QueueState queue, Standing.Told told) {
    Moment retryAt = formats.momentOrNull(queue.retryAt());
    boolean yours = queue.heldSlot() != null;
    String state;
    Chip chip;
    if (told.closed()) {
      state = "closed";
      chip = new Chip("warn", word("label.state.closed"));
    } else if (yours) {
      state = "yours";
      chip = new Chip("info", word("label.state.yours"));
    } else if (queue.waiting() > 0) {
      state = "waiting";
      chip = new Chip("info", word("label.state.waiting"));
    } else if (queue.judged() == queue.wanted()) {
      state = "complete";
      chip = new Chip("good", word("label.state.complete"));
    } else if (queue.quotaReached()) {
      state = "quota";
      chip = new Chip("good", word("label.state.quota", formats.number(queue.doneByYou())));
    } else if (retryAt != null) {
      state = "leased";
      chip = new Chip("warn", word("label.state.leased", retryAt.clock()));
    } else {
      state = "yours-done";
      chip = new Chip("good", word("label.state.yoursDone"));
    }
    return new DeskViews.Queue(
        queue.projectId(),
        queue.project(),
        waiting(queue.waiting()),
        formats.number(queue.leasedByOthers()),
        formats.number(queue.doneByYou()),
        judgedOf(queue.judged(), queue.wanted()),
        state,
        chip,
        retryAt,
        !told.closed() && (yours || queue.waiting() > 0),
        yours,
        told.note(),
        told.agreement());
  }

  private String waiting(long tasks) {
    return tasks < DeskReadings.MOST_WAITING
        ? formats.number(tasks)
        : word("label.waiting.most", formats.number(tasks));
  }

  /// How many of a project's wanted judgements are there; empty when it is not theirs to label.
  Optional<Progress> progressOf(long projectId, long personId) {
    if (!memberships.mayLabel(projectId, personId)) {
      return Optional.empty();
    }
    var progress = readings.progress(projectId, personId);
    return Optional.of(judgedOf(progress.judged(), progress.wanted()));
  }

  private Progress judgedOf(long judged, long wanted) {
    return new Progress(
        judged, wanted, word("label.of", formats.number(judged), formats.number(wanted)));
  }

  private DeskViews.Pace pace(long personId, Instant now) {
    ZoneId zone = formats.zone();
    LocalDate today = now.atZone(zone).toLocalDate();
    DeskReadings.Pace pace =
        readings.pace(
            personId,
            today.atStartOfDay(zone).toInstant(),
            today.minusDays(6).atStartOfDay(zone).toInstant(),
            RECENT);
    Double median = pace.medianMs();
    return new DeskViews.Pace(
        formats.number(pace.today()),
        formats.number(pace.week()),
        formats.number(pace.judged()),
        median == null ? Formats.NONE : formats.duration(Duration.ofMillis(Math.round(median))),
        median == null
            ? word("label.pace.none")
            : word("label.pace.medianNote", formats.number(Math.min(RECENT, pace.judged()))));
  }

  /// The page of a pair in hand; empty when it has slipped away meanwhile.
  ///
  /// @param posted what was posted and could not be taken, or null for what the draft holds
  /// @param after what happened to the pair before: `saved`, `skipped` or null; `undone` where this
  ///   one was taken back
  Optional<DeskViews.Task> task(
      ClaimedSlot slot,
      long personId,
      @Nullable JudgementForm posted,
      List<String> problems,
      @Nullable String after) {
    Optional<SlotSetting> setting = readings.setting(slot.slotId(), personId);
    return setting.map(held -> {
      Optional<Guideline> guideline = guidelines.latest(slot.projectId());
      int version = guideline.map(Guideline::version).orElse(0);
      int before = guidelines.lastRead(slot.projectId(), personId);
      JudgementForm form =
          posted == null
              ? JudgementForm.start(entry(slot.draft()), version, UUID.randomUUID())
              : posted.key() == null ? posted.withKey(UUID.randomUUID()) : posted;
      Moment draftAt = formats.momentOrNull(held.draftSavedAt());
      return new DeskViews.Task(
          slot.slotId(),
          slot.projectId(),
          slot.ordinal() + 1,
          held.overlap(),
          formats.number(held.doneByYou()),
          slot.prompt(),
          slot.left(),
          slot.right(),
          formats.number(slot.left().codePointCount(0, slot.left().length())),
          formats.number(slot.right().codePointCount(0, slot.right().length())),
          guideline.map(Guideline::body).orElse(null),
          version,
          before < version ? before : 0,
          formats.moment(held.leasedUntil()),
          lease.toMillis(),
          Math.max(0, Duration.between(clock.instant(), held.leasedUntil()).toMillis()),
          draftAt,
          status(draftAt, after),
          form,
          problems);
    });
  }

  String status(@Nullable Moment draftAt, @Nullable String after) {
    if ("undone".equals(after)) {
      return word("label.status.undone");
    }
    if (draftAt != null) {
      return word("label.status.restored", draftAt.clock());
    }
    if ("saved".equals(after)) {
      return word("label.status.previousSaved");
    }
    return word("skipped".equals(after) ? "label.status.previousSkipped" : "label.status.ready");
  }

  /// The pair in hand for programs.
  Optional<DeskViews.Pair> pair(ClaimedSlot slot, long personId) {
    return readings
        .setting(slot.slotId(), personId)
        .map(held ->
            new DeskViews.Pair(
                slot.slotId(),
                slot.projectId(),
                slot.ordinal(),
                held.overlap(),
                slot.prompt(),
                slot.left(),
                slot.right(),
                guidelines.latest(slot.projectId()).map(Guideline::version).orElse(0),
                held.leasedUntil().toString()));
  }

  /// Whether a project has had a guideline of that version; 0 is the built-in one.
  boolean knowsGuideline(long projectId, int version) {
    return version >= 0
        && version <= guidelines.latest(projectId).map(Guideline::version).orElse(0);
  }

  /// A page of own judgements older than `before`.
  DeskViews.History history(long personId, long before) {
    List<OwnJudgement> found = readings.history(personId, before, PAGE + 1);
    List<OwnJudgement> shown = found.subList(0, Math.min(PAGE, found.size()));
    DeskViews.Pace pace = pace(personId, clock.instant());
    return new DeskViews.History(
        shown.stream().map(this::row).toList(),
        new Pager(
            before == Long.MAX_VALUE ? null : "/label/done",
            found.size() > PAGE ? "/label/done?before=" + shown.getLast().id() : null,
            word("label.done.count", pace.all())),
        pace);
  }

  private DeskViews.Row row(OwnJudgement own) {
    OwnWork work = own.work();
    if (work != null) {
      return new DeskViews.Row(
          own.id(),
          formats.moment(own.at()),
          own.project(),
          formats.excerpt(own.prompt(), 80),
          own.prompt(),
          OwnWorkWords.shown(work),
          "none",
          OwnWorkWords.told(work, this, formats),
          formats.duration(Duration.ofMillis(own.activeMs())),
          own.reason());
    }
    String step = word("label.strength." + Math.abs(own.strength()));
    boolean left = own.strength() < 0;
    return new DeskViews.Row(
        own.id(),
        formats.moment(own.at()),
        own.project(),
        formats.excerpt(own.prompt(), 80),
        own.prompt(),
        List.of(own.left(), own.right()),
        left ? "left" : "right",
        word(left ? "label.done.left" : "label.done.right", step.toLowerCase(Locale.ENGLISH)),
        formats.duration(Duration.ofMillis(own.activeMs())),
        own.reason());
  }

  /// Reads a draft; null when it is none.
  @Nullable Entry readEntry(String body) {
    try {
      Entry entry = json.readValue(body, Entry.class);
      return entry != null && entry.valid() ? entry : null;
    } catch (JacksonException e) {
      return null;
    }
  }

  String writeEntry(Entry entry) {
    return json.writeValueAsString(entry);
  }

  private Entry entry(@Nullable String draft) {
    Entry entry = draft == null ? null : readEntry(draft);
    return entry == null ? Entry.EMPTY : entry;
  }

  String word(String key, Object... arguments) {
    return words.getMessage(key, arguments, LocaleContextHolder.getLocale());
  }
}
