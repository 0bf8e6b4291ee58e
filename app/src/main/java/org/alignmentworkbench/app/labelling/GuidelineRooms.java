package org.alignmentworkbench.app.labelling;

import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.alignmentworkbench.db.task.Guideline;
import org.alignmentworkbench.db.task.GuidelineRepository;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import tools.jackson.databind.json.JsonMapper;

/// What annotators are asked to judge by: the text of today, its earlier versions with how many
/// judgements were given under each, and the way to publish another.
@Controller
public class GuidelineRooms {
  private static final String GUIDELINE = "/projects/{projectId:[0-9]{1,18}}/guideline";
  private static final Set<String> LEADING = Set.of("ADMIN", "LEAD");

  /// Characters of a text: some ten pages, more than anybody reads beside a task.
  public static final int LONGEST = 20_000;

  private final GuidelineRepository guidelines;
  private final AuditRepository audit;
  private final TransactionTemplate transaction;
  private final ProjectTabs tabs;
  private final Formats formats;
  private final Words words;

  GuidelineRooms(
      GuidelineRepository guidelines,
      AuditRepository audit,
      TransactionTemplate transaction,
      ProjectTabs tabs,
      Formats formats,
      Words words) {
    this.guidelines = guidelines;
    this.audit = audit;
    this.transaction = transaction;
    this.tabs = tabs;
    this.formats = formats;
    this.words = words;
  }

  /// A version as it is listed.
  record Version(int version, Moment at, String judgements, String body) {}

  @GetMapping(GUIDELINE)
  String guideline(
      @PathVariable("projectId") long projectId,
      @AuthenticationPrincipal SignedInPerson person,
      Model model) {
    Project project = tabs.open(projectId, "labelling", model);
    show(project, person, null, null, model);
    return "labelling/guideline";
  }

  /// @param version the version that the new text was written from
  @PostMapping(GUIDELINE)
  String publish(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "body") String typed,
      @RequestParam(name = "version") int version,
      @AuthenticationPrincipal SignedInPerson person,
      Model model,
      RedirectAttributes flash) {
    Project project = tabs.open(projectId, "labelling", model);
    String body = typed.replace("\r\n", "\n").strip();
    Optional<Guideline> latest = guidelines.latest(projectId);
    if (latest.map(Guideline::body).map(String::strip).orElse("").equals(body) && !body.isEmpty()) {
      flash.addFlashAttribute("notice", Notice.of(Notice.Kind.INFO, "guideline.same"));
      return "redirect:/projects/" + projectId + "/guideline";
    }
    String problem = problem(body, version, latest);
    if (problem == null) {
      problem = publish(projectId, body, person, flash);
    }
    if (problem == null) {
      return "redirect:/projects/" + projectId + "/guideline";
    }
    show(project, person, typed, problem, model);
    return "labelling/guideline";
  }

  private @Nullable String problem(String body, int version, Optional<Guideline> latest) {
    if (body.isEmpty()) {
      return words.of("guideline.empty");
    }
    if (body.indexOf('\0') >= 0) {
      return words.of("guideline.nul");
    }
    int length = body.codePointCount(0, body.length());
    if (length > LONGEST) {
      return words.of("guideline.long", formats.number(LONGEST), formats.number(length));
    }
    int now = latest.map(Guideline::version).orElse(0);
    return now == version ? null : words.of("guideline.overtaken", formats.number(now));
  }

  /// Publishes and notes who did it, both or neither; returns why not where somebody was faster.
  private @Nullable String publish(
      long projectId, String body, SignedInPerson person, RedirectAttributes flash) {
    try {
      Guideline published =
          transaction.execute(_ -> {
            Guideline fresh = guidelines.publish(projectId, body);
            audit.record(
                person.personId(),
                "guideline.publish",
                "project " + projectId,
                JsonMapper.shared().writeValueAsString(Map.of("version", fresh.version())));
            return fresh;
          });
      flash.addFlashAttribute(
          "notice",
          new Notice(
              Notice.Kind.GOOD,
              "guideline.published",
              List.of(formats.number(published.version()))));
      return null;
    } catch (DuplicateKeyException faster) {
      int now = guidelines.latest(projectId).map(Guideline::version).orElse(0);
      return words.of("guideline.overtaken", formats.number(now));
    }
  }

  private void show(
      Project project,
      SignedInPerson person,
      @Nullable String typed,
      @Nullable String problem,
      Model model) {
    Map<Integer, Long> judgements = guidelines.judgements(project.id());
    List<Version> versions =
        guidelines.all(project.id()).stream()
            .map(g ->
                new Version(
                    g.version(),
                    formats.moment(g.createdAt()),
                    formats.number(judgements.getOrDefault(g.version(), 0L)),
                    g.body()))
            .toList();
    model.addAttribute("versions", versions);
    model.addAttribute("latest", versions.isEmpty() ? 0 : versions.getFirst().version());
    model.addAttribute(
        "typed", typed != null ? typed : versions.isEmpty() ? "" : versions.getFirst().body());
    model.addAttribute("problem", problem);
    model.addAttribute("leads", LEADING.contains(person.role()));
    model.addAttribute("longest", LONGEST);
    model.addAttribute(
        "crumbs",
        List.of(
            new Crumb(words.of("room.projects"), "/projects"),
            new Crumb(project.name(), "/projects/" + project.id()),
            new Crumb(words.of("tab.labelling"), "/projects/" + project.id() + "/labelling"),
            new Crumb(words.of("guideline.title"), null)));
  }
}
