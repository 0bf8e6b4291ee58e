package org.alignmentworkbench.app.people;

import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Locale;
import org.alignmentworkbench.annotation.page.Chip;
import org.alignmentworkbench.annotation.page.Crumb;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.Option;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.web.ProjectTabs;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.person.CohortRepository;
import org.alignmentworkbench.db.project.Membership;
import org.alignmentworkbench.db.project.MembershipRepository;
import org.alignmentworkbench.db.project.Project;
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
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/// Who may see and label a project: everybody, or those that are named here, by themselves or by
/// cohort; speakers of some languages; so many judgements each.
@Controller
class MemberRooms {
  private static final String PEOPLE = "/projects/{projectId:[0-9]{1,18}}/people";
  private static final String ID = "/{id:[0-9]{1,18}}";
  private static final int LARGEST_QUOTA = 1_000_000;

  private final MembershipRepository memberships;
  private final CohortRepository cohorts;
  private final Members members;
  private final ProjectTabs tabs;
  private final Formats formats;
  private final Words words;

  MemberRooms(
      MembershipRepository memberships,
      CohortRepository cohorts,
      Members members,
      ProjectTabs tabs,
      Formats formats,
      Words words) {
    this.memberships = memberships;
    this.cohorts = cohorts;
    this.members = members;
    this.tabs = tabs;
    this.formats = formats;
    this.words = words;
  }

  /// The form of the rules.
  record Typed(boolean restricted, String quota, String languages) {}

  /// Somebody who belongs to the project.
  record MemberRow(
      long id, String username, String displayName, String role, String judged, Chip labels) {}

  /// A cohort that belongs to it.
  record CohortRow(long id, String name, String members) {}

  @GetMapping(PEOPLE)
  String people(@PathVariable("projectId") long projectId, Model model) {
    return show(projectId, null, model);
  }

  @PostMapping(PEOPLE)
  String rules(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "restricted", defaultValue = "false") boolean restricted,
      @RequestParam(name = "quota", defaultValue = "") String typedQuota,
      @RequestParam(name = "languages", defaultValue = "") String typedLanguages,
      @AuthenticationPrincipal SignedInPerson self,
      HttpServletResponse response,
      RedirectAttributes flash,
      Model model) {
    try {
      @Nullable Integer quota = quota(typedQuota);
      List<String> languages = Languages.of(typedLanguages);
      members.set(self.personId(), projectId, restricted, quota, languages);
    } catch (IllegalArgumentException e) {
      model.addAttribute("notice", refused(e));
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      return show(projectId, new Typed(restricted, typedQuota, typedLanguages), model);
    }
    return back(projectId, Notice.of(Notice.Kind.GOOD, "member.rules.kept"), flash);
  }

  @PostMapping(PEOPLE + "/names")
  String add(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "username") String typedName,
      @RequestParam(name = "quota", defaultValue = "") String typedQuota,
      @AuthenticationPrincipal SignedInPerson self,
      RedirectAttributes flash) {
    String username = typedName.strip().toLowerCase(Locale.ROOT);
    Notice notice;
    try {
      notice =
          members.addPerson(self.personId(), projectId, username, quota(typedQuota))
              ? new Notice(Notice.Kind.GOOD, "member.added", List.of(username))
              : new Notice(Notice.Kind.BAD, "member.nobody", List.of(username));
    } catch (IllegalArgumentException e) {
      notice = refused(e);
    }
    return back(projectId, notice, flash);
  }

  @PostMapping(PEOPLE + "/names" + ID + "/remove")
  String remove(
      @PathVariable("projectId") long projectId,
      @PathVariable("id") long personId,
      @AuthenticationPrincipal SignedInPerson self,
      RedirectAttributes flash) {
    require(members.removePerson(self.personId(), projectId, personId));
    if (!memberships.maySee(projectId, self.personId())) {
      flash.addFlashAttribute("notice", Notice.of(Notice.Kind.GOOD, "member.left"));
      return "redirect:/projects";
    }
    return back(projectId, Notice.of(Notice.Kind.GOOD, "member.removed"), flash);
  }

  @PostMapping(PEOPLE + "/cohorts")
  String addCohort(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "cohort") long cohortId,
      @AuthenticationPrincipal SignedInPerson self,
      RedirectAttributes flash) {
    require(members.addCohort(self.personId(), projectId, cohortId));
    return back(projectId, Notice.of(Notice.Kind.GOOD, "member.cohort.added"), flash);
  }

  @PostMapping(PEOPLE + "/cohorts" + ID + "/remove")
  String removeCohort(
      @PathVariable("projectId") long projectId,
      @PathVariable("id") long cohortId,
      @AuthenticationPrincipal SignedInPerson self,
      RedirectAttributes flash) {
    require(members.removeCohort(self.personId(), projectId, cohortId));
    if (!memberships.maySee(projectId, self.personId())) {
      flash.addFlashAttribute("notice", Notice.of(Notice.Kind.GOOD, "member.left"));
      return "redirect:/projects";
    }
    return back(projectId, Notice.of(Notice.Kind.GOOD, "member.cohort.removed"), flash);
  }

  private static void require(boolean done) {
    if (!done) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
  }

  /// What is not a number, as the message of the exception that [Languages] throws for tags.
  private static @Nullable Integer quota(String typed) {
    String text = typed.strip();
    if (text.isEmpty()) {
      return null;
    }
    if (!text.matches("[0-9]{1,7}")) {
      throw new IllegalArgumentException(text);
    }
    int quota = Integer.parseInt(text);
    if (quota < 1 || quota > LARGEST_QUOTA) {
      throw new IllegalArgumentException(text);
    }
    return quota;
  }

  private static Notice refused(IllegalArgumentException e) {
    return new Notice(Notice.Kind.BAD, "member.rules.bad", List.of(String.valueOf(e.getMessage())));
  }

  private static String back(long projectId, Notice notice, RedirectAttributes flash) {
    flash.addFlashAttribute("notice", notice);
    return "redirect:/projects/" + projectId + "/people";
  }

  private String show(long projectId, @Nullable Typed typed, Model model) {
    Project project = tabs.open(projectId, "labelling", model);
    Membership membership = memberships.of(projectId);
    Integer quota = membership.quota();
    model.addAttribute(
        "typed",
        typed != null
            ? typed
            : new Typed(
                membership.restricted(),
                quota == null ? "" : String.valueOf(quota),
                Languages.text(membership.languages())));
    model.addAttribute("restricted", membership.restricted());
    model.addAttribute("people", membership.people().stream().map(this::row).toList());
    model.addAttribute(
        "cohorts",
        membership.cohorts().stream()
            .map(c -> new CohortRow(c.cohortId(), c.name(), formats.number(c.members())))
            .toList());
    List<Long> there = membership.cohorts().stream().map(Membership.Group::cohortId).toList();
    model.addAttribute(
        "others",
        cohorts.all().stream()
            .filter(cohort -> !there.contains(cohort.id()))
            .map(cohort -> new Option(String.valueOf(cohort.id()), cohort.name()))
            .toList());
    model.addAttribute(
        "crumbs",
        List.of(
            new Crumb(words.of("room.projects"), "/projects"),
            new Crumb(project.name(), "/projects/" + projectId),
            new Crumb(words.of("tab.labelling"), "/projects/" + projectId + "/labelling"),
            new Crumb(words.of("member.title"), null)));
    return "people/members";
  }

  private MemberRow row(Membership.Member member) {
    Integer quota = member.quota();
    return new MemberRow(
        member.personId(),
        member.username(),
        member.displayName(),
        words.of("role." + member.role()),
        quota == null
            ? formats.number(member.judged())
            : words.of("run.steps", formats.number(member.judged()), formats.number(quota)),
        member.labels()
            ? new Chip("good", words.of("member.labels"))
            : new Chip("neutral", words.of("member.looks")));
  }
}
