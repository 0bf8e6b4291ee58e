package org.alignmentworkbench.app.quality;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.alignmentworkbench.annotation.page.Crumb;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Moment;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.Shown;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.web.ProjectTabs;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.task.Adjudications;
import org.alignmentworkbench.db.task.Adjudications.Counts;
import org.alignmentworkbench.db.task.Adjudications.Decision;
import org.alignmentworkbench.db.task.Adjudications.Disputed;
import org.alignmentworkbench.db.task.Adjudications.Said;
import org.alignmentworkbench.db.task.Adjudications.Withdrawn;
import org.alignmentworkbench.db.task.Withdrawals;
import org.alignmentworkbench.db.view.QualityView;
import org.alignmentworkbench.db.view.QualityView.Comparison;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import tools.jackson.databind.json.JsonMapper;

/// Where judges disagree, and what a lead decides of it. A lead sees the judgements without names
/// first; a decision keeps whether they were shown.
@Controller
class AdjudicationRooms {
  private static final String ROOT = "/projects/{projectId:[0-9]{1,18}}/adjudication";
  private static final String ONE = ROOT + "/{taskId:[0-9]{1,18}}";
  private static final int PAGE = 50;
  private static final int FURTHEST = 8;
  private static final int EXCERPT = 160;
  private static final int LONGEST = 2_000;

  private final Adjudications adjudications;
  private final Withdrawals withdrawals;
  private final QualityView view;
  private final QualityPages pages;
  private final AuditRepository audit;
  private final TransactionTemplate transaction;
  private final ProjectTabs tabs;
  private final Formats formats;
  private final Words words;
  private final Clock clock;

  AdjudicationRooms(
      JdbcClient jdbc,
      QualityView view,
      QualityPages pages,
      AuditRepository audit,
      TransactionTemplate transaction,
      ProjectTabs tabs,
      Formats formats,
      Words words,
      Clock clock) {
    this.adjudications = new Adjudications(jdbc);
    this.withdrawals = new Withdrawals(jdbc, transaction);
    this.view = view;
    this.pages = pages;
    this.audit = audit;
    this.transaction = transaction;
    this.tabs = tabs;
    this.formats = formats;
    this.words = words;
    this.clock = clock;
  }

  /// A comparison that waits.
  record DisputedRow(
      long taskId, String key, String prompt, String forA, String forB, String distance) {}

  /// A judgement.
  ///
  /// @param name of the person, or a number while names are hidden
  record SaidRow(
      long id, String name, boolean repeated, String strength, String reason, Moment at) {}

  /// A judgement that counts no more.
  record WithdrawnRow(String name, String strength, String by, String note, Moment at) {}

  /// What a lead decided.
  record DecisionRow(String strength, String reason, String by, String of, Moment at) {}

  /// @param distance between two judgements from which a comparison is disputed
  @GetMapping(ROOT)
  String list(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "distance", defaultValue = "5") int distance,
      @RequestParam(name = "after", defaultValue = "") String after,
      Model model) {
    Project project = tabs.open(projectId, "quality", model);
    int limit = Math.clamp(distance, 1, FURTHEST);
    Shown<Disputed> shown = Shown.of(adjudications.open(projectId, limit, after, PAGE + 1), PAGE);
    Counts counts = adjudications.counts(projectId, limit);
    model.addAttribute("rows", shown.rows().stream().map(this::row).toList());
    model.addAttribute("more", shown.more() ? shown.rows().getLast().key() : null);
    model.addAttribute("distance", limit);
    model.addAttribute("distances", IntStream.rangeClosed(1, FURTHEST).boxed().toList());
    model.addAttribute("open", formats.number(counts.open()));
    model.addAttribute("decided", formats.number(counts.decided()));
    model.addAttribute("crumbs", crumbs(project, null));
    return "quality/adjudication";
  }

  /// @param named whether the lead wants to see who judged
  @GetMapping(ONE)
  String one(
      @PathVariable("projectId") long projectId,
      @PathVariable("taskId") long taskId,
      @RequestParam(name = "named", defaultValue = "false") boolean named,
      Model model) {
    Project project = tabs.open(projectId, "quality", model);
    Comparison comparison = find(projectId, taskId);
    List<Said> said = adjudications.said(taskId);
    model.addAttribute("comparison", comparison);
    model.addAttribute("named", named);
    model.addAttribute(
        "said",
        IntStream.range(0, said.size()).mapToObj(i -> row(said.get(i), i + 1, named)).toList());
    model.addAttribute("judgements", said.stream().map(Said::id).toList());
    model.addAttribute(
        "withdrawn",
        adjudications.withdrawn(taskId).stream().map(each -> row(each, named)).toList());
    model.addAttribute(
        "decisions", adjudications.decisions(taskId).stream().map(this::row).toList());
    model.addAttribute("strengths", List.of(-4, -3, -2, -1, 1, 2, 3, 4));
    model.addAttribute("longest", LONGEST);
    model.addAttribute("crumbs", crumbs(project, words.of("quality.votes.task")));
    return "quality/decision";
  }

  /// @param answer a strength, or `none` where no preference can be had
  /// @param judgements those that the page showed
  @PostMapping(ONE)
  String decide(
      @PathVariable("projectId") long projectId,
      @PathVariable("taskId") long taskId,
      @RequestParam(name = "answer") String answer,
      @RequestParam(name = "reason", defaultValue = "") String typed,
      @RequestParam(name = "named", defaultValue = "false") boolean named,
      @RequestParam(name = "judgement", defaultValue = "") List<Long> judgements,
      @AuthenticationPrincipal SignedInPerson lead,
      RedirectAttributes flash) {
    find(projectId, taskId);
    String reason = typed.strip();
    String here = "redirect:/projects/" + projectId + "/adjudication/" + taskId;
    if (!answer.matches("-?[1-4]|none")) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST);
    }
    if (reason.isEmpty() || reason.length() > LONGEST) {
      flash.addFlashAttribute("notice", Notice.of(Notice.Kind.BAD, "adjudication.noReason"));
      return here;
    }
    @Nullable Integer strength = answer.equals("none") ? null : Integer.valueOf(answer);
    Optional<Long> decision =
        transaction.execute(_ -> {
          Optional<Long> kept =
              adjudications.decide(
                  projectId,
                  taskId,
                  strength,
                  reason,
                  named,
                  judgements,
                  lead.personId(),
                  clock.instant());
          if (kept.isPresent()) {
            audit.record(
                lead.personId(),
                "quality.adjudicate",
                "project %d, task %d".formatted(projectId, taskId),
                JsonMapper.shared().writeValueAsString(Map.of("answer", answer, "named", named)));
          }
          return kept;
        });
    if (decision.isEmpty()) {
      flash.addFlashAttribute("notice", Notice.of(Notice.Kind.WARN, "adjudication.changed"));
      return here;
    }
    flash.addFlashAttribute("notice", Notice.of(Notice.Kind.GOOD, "adjudication.kept"));
    return "redirect:/projects/" + projectId + "/adjudication";
  }

  /// Withdraws a judgement of the comparison; it is wanted again, of somebody else.
  @PostMapping(ONE + "/withdraw")
  String withdraw(
      @PathVariable("projectId") long projectId,
      @PathVariable("taskId") long taskId,
      @RequestParam(name = "judgement", required = false) @Nullable Long judgement,
      @RequestParam(name = "note", defaultValue = "") String note,
      @AuthenticationPrincipal SignedInPerson lead,
      RedirectAttributes flash) {
    // A comparison of another project is not there, whatever is asked of it.
    find(projectId, taskId);
    if (judgement == null) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "judgement must name one");
    }
    boolean there = adjudications.said(taskId).stream().anyMatch(each -> each.id() == judgement);
    if (!there || note.length() > LONGEST) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
    transaction.executeWithoutResult(_ -> {
      if (withdrawals.withdraw(
          projectId, judgement, note.strip(), lead.personId(), clock.instant())) {
        audit.record(
            lead.personId(),
            "quality.withdraw",
            "project %d, task %d".formatted(projectId, taskId),
            JsonMapper.shared().writeValueAsString(Map.of("judgement", judgement)));
      }
    });
    flash.addFlashAttribute("notice", Notice.of(Notice.Kind.GOOD, "adjudication.withdrawn"));
    return "redirect:/projects/" + projectId + "/adjudication/" + taskId;
  }

  private Comparison find(long projectId, long taskId) {
    return view.comparison(projectId, taskId)
        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
  }

  private List<Crumb> crumbs(Project project, @Nullable String one) {
    String root = "/projects/" + project.id();
    Crumb projects = new Crumb(words.of("room.projects"), "/projects");
    Crumb own = new Crumb(project.name(), root);
    Crumb quality = new Crumb(words.of("tab.quality"), root + "/quality");
    String title = words.of("adjudication.title");
    return one == null
        ? List.of(projects, own, quality, new Crumb(title, null))
        : List.of(
            projects, own, quality, new Crumb(title, root + "/adjudication"), new Crumb(one, null));
  }

  private DisputedRow row(Disputed disputed) {
    return new DisputedRow(
        disputed.taskId(),
        disputed.key(),
        formats.excerpt(disputed.prompt(), EXCERPT),
        formats.number(disputed.forA()),
        formats.number(disputed.forB()),
        formats.number(disputed.distance()));
  }

  private SaidRow row(Said said, int number, boolean named) {
    return new SaidRow(
        said.id(),
        named ? said.name() : words.of("adjudication.judge", formats.number(number)),
        said.repeated(),
        pages.answered(Dimension.STRENGTH, said.strength()),
        said.reason(),
        formats.moment(said.at()));
  }

  private WithdrawnRow row(Withdrawn withdrawn, boolean named) {
    return new WithdrawnRow(
        named ? withdrawn.name() : words.of("adjudication.hidden"),
        pages.answered(Dimension.STRENGTH, withdrawn.strength()),
        withdrawn.undone() ? words.of("adjudication.undone") : withdrawn.by(),
        withdrawn.note(),
        formats.moment(withdrawn.at()));
  }

  private DecisionRow row(Decision decision) {
    @Nullable Integer strength = decision.strength();
    return new DecisionRow(
        strength == null
            ? words.of("adjudication.none")
            : pages.answered(Dimension.STRENGTH, strength),
        decision.reason(),
        words.of(decision.named() ? "adjudication.by.named" : "adjudication.by", decision.by()),
        words.of("adjudication.ofJudgements", formats.number(decision.judgements().size())),
        formats.moment(decision.at()));
  }
}
