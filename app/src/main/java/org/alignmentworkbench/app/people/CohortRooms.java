package org.alignmentworkbench.app.people;

import java.util.List;
import java.util.Locale;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.person.Cohort;
import org.alignmentworkbench.db.person.CohortRepository;
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

/// Cohorts: people who are let into projects together. A lead changes those whose projects they all
/// see.
@Controller
class CohortRooms {
  private static final String MEMBERS = "/cohorts/{id:[0-9]{1,18}}/members";

  private final CohortRepository cohorts;
  private final Members members;
  private final Words words;

  CohortRooms(CohortRepository cohorts, Members members, Words words) {
    this.cohorts = cohorts;
    this.members = members;
    this.words = words;
  }

  /// Somebody in a cohort.
  record MemberRow(long id, String username, String displayName, String label) {}

  /// A cohort.
  record Row(long id, String name, String count, boolean yours, List<MemberRow> members) {}

  @GetMapping("/cohorts")
  String list(@AuthenticationPrincipal SignedInPerson self, Model model) {
    model.addAttribute("rows", cohorts.all().stream().map(cohort -> row(cohort, self)).toList());
    return "people/cohorts";
  }

  @PostMapping("/cohorts")
  String make(
      @RequestParam(name = "name") String typed,
      @AuthenticationPrincipal SignedInPerson self,
      RedirectAttributes flash) {
    String name = typed.strip();
    if (name.isEmpty()
        || name.length() > Cohort.LONGEST_NAME
        || name.chars().anyMatch(Character::isISOControl)) {
      return back(Notice.of(Notice.Kind.BAD, "invitation.cohort.bad"), flash);
    }
    members.makeCohort(self.personId(), name);
    return back(new Notice(Notice.Kind.GOOD, "cohort.made", List.of(name)), flash);
  }

  @PostMapping(MEMBERS)
  String add(
      @PathVariable("id") long id,
      @RequestParam(name = "username") String typed,
      @AuthenticationPrincipal SignedInPerson self,
      RedirectAttributes flash) {
    requireYours(id, self);
    String username = typed.strip().toLowerCase(Locale.ROOT);
    return back(
        members.addToCohort(self.personId(), id, username)
            ? new Notice(Notice.Kind.GOOD, "cohort.added", List.of(username))
            : new Notice(Notice.Kind.BAD, "cohort.notAdded", List.of(username)),
        flash);
  }

  @PostMapping(MEMBERS + "/{memberId:[0-9]{1,18}}/remove")
  String remove(
      @PathVariable("id") long id,
      @PathVariable("memberId") long memberId,
      @AuthenticationPrincipal SignedInPerson self,
      RedirectAttributes flash) {
    requireYours(id, self);
    if (!members.removeFromCohort(self.personId(), id, memberId)) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
    return back(Notice.of(Notice.Kind.GOOD, "cohort.removed"), flash);
  }

  private void requireYours(long id, SignedInPerson self) {
    boolean there = cohorts.all().stream().anyMatch(cohort -> cohort.id() == id);
    if (!there || !cohorts.mayChange(id, self.personId())) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
  }

  private static String back(Notice notice, RedirectAttributes flash) {
    flash.addFlashAttribute("notice", notice);
    return "redirect:/cohorts";
  }

  private Row row(Cohort cohort, SignedInPerson self) {
    boolean yours = cohorts.mayChange(cohort.id(), self.personId());
    return new Row(
        cohort.id(),
        cohort.name(),
        words.of("cohort.members", cohort.members()),
        yours,
        yours
            ? cohorts.members(cohort.id()).stream()
                .map(m ->
                    new MemberRow(
                        m.personId(),
                        m.username(),
                        m.displayName(),
                        words.of("cohort.remove.label", m.displayName(), cohort.name())))
                .toList()
            : List.of());
  }
}
