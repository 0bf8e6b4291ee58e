package org.alignmentworkbench.app.quality;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignmentworkbench.annotation.page.Crumb;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Moment;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.web.ProjectTabs;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.task.GoldRepository;
import org.alignmentworkbench.db.task.GoldRepository.Known;
import org.alignmentworkbench.db.view.QualityView;
import org.alignmentworkbench.db.view.QualityView.Comparison;
import org.alignmentworkbench.db.view.QualityView.Said;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
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

/// One comparison with everything that was said of it, and the place to say which answer is right.
@Controller
class ComparisonRooms {
  private static final String COMPARISON =
      "/projects/{projectId:[0-9]{1,18}}/quality/comparisons/{taskId:[0-9]{1,18}}";
  private static final Set<String> LEADING = Set.of("ADMIN", "LEAD");

  private final QualityView view;
  private final GoldRepository gold;
  private final QualityPages pages;
  private final AuditRepository audit;
  private final TransactionTemplate transaction;
  private final ProjectTabs tabs;
  private final Formats formats;
  private final Words words;
  private final Clock clock;

  ComparisonRooms(
      QualityView view,
      GoldRepository gold,
      QualityPages pages,
      AuditRepository audit,
      TransactionTemplate transaction,
      ProjectTabs tabs,
      Formats formats,
      Words words,
      Clock clock) {
    this.view = view;
    this.gold = gold;
    this.pages = pages;
    this.audit = audit;
    this.transaction = transaction;
    this.tabs = tabs;
    this.formats = formats;
    this.words = words;
    this.clock = clock;
  }

  /// What somebody said.
  ///
  /// @param scripted whether a program said it
  /// @param left which answer was on the left
  record SaidRow(
      String name,
      boolean scripted,
      String strength,
      String left,
      String reason,
      String time,
      String guideline,
      Moment at) {}

  @GetMapping(COMPARISON)
  String comparison(
      @PathVariable("projectId") long projectId,
      @PathVariable("taskId") long taskId,
      @AuthenticationPrincipal SignedInPerson person,
      Model model) {
    Project project = tabs.open(projectId, "quality", model);
    Comparison comparison = find(projectId, taskId);
    model.addAttribute("comparison", comparison);
    model.addAttribute("round", formats.number(comparison.round()));
    model.addAttribute("said", view.said(taskId).stream().map(this::row).toList());
    model.addAttribute("gold", goldText(comparison.goldBWins()));
    model.addAttribute("known", comparison.goldBWins() != null);
    model.addAttribute("attention", gold.of(taskId).filter(Known::attention).isPresent());
    model.addAttribute("leads", LEADING.contains(person.role()));
    String root = "/projects/" + projectId;
    model.addAttribute(
        "crumbs",
        List.of(
            new Crumb(words.of("room.projects"), "/projects"),
            new Crumb(project.name(), root),
            new Crumb(words.of("tab.quality"), root + "/quality"),
            new Crumb(words.of("quality.votes.task"), null)));
    return "quality/comparison";
  }

  /// @param answer `a`, `b`, or `none` to forget what was known
  /// @param attention whether it asks if somebody reads at all
  @PostMapping(COMPARISON + "/gold")
  String gold(
      @PathVariable("projectId") long projectId,
      @PathVariable("taskId") long taskId,
      @RequestParam(name = "answer") String answer,
      @RequestParam(name = "attention", defaultValue = "false") boolean attention,
      @AuthenticationPrincipal SignedInPerson person,
      RedirectAttributes flash) {
    find(projectId, taskId);
    @Nullable Boolean bWins =
        switch (answer) {
          case "a" -> Boolean.FALSE;
          case "b" -> Boolean.TRUE;
          case "none" -> null;
          default -> throw new ResponseStatusException(HttpStatus.BAD_REQUEST);
        };
    transaction.executeWithoutResult(_ -> {
      if (bWins == null) {
        gold.clear(taskId);
      } else {
        gold.set(taskId, new Known(bWins, attention), person.personId(), clock.instant());
      }
      audit.record(
          person.personId(),
          "quality.gold",
          "project %d, task %d".formatted(projectId, taskId),
          JsonMapper.shared().writeValueAsString(Map.of("answer", answer, "attention", attention)));
    });
    flash.addFlashAttribute(
        "notice",
        bWins == null
            ? Notice.of(Notice.Kind.GOOD, "quality.gold.forgotten")
            : new Notice(Notice.Kind.GOOD, "quality.gold.kept", List.of(pages.side(bWins))));
    return "redirect:/projects/" + projectId + "/quality/comparisons/" + taskId;
  }

  private Comparison find(long projectId, long taskId) {
    return view.comparison(projectId, taskId)
        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
  }

  private String goldText(@Nullable Boolean bWins) {
    return bWins == null
        ? words.of("quality.gold.unknown")
        : words.of("quality.gold.is", pages.side(bWins));
  }

  private SaidRow row(Said said) {
    @Nullable Boolean aLeft = said.aLeft();
    @Nullable Integer guideline = said.guidelineVersion();
    return new SaidRow(
        said.name(),
        said.scripted(),
        pages.answered(Dimension.STRENGTH, said.strength()),
        aLeft == null ? Formats.NONE : pages.side(!aLeft),
        said.reason(),
        said.activeMs() == 0 ? Formats.NONE : formats.duration(Duration.ofMillis(said.activeMs())),
        guideline == null ? Formats.NONE : formats.number(guideline),
        formats.moment(said.at()));
  }
}
