package org.alignmentworkbench.app.people;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.alignmentworkbench.annotation.page.Chip;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Moment;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.Option;
import org.alignmentworkbench.annotation.page.Shown;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.security.Invitations;
import org.alignmentworkbench.app.web.Pagers;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.person.Cohort;
import org.alignmentworkbench.db.person.CohortRepository;
import org.alignmentworkbench.db.person.Invitation;
import org.alignmentworkbench.db.person.OneTimeToken;
import org.alignmentworkbench.db.person.Role;
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
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/// Inviting people by a one-time link: administrators to any role, leads to those that do not lead.
@Controller
class InvitationRooms {
  /// How many days a link may be good.
  static final List<Integer> DAYS = List.of(1, 3, 7, 30);

  private static final int USUAL_DAYS = 7;
  private static final int LISTED = 100;

  private final Invitations invitations;
  private final CohortRepository cohorts;
  private final MembershipRepository memberships;
  private final Pagers pagers;
  private final Formats formats;
  private final Words words;
  private final Clock clock;

  InvitationRooms(
      Invitations invitations,
      CohortRepository cohorts,
      MembershipRepository memberships,
      Pagers pagers,
      Formats formats,
      Words words,
      Clock clock) {
    this.invitations = invitations;
    this.cohorts = cohorts;
    this.memberships = memberships;
    this.pagers = pagers;
    this.formats = formats;
    this.words = words;
    this.clock = clock;
  }

  /// An invitation of the list.
  record Row(
      long id,
      String forWhom,
      String role,
      String project,
      String cohort,
      String inviter,
      Moment until,
      Chip state,
      boolean open,
      String label) {}

  /// A link that was just made; shown once.
  record FreshLink(String address, String good) {}

  /// What the form holds.
  record Typed(String forWhom, String role, @Nullable Long project, String cohort, int days) {}

  @GetMapping("/invitations")
  String list(
      @RequestParam(name = "project", required = false) @Nullable Long project,
      @RequestParam(name = "before", defaultValue = "" + Long.MAX_VALUE) long before,
      @AuthenticationPrincipal SignedInPerson self,
      Model model) {
    return show(new Typed("", Role.ANNOTATOR.name(), project, "", USUAL_DAYS), before, self, model);
  }

  @PostMapping("/invitations")
  String invite(
      @RequestParam(name = "forWhom", defaultValue = "") String typedNote,
      @RequestParam(name = "role") Role role,
      @RequestParam(name = "project", required = false) @Nullable Long projectId,
      @RequestParam(name = "cohort", defaultValue = "") String typedCohort,
      @RequestParam(name = "days", defaultValue = "" + USUAL_DAYS) int days,
      @AuthenticationPrincipal SignedInPerson self,
      HttpServletRequest request,
      HttpServletResponse response,
      Model model) {
    String note = typedNote.strip();
    String cohort = typedCohort.strip();
    @Nullable String fault = fault(note, role, projectId, cohort, days, self);
    if (fault != null) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      model.addAttribute("notice", Notice.of(Notice.Kind.BAD, fault));
      return show(
          new Typed(typedNote, role.name(), projectId, typedCohort, days),
          Long.MAX_VALUE,
          self,
          model);
    }
    OneTimeToken token =
        invitations.invite(
            self.personId(),
            Role.valueOf(self.role()),
            new Invitations.Order(
                note, role, projectId, cohort.isEmpty() ? null : cohort, Duration.ofDays(days)));
    // In this answer alone: on the way through a redirect the token would lie in the session table.
    String address =
        ServletUriComponentsBuilder.fromContextPath(request)
            .path("/invitation")
            .queryParam("token", token.value())
            .toUriString();
    model.addAttribute(
        "freshLink", new FreshLink(address, formats.duration(Duration.ofDays(days))));
    model.addAttribute("notice", Notice.of(Notice.Kind.GOOD, "invitation.made"));
    return show(new Typed("", role.name(), projectId, cohort, days), Long.MAX_VALUE, self, model);
  }

  private @Nullable String fault(
      String note,
      Role role,
      @Nullable Long projectId,
      String cohort,
      int days,
      SignedInPerson self) {
    if (!Invitation.mayGive(Role.valueOf(self.role()), role)) {
      return "invitation.role.bad";
    }
    if (projectId != null && !memberships.maySee(projectId, self.personId())) {
      return "invitation.project.bad";
    }
    if (!plain(note, Invitation.LONGEST_NOTE)) {
      return "invitation.forWhom.bad";
    }
    if (!plain(cohort, Cohort.LONGEST_NAME)) {
      return "invitation.cohort.bad";
    }
    if (cohorts.find(cohort).filter(id -> !cohorts.mayChange(id, self.personId())).isPresent()) {
      return "cohort.notYours";
    }
    return DAYS.contains(days) ? null : "invitation.days.bad";
  }

  private static boolean plain(String text, int longest) {
    return text.length() <= longest && text.chars().noneMatch(Character::isISOControl);
  }

  @PostMapping("/invitations/{id:[0-9]{1,18}}/revoke")
  String revoke(
      @PathVariable("id") long id,
      @AuthenticationPrincipal SignedInPerson self,
      RedirectAttributes flash) {
    if (!invitations.revoke(self.personId(), Role.valueOf(self.role()), id)) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
    flash.addFlashAttribute("notice", Notice.of(Notice.Kind.GOOD, "invitation.revoked"));
    return "redirect:/invitations";
  }

  private String show(Typed typed, long before, SignedInPerson self, Model model) {
    Role own = Role.valueOf(self.role());
    model.addAttribute("typed", typed);
    model.addAttribute(
        "roles",
        Arrays.stream(Role.values())
            .filter(role -> Invitation.mayGive(own, role))
            .map(role -> new Option(role.name(), words.of("role." + role)))
            .toList());
    model.addAttribute(
        "projects", memberships.visible(self.personId()).stream().map(this::option).toList());
    model.addAttribute("cohorts", cohorts.all().stream().map(Cohort::name).toList());
    model.addAttribute(
        "days",
        DAYS.stream()
            .map(days -> new Option(String.valueOf(days), words.of("invitation.days", days)))
            .toList());
    Shown<Invitation> shown =
        Shown.of(invitations.latest(self.personId(), own, before, LISTED + 1), LISTED);
    model.addAttribute("rows", shown.rows().stream().map(this::row).toList());
    model.addAttribute(
        "pager", pagers.of("/invitations", "before", before, shown, Invitation::id, ""));
    return "people/invitations";
  }

  private Option option(Project project) {
    return new Option(String.valueOf(project.id()), project.name());
  }

  private Row row(Invitation invitation) {
    Invitation.State state = invitation.state(clock.instant());
    String project = invitation.project();
    String cohort = invitation.cohort();
    return new Row(
        invitation.id(),
        invitation.forWhom(),
        words.of("role." + invitation.role()),
        project == null ? Formats.NONE : project,
        cohort == null ? Formats.NONE : cohort,
        invitation.inviter(),
        formats.moment(invitation.expiresAt()),
        chip(invitation, state),
        state == Invitation.State.OPEN,
        words.of("invitation.revoke.label", invitation.id()));
  }

  private Chip chip(Invitation invitation, Invitation.State state) {
    String username = invitation.username();
    return switch (state) {
      case OPEN -> new Chip("info", words.of("invitation.state.open"));
      case USED ->
          new Chip("good", words.of("invitation.state.used", username == null ? "" : username));
      case REVOKED -> new Chip("neutral", words.of("invitation.state.revoked"));
      case EXPIRED -> new Chip("neutral", words.of("invitation.state.expired"));
    };
  }
}
