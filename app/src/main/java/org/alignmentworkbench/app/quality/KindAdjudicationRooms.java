package org.alignmentworkbench.app.quality;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.alignmentworkbench.annotation.desk.AnswerForms;
import org.alignmentworkbench.annotation.keys.OwnKeysAdvice;
import org.alignmentworkbench.annotation.page.Crumb;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Moment;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.Option;
import org.alignmentworkbench.annotation.page.Shown;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.annotation.reading.ReadingPages;
import org.alignmentworkbench.app.web.Choice;
import org.alignmentworkbench.app.web.ProjectTabs;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.task.DisputeRule;
import org.alignmentworkbench.db.task.KindAdjudications;
import org.alignmentworkbench.db.task.KindAdjudications.Counts;
import org.alignmentworkbench.db.task.KindAdjudications.Decision;
import org.alignmentworkbench.db.task.KindAdjudications.Disputed;
import org.alignmentworkbench.db.task.KindAdjudications.Said;
import org.alignmentworkbench.db.task.KindAdjudications.Withdrawn;
import org.alignmentworkbench.db.task.Setup;
import org.alignmentworkbench.db.task.Verdict;
import org.alignmentworkbench.db.view.KindView.KindTask;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import tools.jackson.databind.json.JsonMapper;

/// Where people disagree on tasks that are no comparisons, and what a lead decides of it: by the
/// form that annotators answer by, or by saying whose text counts. As with comparisons, names are
/// hidden first, and a decision keeps whether they were shown.
@Controller
class KindAdjudicationRooms {
  private static final String ROOT = "/projects/{projectId:[0-9]{1,18}}/adjudication/kinds";
  private static final String ONE = ROOT + "/{id:[0-9]{1,18}}";
  private static final int PAGE = 50;
  private static final int EXCERPT = 160;
  private static final int STEP = 5;

  private final DisputedTasks tasks;
  private final AnswerForms forms;
  private final AnswerWords answers;
  private final ReadingPages reading;
  private final OwnKeysAdvice keys;
  private final ProjectTabs tabs;
  private final Formats formats;
  private final Words words;

  KindAdjudicationRooms(
      DisputedTasks tasks,
      AnswerForms forms,
      AnswerWords answers,
      ReadingPages reading,
      OwnKeysAdvice keys,
      ProjectTabs tabs,
      Formats formats,
      Words words) {
    this.tasks = tasks;
    this.forms = forms;
    this.answers = answers;
    this.reading = reading;
    this.keys = keys;
    this.tabs = tabs;
    this.formats = formats;
    this.words = words;
  }

  /// A task of the list.
  record DisputedRow(
      long taskId, String key, String prompt, String judged, String majority, String apart) {}

  /// An answer.
  ///
  /// @param name of the person, or a number while names are hidden
  /// @param text all of it
  /// @param fields of a form that holds it, as a JSON object; null where no form can
  record SaidRow(
      long id,
      String name,
      boolean repeated,
      String excerpt,
      String text,
      @Nullable String fields,
      String reason,
      Moment at) {}

  /// An answer that counts no more.
  record WithdrawnRow(String name, String answer, String by, String note, Moment at) {}

  /// What a lead decided.
  record DecisionRow(String answer, String reason, String by, String of, Moment at) {}

  /// What a lead has entered so far.
  ///
  /// @param fields of the form, as annotators have them
  /// @param from the judgement whose answer the form began with, or null
  record Entered(
      Map<String, String> fields,
      String counts,
      String reason,
      @Nullable Long from,
      List<String> problems) {
    static final Entered NOTHING = new Entered(Map.of(), "", "", null, List.of());

    /// With somebody's answer in place of what the fields held.
    Entered startedFrom(long judgement, Map<String, String> answer) {
      return new Entered(answer, counts, reason, judgement, List.of());
    }

    Entered with(String problem) {
      return new Entered(fields, counts, reason, from, List.of(problem));
    }
  }

  /// @param setupId 0 for the newest
  /// @param show `decided` for what was decided; anything else is what waits
  @GetMapping(ROOT)
  String list(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "setup", defaultValue = "0") long setupId,
      @RequestParam(name = "show", defaultValue = "") String show,
      @RequestParam(name = "after", defaultValue = "") String after,
      Model model) {
    Project project = tabs.open(projectId, "quality", model);
    List<Setup> setups = tasks.setups(projectId);
    Optional<Setup> chosen =
        setups.stream().filter(setup -> setupId == 0 || setup.id() == setupId).findFirst();
    if (chosen.isEmpty() && setupId != 0) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
    model.addAttribute("any", chosen.isPresent());
    model.addAttribute("crumbs", crumbs(project, null));
    chosen.ifPresent(setup -> show(setups, setup, show.equals("decided"), after, model));
    return "quality/kindAdjudication";
  }

  private void show(List<Setup> setups, Setup setup, boolean decided, String after, Model model) {
    TaskKind kind = setup.question().kind();
    KindAdjudications read = tasks.adjudications();
    Optional<DisputeRule> rule = read.rule(setup);
    model.addAttribute("setup", setup.id());
    model.addAttribute("kind", kind.name());
    model.addAttribute("setups", choices(setups, setup));
    model.addAttribute("disputable", rule.isPresent());
    if (rule.isEmpty()) {
      return;
    }
    Shown<Disputed> shown =
        Shown.of(
            decided
                ? read.decided(setup.id(), after, PAGE + 1)
                : read.open(setup.id(), rule.get(), after, PAGE + 1),
            PAGE);
    Counts counts = read.counts(setup.id(), rule.get());
    model.addAttribute("rows", shown.rows().stream().map(each -> row(kind, each)).toList());
    model.addAttribute("more", shown.more() ? shown.rows().getLast().key() : null);
    model.addAttribute("decided", decided);
    model.addAttribute("openCount", formats.number(counts.open()));
    model.addAttribute("decidedCount", formats.number(counts.decided()));
    model.addAttribute("bound", String.valueOf(rule.get().bound()));
    model.addAttribute("bounds", bounds(rule.get()));
    model.addAttribute(
        "shows",
        List.of(
            new Choice(
                words.of("kindAdjudication.show.open", formats.number(counts.open())),
                address(setup, ""),
                !decided),
            new Choice(
                words.of("kindAdjudication.show.decided", formats.number(counts.decided())),
                address(setup, "&show=decided"),
                decided)));
  }

  private static String address(Setup setup, String more) {
    return "/projects/%d/adjudication/kinds?setup=%d%s"
        .formatted(setup.projectId(), setup.id(), more);
  }

  private List<Choice> choices(List<Setup> setups, Setup chosen) {
    return setups.stream()
        .map(setup ->
            new Choice(
                words.of(
                    "kindQuality.setup",
                    words.of("setup.kind." + setup.question().kind()),
                    String.valueOf(setup.id()),
                    formats.number(setup.judged())),
                address(setup, ""),
                setup.id() == chosen.id()))
        .toList();
  }

  /// Per cents in steps, and the one that is set.
  private List<Option> bounds(DisputeRule rule) {
    TaskKind kind = rule.kind();
    List<Option> bounds = new ArrayList<>();
    for (int bound = DisputeRule.fewest(kind); bound <= DisputeRule.most(kind); bound++) {
      if (kind == TaskKind.SPAN && bound % STEP != 0 && bound != rule.bound()) {
        continue;
      }
      boolean never =
          bound == DisputeRule.NEVER && (kind == TaskKind.GRADE || kind == TaskKind.CHOICE);
      bounds.add(
          new Option(
              String.valueOf(bound),
              never
                  ? words.of("kindAdjudication.never")
                  : words.of("kindAdjudication.bound." + kind, formats.number(bound))));
    }
    return bounds;
  }

  /// Sets from where on a set-up's answers are disputed.
  @PostMapping(ROOT + "/rule")
  String rule(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "setup") long setupId,
      @RequestParam(name = "bound") int bound,
      @AuthenticationPrincipal SignedInPerson lead,
      RedirectAttributes flash) {
    Setup setup =
        tasks
            .setup(projectId, setupId)
            .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    try {
      tasks.rule(setup, bound, lead.personId());
    } catch (IllegalArgumentException e) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST, e.getMessage(), e);
    }
    flash.addFlashAttribute("notice", Notice.of(Notice.Kind.GOOD, "kindAdjudication.ruled"));
    return "redirect:" + address(setup, "");
  }

  /// @param named whether the lead wants to see who answered
  @GetMapping(ONE)
  String one(
      @PathVariable("projectId") long projectId,
      @PathVariable("id") long taskId,
      @RequestParam(name = "named", defaultValue = "false") boolean named,
      @AuthenticationPrincipal SignedInPerson lead,
      Model model) {
    return page(projectId, find(projectId, taskId), named, lead, Entered.NOTHING, model);
  }

  private String page(
      long projectId,
      KindTask task,
      boolean named,
      SignedInPerson lead,
      Entered entered,
      Model model) {
    Project project = tabs.open(projectId, "quality", model);
    KindAdjudications read = tasks.adjudications();
    List<Said> said = read.said(task.id());
    TaskKind kind = task.question().kind();
    model.addAttribute("task", task);
    model.addAttribute("kind", kind.name());
    List<SaidRow> rows =
        IntStream.range(0, said.size())
            .mapToObj(i -> row(task, said.get(i), i + 1, named))
            .toList();
    model.addAttribute("named", named);
    model.addAttribute("said", rows);
    // An answer that went meanwhile is none that a decision can be traced to.
    model.addAttribute(
        "from",
        rows.stream()
            .filter(row -> Objects.equals(row.id(), entered.from()))
            .findFirst()
            .orElse(null));
    model.addAttribute("judgements", said.stream().map(Said::id).toList());
    model.addAttribute(
        "withdrawn",
        read.withdrawn(task.id()).stream().map(each -> row(task, each, named)).toList());
    model.addAttribute(
        "decisions", read.decisions(task.id()).stream().map(each -> row(task, each)).toList());
    model.addAttribute("text", kind == TaskKind.DEMONSTRATION || kind == TaskKind.EDIT);
    model.addAttribute("decidable", kind != TaskKind.RED_TEAM && !said.isEmpty());
    model.addAttribute(
        "form",
        kind == TaskKind.RED_TEAM
            ? null
            : forms.form(task.question(), task.answers(), entered.fields()));
    model.addAttribute(
        "reading", reading.task(task.id(), task.prompt(), task.answers(), lead.personId()));
    model.addAttribute("ownKeys", keys.ownKeys(lead));
    model.addAttribute("entered", entered);
    model.addAttribute("longest", DisputedTasks.LONGEST);
    model.addAttribute("crumbs", crumbs(project, task));
    return "quality/kindDecision";
  }

  /// Keeps a decision, or shows the form with somebody's answer in it.
  ///
  /// @param verdict `own` for the answer in the form, `counts` for one of the texts, or `none`
  ///   where no answer can be had
  /// @param counts whose text counts: the judgement's number
  /// @param start the judgement whose answer the form is to hold; null for a decision
  /// @param from the judgement whose answer it began with, or null
  /// @param judgements those that the page showed
  /// @param fields of the form, as annotators have them
  @PostMapping(ONE)
  Object decide(
      @PathVariable("projectId") long projectId,
      @PathVariable("id") long taskId,
      @RequestParam(name = "verdict", defaultValue = "") String verdict,
      @RequestParam(name = "counts", defaultValue = "") String counts,
      @RequestParam(name = "reason", defaultValue = "") String typed,
      @RequestParam(name = "named", defaultValue = "false") boolean named,
      @RequestParam(name = "start", required = false) @Nullable Long start,
      @RequestParam(name = "from", required = false) @Nullable Long from,
      @RequestParam(name = "judgement", defaultValue = "") List<Long> judgements,
      @RequestParam Map<String, String> fields,
      @AuthenticationPrincipal SignedInPerson lead,
      RedirectAttributes flash,
      Model model) {
    KindTask task = find(projectId, taskId);
    Map<String, String> own = new HashMap<>(fields);
    own.remove("reason");
    if (start != null) {
      return started(
          projectId,
          task,
          named,
          lead,
          new Entered(own, counts, typed, from, List.of()),
          start,
          model);
    }
    List<String> problems = new ArrayList<>();
    @Nullable Verdict decided = read(task, verdict, counts, own, problems);
    String reason = typed.strip();
    if (reason.isEmpty() || reason.length() > DisputedTasks.LONGEST) {
      problems.add(words.of("adjudication.noReason"));
    }
    if (decided != null && problems.isEmpty()) {
      @Nullable Long origin = decided instanceof Verdict.Own ? from : null;
      Optional<Long> kept =
          keep(projectId, taskId, decided, reason, named, judgements, origin, lead);
      if (kept.isPresent()) {
        flash.addFlashAttribute("notice", Notice.of(Notice.Kind.GOOD, "kindAdjudication.kept"));
        return "redirect:/projects/%d/adjudication/kinds?setup=%d"
            .formatted(projectId, task.setupId());
      }
      problems.add(words.of("kindAdjudication.changed"));
      return again(
          projectId,
          task,
          named,
          lead,
          new Entered(own, counts, typed, from, problems),
          HttpStatus.CONFLICT,
          model);
    }
    return again(
        projectId,
        task,
        named,
        lead,
        new Entered(own, counts, typed, from, problems),
        HttpStatus.UNPROCESSABLE_CONTENT,
        model);
  }

  private Optional<Long> keep(
      long projectId,
      long taskId,
      Verdict verdict,
      String reason,
      boolean named,
      List<Long> judgements,
      @Nullable Long from,
      SignedInPerson lead) {
    try {
      return tasks.decide(
          projectId, taskId, verdict, reason, named, judgements, from, lead.personId());
    } catch (IllegalArgumentException e) {
      // No page offers it.
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST, e.getMessage(), e);
    }
  }

  /// The page with somebody's answer in the form, and the reason as far as it was typed.
  private ModelAndView started(
      long projectId,
      KindTask task,
      boolean named,
      SignedInPerson lead,
      Entered entered,
      long start,
      Model model) {
    TaskKind kind = task.question().kind();
    if (!byForm(kind)) {
      throw new ResponseStatusException(
          HttpStatus.BAD_REQUEST,
          "the form of a task of the kind %s starts from no answer".formatted(kind));
    }
    Optional<Answer> answer =
        tasks.adjudications().said(task.id()).stream()
            .filter(said -> said.id() == start)
            .map(Said::answer)
            .findFirst();
    if (answer.isEmpty()) {
      return again(
          projectId,
          task,
          named,
          lead,
          entered.with(words.of("kindAdjudication.changed")),
          HttpStatus.CONFLICT,
          model);
    }
    Map<String, String> fields = forms.fields(task.question(), task.answers(), answer.get());
    return again(
        projectId, task, named, lead, entered.startedFrom(start, fields), HttpStatus.OK, model);
  }

  /// Whether a lead answers by the form that annotators have; of texts they say whose counts.
  private static boolean byForm(TaskKind kind) {
    return switch (kind) {
      case GRADE, CHOICE, RANK, SPAN -> true;
      case PAIR, DEMONSTRATION, EDIT, RED_TEAM -> false;
    };
  }

  /// The page with everything that was entered.
  private ModelAndView again(
      long projectId,
      KindTask task,
      boolean named,
      SignedInPerson lead,
      Entered entered,
      HttpStatus status,
      Model model) {
    String page = page(projectId, task, named, lead, entered, model);
    return new ModelAndView(page, model.asMap(), status);
  }

  private @Nullable Verdict read(
      KindTask task,
      String verdict,
      String counts,
      Map<String, String> fields,
      List<String> problems) {
    return switch (verdict) {
      case "none" -> new Verdict.None();
      case "counts" -> {
        if (!counts.matches("[0-9]{1,18}")) {
          problems.add(words.of("kindAdjudication.missing.counts"));
          yield null;
        }
        yield new Verdict.Counts(Long.parseLong(counts));
      }
      case "own" -> {
        if (task.question().kind() == TaskKind.RED_TEAM) {
          throw new ResponseStatusException(HttpStatus.BAD_REQUEST);
        }
        yield switch (forms.read(task.question(), task.answers(), fields)) {
          case AnswerForms.Read.Given(var answer) -> new Verdict.Own(answer);
          case AnswerForms.Read.Incomplete(var missing) -> {
            problems.addAll(missing);
            yield null;
          }
        };
      }
      default ->
          throw new ResponseStatusException(
              HttpStatus.BAD_REQUEST, "verdict must be own, counts or none, was '" + verdict + "'");
    };
  }

  /// Withdraws an answer to the task; it is wanted again, of somebody else.
  @PostMapping(ONE + "/withdraw")
  String withdraw(
      @PathVariable("projectId") long projectId,
      @PathVariable("id") long taskId,
      @RequestParam(name = "judgement", required = false) @Nullable Long judgement,
      @RequestParam(name = "note", defaultValue = "") String note,
      @AuthenticationPrincipal SignedInPerson lead,
      RedirectAttributes flash) {
    // A task of another project is not there, whatever is asked of it.
    find(projectId, taskId);
    if (judgement == null) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "judgement must name one");
    }
    String why = note.strip();
    if (why.length() > DisputedTasks.LONGEST
        || !tasks.withdraw(projectId, taskId, judgement, why, lead.personId())) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
    flash.addFlashAttribute("notice", Notice.of(Notice.Kind.GOOD, "kindAdjudication.withdrawn"));
    return "redirect:/projects/%d/adjudication/kinds/%d".formatted(projectId, taskId);
  }

  private KindTask find(long projectId, long taskId) {
    return tasks
        .task(projectId, taskId)
        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
  }

  private List<Crumb> crumbs(Project project, @Nullable KindTask task) {
    String root = "/projects/" + project.id();
    List<Crumb> crumbs = new ArrayList<>();
    crumbs.add(new Crumb(words.of("room.projects"), "/projects"));
    crumbs.add(new Crumb(project.name(), root));
    if (task == null) {
      crumbs.add(new Crumb(words.of("tab.quality"), root + "/quality"));
      crumbs.add(new Crumb(words.of("kindAdjudication.title"), null));
    } else {
      // A path of one line on a phone.
      String list = root + "/adjudication/kinds?setup=" + task.setupId();
      crumbs.add(new Crumb(words.of("adjudication.title"), list));
      crumbs.add(new Crumb(words.of("kindQuality.task"), null));
    }
    return crumbs;
  }

  private DisputedRow row(TaskKind kind, Disputed disputed) {
    @Nullable Boolean majority = disputed.majority();
    @Nullable Double apart = disputed.apart();
    return new DisputedRow(
        disputed.taskId(),
        disputed.key(),
        formats.excerpt(disputed.prompt(), EXCERPT),
        formats.number(disputed.judged()),
        majority == null
            ? Formats.NONE
            : words.of(majority ? "kindAdjudication.majority" : "kindAdjudication.majority.none"),
        apart == null
            ? Formats.NONE
            : kind == TaskKind.SPAN
                ? formats.decimal(apart / 100, 2)
                : formats.number(Math.round(apart)));
  }

  private SaidRow row(KindTask task, Said said, int number, boolean named) {
    String answer = answers.of(task.question(), task.answers(), said.answer());
    return new SaidRow(
        said.id(),
        named ? said.name() : words.of("adjudication.judge", formats.number(number)),
        said.repeated(),
        formats.excerpt(answer, EXCERPT),
        answer,
        fields(task, said),
        said.reason(),
        formats.moment(said.at()));
  }

  private @Nullable String fields(KindTask task, Said said) {
    return byForm(task.question().kind())
        ? JsonMapper.shared()
            .writeValueAsString(forms.fields(task.question(), task.answers(), said.answer()))
        : null;
  }

  private WithdrawnRow row(KindTask task, Withdrawn withdrawn, boolean named) {
    return new WithdrawnRow(
        named ? withdrawn.name() : words.of("adjudication.hidden"),
        formats.excerpt(answers.of(task.question(), task.answers(), withdrawn.answer()), EXCERPT),
        withdrawn.undone() ? words.of("adjudication.undone") : withdrawn.by(),
        withdrawn.note(),
        formats.moment(withdrawn.at()));
  }

  private DecisionRow row(KindTask task, Decision decision) {
    @Nullable Answer answer = decision.answer();
    return new DecisionRow(
        answer == null
            ? words.of("kindAdjudication.none")
            : formats.excerpt(answers.of(task.question(), task.answers(), answer), EXCERPT),
        decision.reason(),
        words.of(decision.named() ? "adjudication.by.named" : "adjudication.by", decision.by()),
        words.of("kindAdjudication.ofAnswers", formats.number(decision.judgements().size())),
        formats.moment(decision.at()));
  }
}
