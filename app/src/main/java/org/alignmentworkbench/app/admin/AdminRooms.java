package org.alignmentworkbench.app.admin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.alignmentworkbench.annotation.page.Chip;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Moment;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.Option;
import org.alignmentworkbench.annotation.page.Pager;
import org.alignmentworkbench.annotation.page.Progress;
import org.alignmentworkbench.annotation.page.Shown;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.config.CodeVersion;
import org.alignmentworkbench.app.run.RunPages;
import org.alignmentworkbench.app.security.Accounts;
import org.alignmentworkbench.app.web.JsonFacts;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.audit.AuditEvent;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.person.OneTimeToken;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.run.RunState;
import org.alignmentworkbench.db.view.HealthView;
import org.alignmentworkbench.db.view.RunLine;
import org.alignmentworkbench.db.view.RunList;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/// What administrators look at and change: health, queues, jobs, people, the audit trail.
@Controller
class AdminRooms {
  private static final String PERSON = "/admin/people/{id:[0-9]{1,18}}";
  private static final Pattern USERNAME = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,63}");
  private static final int LONGEST_DISPLAY_NAME = 120;
  private static final int LISTED = 200;
  private static final int RUNS = 20;
  private static final int QUEUES = 20;
  private static final int EVENTS = 60;

  private final HealthView health;
  private final Machine machine;
  private final RunList runList;
  private final RunPages runPages;
  private final PersonRepository people;
  private final Accounts accounts;
  private final AuditRepository audit;
  private final CodeVersion version;
  private final Formats formats;
  private final Words words;
  private final Clock clock;

  AdminRooms(
      HealthView health,
      Machine machine,
      RunList runList,
      RunPages runPages,
      PersonRepository people,
      Accounts accounts,
      AuditRepository audit,
      CodeVersion version,
      Formats formats,
      Words words,
      Clock clock) {
    this.health = health;
    this.machine = machine;
    this.runList = runList;
    this.runPages = runPages;
    this.people = people;
    this.accounts = accounts;
    this.audit = audit;
    this.version = version;
    this.formats = formats;
    this.words = words;
    this.clock = clock;
  }

  /// A figure with a note.
  record Stat(String label, String figure, String note) {}

  /// A labelling queue.
  record QueueRow(
      long projectId,
      String project,
      Progress progress,
      String waiting,
      String leased,
      String overdue,
      boolean late,
      String lastHour,
      @Nullable Moment lastJudged,
      String left,
      Chip health,
      String able,
      String atWork) {}

  /// A run that needs an eye.
  record RunRow(
      long id,
      String name,
      String job,
      String project,
      Chip state,
      String detail,
      String since,
      boolean mayRestart,
      boolean mayStop) {}

  /// A person.
  record PersonRow(
      long id,
      String username,
      String displayName,
      String role,
      String roleText,
      boolean active,
      Chip state,
      String judgements,
      @Nullable Moment lastSignIn,
      boolean self,
      boolean gone) {}

  /// A line of the audit trail.
  record EventRow(Moment at, String who, String action, String subject, String detail) {}

  /// A link that was just made; shown once.
  record FreshLink(String displayName, String address, String good) {}

  @GetMapping("/admin")
  String dashboard(Model model) {
    Instant now = clock.instant();
    HealthView.Database database = health.database();
    Machine.State state = machine.state();
    model.addAttribute(
        "stats",
        List.of(
            new Stat(
                words.of("admin.disk"),
                formats.bytes(state.diskFree()),
                words.of(
                    "admin.disk.note",
                    formats.bytes(state.diskTotal()),
                    formats.bytes(database.artifacts()))),
            new Stat(
                words.of("admin.memory"),
                formats.bytes(state.resident().orElse(state.heapUsed())),
                words.of(
                    "admin.memory.note",
                    formats.bytes(state.heapUsed()),
                    formats.bytes(state.heapMost()))),
            new Stat(
                words.of("admin.database"),
                formats.bytes(database.bytes()),
                words.of(
                    "admin.database.note",
                    database.version(),
                    database.schemaVersion(),
                    formats.number(database.connections()))),
            new Stat(
                words.of("admin.load"),
                state.load() < 0 ? Formats.NONE : formats.decimal(state.load(), 2),
                words.of("admin.load.note", formats.number(state.processors()))),
            new Stat(
                words.of("admin.version"),
                version.version(),
                words.of(
                    "admin.version.note",
                    version.commit().equals("unknown")
                        ? words.of("admin.version.unknown")
                        : formats.shortHash(version.commit()),
                    formats.duration(state.up())))));
    model.addAttribute("lowDisk", state.diskFree() < Machine.LOW_DISK);
    model.addAttribute("notDurable", !database.durable());
    model.addAttribute("queues", health.queues(now, QUEUES).stream().map(this::queue).toList());
    model.addAttribute("running", runs(RunState.RUNNING, now));
    model.addAttribute("waiting", runs(RunState.WAITING, now));
    model.addAttribute("queued", runs(RunState.QUEUED, now));
    model.addAttribute("failed", runs(RunState.FAILED, now));
    return "admin/dashboard";
  }

  @GetMapping("/admin/people")
  String people(
      @RequestParam(name = "scripts", defaultValue = "false") boolean scripts,
      @RequestParam(name = "after", required = false) @Nullable Long after,
      @AuthenticationPrincipal SignedInPerson self,
      Model model) {
    Shown<HealthView.PersonLine> shown =
        Shown.of(health.people(scripts, after, LISTED + 1), LISTED);
    model.addAttribute("rows", shown.rows().stream().map(p -> person(p, self)).toList());
    String first = "/admin/people?scripts=" + scripts;
    Pager pager =
        new Pager(
            after == null ? null : first,
            shown.more() ? first + "&after=" + shown.rows().getLast().id() : null,
            words.of("runs.shown", formats.number(shown.rows().size())));
    model.addAttribute("pager", pager.needed() ? pager : null);
    model.addAttribute("scripts", scripts);
    model.addAttribute("roles", roles());
    return "admin/people";
  }

  @PostMapping("/admin/people")
  String invite(
      @RequestParam(name = "username", defaultValue = "") String typedName,
      @RequestParam(name = "displayName", defaultValue = "") String typedDisplayName,
      @RequestParam(name = "role") Role role,
      @AuthenticationPrincipal SignedInPerson self,
      HttpServletRequest request,
      HttpServletResponse response,
      Model model) {
    String username = typedName.strip().toLowerCase(Locale.ROOT);
    String displayName = typedDisplayName.strip();
    @Nullable String fault = null;
    if (!USERNAME.matcher(username).matches()) {
      fault = "person.username.bad";
    } else if (displayName.isEmpty() || displayName.length() > LONGEST_DISPLAY_NAME) {
      fault = "person.displayName.bad";
    }
    if (fault == null) {
      try {
        Person person = accounts.create(self.personId(), username, displayName, role, false);
        OneTimeToken token = accounts.link(self.personId(), person, Accounts.LINK_LIFE);
        show(token, person, request, model);
        model.addAttribute("notice", Notice.of(Notice.Kind.GOOD, "people.invited"));
        return people(false, null, self, model);
      } catch (DuplicateKeyException e) {
        fault = "person.username.taken";
      }
    }
    response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
    model.addAttribute("notice", Notice.of(Notice.Kind.BAD, fault));
    model.addAttribute("typedName", username);
    model.addAttribute("typedDisplayName", displayName);
    model.addAttribute("typedRole", role.name());
    return people(false, null, self, model);
  }

  @PostMapping(PERSON + "/role")
  String role(
      @PathVariable("id") long id,
      @RequestParam(name = "role") Role role,
      @AuthenticationPrincipal SignedInPerson self,
      RedirectAttributes flash) {
    Person person = find(id);
    boolean done = accounts.changeRole(self.personId(), person, role);
    return answer(done, "people.roleChanged", person, flash);
  }

  @PostMapping(PERSON + "/active")
  String active(
      @PathVariable("id") long id,
      @RequestParam(name = "active") boolean active,
      @AuthenticationPrincipal SignedInPerson self,
      RedirectAttributes flash) {
    Person person = find(id);
    boolean done = accounts.changeActive(self.personId(), person, active);
    return answer(done, active ? "people.opened" : "people.closed", person, flash);
  }

  @PostMapping(PERSON + "/reset")
  String reset(
      @PathVariable("id") long id,
      @AuthenticationPrincipal SignedInPerson self,
      HttpServletRequest request,
      Model model) {
    Person person = find(id);
    show(accounts.reset(self.personId(), person), person, request, model);
    model.addAttribute(
        "notice", new Notice(Notice.Kind.GOOD, "people.reset", List.of(person.displayName())));
    return people(person.scripted(), null, self, model);
  }

  @GetMapping("/admin/audit")
  String audit(
      @RequestParam(name = "before", defaultValue = "9223372036854775807") long before,
      Model model) {
    Shown<AuditEvent> shown = Shown.of(audit.before(before, EVENTS + 1), EVENTS);
    model.addAttribute("rows", shown.rows().stream().map(this::event).toList());
    if (!shown.rows().isEmpty()) {
      model.addAttribute(
          "pager",
          new Pager(
              before == Long.MAX_VALUE ? null : "/admin/audit",
              shown.more() ? "/admin/audit?before=" + shown.rows().getLast().id() : null,
              words.of("runs.shown", formats.number(shown.rows().size()))));
    }
    return "admin/audit";
  }

  private static String answer(boolean done, String word, Person person, RedirectAttributes flash) {
    flash.addFlashAttribute(
        "notice",
        done
            ? new Notice(Notice.Kind.GOOD, word, List.of(person.displayName()))
            : Notice.of(Notice.Kind.WARN, "people.lastAdmin"));
    return person.scripted() ? "redirect:/admin/people?scripts=true" : "redirect:/admin/people";
  }

  /// Shows a link in this answer alone, without a redirect: on the way through the session its
  /// token would lie in the database, which must hold hashes only. The address is as the
  /// administrator's own browser sees the server, for people elsewhere.
  private void show(OneTimeToken token, Person person, HttpServletRequest request, Model model) {
    String address =
        ServletUriComponentsBuilder.fromContextPath(request)
            .path("/link")
            .queryParam("token", token.value())
            .toUriString();
    model.addAttribute(
        "freshLink",
        new FreshLink(person.displayName(), address, formats.duration(Accounts.LINK_LIFE)));
  }

  private Person find(long id) {
    return people.find(id).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
  }

  private List<Option> roles() {
    return Arrays.stream(Role.values())
        .map(role -> new Option(role.name(), words.of("role." + role)))
        .toList();
  }

  private PersonRow person(HealthView.PersonLine line, SignedInPerson self) {
    Chip state =
        line.gone()
            ? new Chip("neutral", words.of("people.state.gone"))
            : !line.active()
                ? new Chip("neutral", words.of("people.state.closed"))
                : line.hasPassword() || line.scripted()
                    ? new Chip("good", words.of("people.state.open"))
                    : new Chip("warn", words.of("people.state.invited"));
    return new PersonRow(
        line.id(),
        line.username(),
        line.displayName(),
        line.role(),
        words.of("role." + line.role()),
        line.active(),
        state,
        formats.number(line.judgements()),
        formats.momentOrNull(line.lastSignIn()),
        line.id() == self.personId(),
        line.gone());
  }

  private EventRow event(AuditEvent event) {
    return new EventRow(
        formats.moment(event.at()),
        event.username() == null ? words.of("audit.nobody") : event.username(),
        words.orElse("audit." + event.action(), event.action()),
        event.subject(),
        JsonFacts.of(event.detail()).stream()
            .map(fact -> words.of("audit.fact", Words.spelled(fact.path()), fact.value()))
            .collect(Collectors.joining(" · ")));
  }

  private QueueRow queue(HealthView.LabelQueue queue) {
    long missing = queue.wanted() - queue.judged();
    String left =
        missing == 0
            ? words.of("admin.queue.done")
            : queue.lastHour() == 0
                ? words.of("admin.queue.idle")
                : words.of(
                    "admin.queue.left",
                    formats.duration(Duration.ofSeconds(3600 * missing / queue.lastHour())));
    return new QueueRow(
        queue.projectId(),
        queue.projectName(),
        new Progress(
            queue.judged(),
            queue.wanted(),
            words.of("run.steps", formats.number(queue.judged()), formats.number(queue.wanted()))),
        formats.number(queue.waiting()),
        formats.number(queue.leased()),
        formats.number(queue.overdue()),
        queue.overdue() > 0,
        formats.number(queue.lastHour()),
        formats.momentOrNull(queue.lastJudged()),
        left,
        health(queue),
        formats.number(queue.able()),
        formats.number(queue.atWork()));
  }

  /// What keeps a queue from moving, the worst first.
  private Chip health(HealthView.LabelQueue queue) {
    if (queue.judged() == queue.wanted()) {
      return new Chip("good", words.of("admin.queue.done"));
    }
    if (queue.able() == 0) {
      return new Chip("bad", words.of("admin.queue.nobody"));
    }
    if (queue.lastHour() == 0) {
      return new Chip("warn", words.of("admin.queue.still"));
    }
    return new Chip("good", words.of("admin.queue.moving"));
  }

  private List<RunRow> runs(RunState state, Instant now) {
    return runList.older(new RunList.Filter(null, state, null), Long.MAX_VALUE, RUNS).stream()
        .map(run -> run(run, now))
        .toList();
  }

  private RunRow run(RunLine run, Instant now) {
    Instant since = run.endedAt() != null ? run.endedAt() : run.startedAt();
    String detail = run.detail();
    if (detail.isEmpty() && run.state() == RunState.RUNNING && run.stage() != null) {
      detail = runPages.stage(run.stage());
    }
    return new RunRow(
        run.id(),
        run.name(),
        runPages.job(run.jobName()),
        run.projectName(),
        runPages.chip(run.state()),
        formats.excerpt(detail, 140),
        formats.duration(Duration.between(since == null ? run.createdAt() : since, now)),
        run.state().ended() && run.state().mayBecome(RunState.QUEUED),
        run.state().mayBecome(RunState.STOPPED));
  }
}
