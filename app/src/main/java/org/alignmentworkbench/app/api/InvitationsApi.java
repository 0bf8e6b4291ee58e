package org.alignmentworkbench.app.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.alignmentworkbench.app.security.Account;
import org.alignmentworkbench.app.security.Invitations;
import org.alignmentworkbench.db.person.Cohort;
import org.alignmentworkbench.db.person.CohortRepository;
import org.alignmentworkbench.db.person.Invitation;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.project.MembershipRepository;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Inviting people by a one-time link: administrators to any role, leads to those that do not lead.
@Tag(name = "Invitations")
@RestController
class InvitationsApi {
  private static final String INVITATIONS = "/api/v1/invitations";
  private static final int LONGEST_DAYS = 30;
  private static final int USUAL_DAYS = 7;

  private final Invitations invitations;
  private final CohortRepository cohorts;
  private final MembershipRepository memberships;
  private final Clock clock;

  InvitationsApi(
      Invitations invitations,
      CohortRepository cohorts,
      MembershipRepository memberships,
      Clock clock) {
    this.invitations = invitations;
    this.cohorts = cohorts;
    this.memberships = memberships;
    this.clock = clock;
  }

  /// An invitation.
  ///
  /// @param username who has come by it
  record InvitationJson(
      long id,
      String forWhom,
      Role role,
      @Nullable String project,
      @Nullable String cohort,
      String inviter,
      Instant expiresAt,
      Invitation.State state,
      @Nullable String username) {
    static InvitationJson of(Invitation invitation, Instant now) {
      return new InvitationJson(
          invitation.id(),
          invitation.forWhom(),
          invitation.role(),
          invitation.project(),
          invitation.cohort(),
          invitation.inviter(),
          invitation.expiresAt(),
          invitation.state(now),
          invitation.username());
    }
  }

  /// An invitation to be made.
  ///
  /// @param forWhom a note to know it again by
  /// @param project they are let into, by number
  /// @param cohort they will belong to, by name; made where there is none
  /// @param days the link is good for, 1 to 30; 7 where it is left out
  record NewInvitation(
      @Nullable String forWhom,
      Role role,
      @Nullable Long project,
      @Nullable String cohort,
      @Nullable Integer days) {}

  /// The path of a one-time link, which is shown only here.
  record Link(String link) {
    /// Without the secret, which a record would print.
    @Override
    public String toString() {
      return "Link";
    }
  }

  @Operation(
      summary = "Lists your invitations, newest first; an administrator's list has everybody's")
  @GetMapping(INVITATIONS)
  Page<InvitationJson> list(
      @AuthenticationPrincipal Account self,
      @RequestParam(name = "before", defaultValue = "" + Long.MAX_VALUE) long before,
      @RequestParam(name = "limit", defaultValue = Page.USUAL) int limit) {
    Instant now = clock.instant();
    int most = Page.limit(limit);
    return Page.of(
        invitations.latest(self.personId(), Role.valueOf(self.role()), before, most + 1).stream()
            .map(invitation -> InvitationJson.of(invitation, now))
            .toList(),
        most,
        InvitationJson::id);
  }

  @Operation(summary = "Makes the one-time link of an invitation")
  @PostMapping(INVITATIONS)
  ResponseEntity<Link> invite(
      @RequestBody NewInvitation body, @AuthenticationPrincipal Account self) {
    String note = body.forWhom() == null ? "" : body.forWhom().strip();
    String cohort = body.cohort() == null ? "" : body.cohort().strip();
    int days = body.days() == null ? USUAL_DAYS : body.days();
    Role own = Role.valueOf(self.role());
    require(
        body.role() != null && Invitation.mayGive(own, body.role()),
        "role must be one that a person of role %s may give, was %s".formatted(own, body.role()));
    require(
        body.project() == null || memberships.maySee(body.project(), self.personId()),
        "there is no project " + body.project());
    require(plain(note, Invitation.LONGEST_NOTE), "forWhom must be one line, was '" + note + "'");
    require(plain(cohort, Cohort.LONGEST_NAME), "cohort must be one line, was '" + cohort + "'");
    require(
        cohorts.find(cohort).filter(id -> !cohorts.mayChange(id, self.personId())).isEmpty(),
        "cohort '%s' is not yours to change".formatted(cohort));
    require(
        days >= 1 && days <= LONGEST_DAYS,
        "days must be 1..%d, was %d".formatted(LONGEST_DAYS, days));
    String token =
        invitations
            .invite(
                self.personId(),
                own,
                new Invitations.Order(
                    note,
                    body.role(),
                    body.project(),
                    cohort.isEmpty() ? null : cohort,
                    Duration.ofDays(days)))
            .value();
    return ResponseEntity.status(HttpStatus.CREATED).body(new Link("/invitation?token=" + token));
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw Problems.refused(rule);
    }
  }

  private static boolean plain(String text, int longest) {
    return text.length() <= longest && text.chars().noneMatch(Character::isISOControl);
  }

  @Operation(summary = "Takes an open invitation back")
  @DeleteMapping(INVITATIONS + "/{invitationId:[0-9]{1,18}}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void revoke(@PathVariable("invitationId") long id, @AuthenticationPrincipal Account self) {
    if (!invitations.revoke(self.personId(), Role.valueOf(self.role()), id)) {
      throw Problems.notFound("you have no open invitation " + id);
    }
  }
}
