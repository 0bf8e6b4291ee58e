package org.alignmentworkbench.app.security;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.person.CohortRepository;
import org.alignmentworkbench.db.person.Invitation;
import org.alignmentworkbench.db.person.InvitationRepository;
import org.alignmentworkbench.db.person.OneTimeToken;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// Who is asked to come, and how they come in, each with its line in the audit trail.
///
/// An invitation is worth no more than its inviter: once they may not give its role any more, or
/// their account is closed, it lets nobody in.
@Component
public class Invitations {
  private final InvitationRepository invitations;
  private final CohortRepository cohorts;
  private final PersonRepository people;
  private final AuditRepository audit;
  private final PasswordEncoder passwords;
  private final TransactionTemplate transaction;
  private final Clock clock;

  Invitations(
      InvitationRepository invitations,
      CohortRepository cohorts,
      PersonRepository people,
      AuditRepository audit,
      PasswordEncoder passwords,
      TransactionTemplate transaction,
      Clock clock) {
    this.invitations = invitations;
    this.cohorts = cohorts;
    this.people = people;
    this.audit = audit;
    this.passwords = passwords;
    this.transaction = transaction;
    this.clock = clock;
  }

  /// What somebody wishes to send.
  ///
  /// @param forWhom a note to know it again by
  /// @param cohort a cohort's name, made where there is none; null for no cohort
  public record Order(
      String forWhom,
      Role role,
      @Nullable Long projectId,
      @Nullable String cohort,
      Duration life) {}

  /// A fresh link's token.
  ///
  /// @throws IllegalArgumentException when the inviter may not give the role
  public OneTimeToken invite(long by, Role inviter, Order order) {
    if (!Invitation.mayGive(inviter, order.role())) {
      throw new IllegalArgumentException(
          "a person of role " + inviter + " invites nobody as " + order.role());
    }
    return transaction.execute(status -> {
      OneTimeToken token = OneTimeToken.random();
      String cohort = order.cohort();
      @Nullable Long cohortId = cohort == null ? null : cohorts.named(cohort);
      if (cohortId != null && !cohorts.mayChange(cohortId, by)) {
        throw new IllegalArgumentException(
            "person " + by + " may put nobody into cohort " + cohortId);
      }
      long id =
          invitations.create(
              token,
              new Invitation.Wish(
                  order.forWhom(),
                  order.role(),
                  order.projectId(),
                  cohortId,
                  by,
                  clock.instant().plus(order.life())),
              clock.instant());
      record(by, "invitation.create", id, order.role());
      return token;
    });
  }

  /// The newest first: an administrator's list has everybody's.
  ///
  /// @param before only those of lower number
  public List<Invitation> latest(long by, Role role, long before, int limit) {
    return invitations.latest(role == Role.ADMIN ? null : by, before, limit);
  }

  /// False when there is no open invitation of this number that this person may take back.
  public boolean revoke(long by, Role role, long id) {
    return transaction.execute(status -> {
      boolean done = invitations.revoke(id, role == Role.ADMIN ? null : by, clock.instant());
      if (done) {
        audit.record(by, "invitation.revoke", "invitation " + id, "{}");
      }
      return done;
    });
  }

  /// An invitation that lets somebody in now, without using it.
  Optional<Invitation> usable(OneTimeToken token) {
    return invitations.find(token).filter(this::letsIn);
  }

  /// Makes the account and uses the invitation up, both or neither.
  ///
  /// @throws org.springframework.dao.DuplicateKeyException when the name is taken
  Optional<Account> accept(
      OneTimeToken token, String username, String displayName, String password) {
    String hash = passwords.encode(password);
    return transaction.execute(status -> {
      Optional<Invitation> invitation = usable(token);
      if (invitation.isEmpty()) {
        return Optional.empty();
      }
      Person person = people.create(username, displayName, hash, invitation.get().role(), false);
      if (!invitations.use(token, person.id(), clock.instant())) {
        // Somebody else was faster.
        status.setRollbackOnly();
        return Optional.empty();
      }
      record(person.id(), "invitation.use", invitation.get().id(), person.role());
      return Optional.of(Accounts.account(person));
    });
  }

  private boolean letsIn(Invitation invitation) {
    return invitation.state(clock.instant()) == Invitation.State.OPEN
        && people
            .find(invitation.invitedBy())
            .filter(Person::active)
            .filter(inviter -> Invitation.mayGive(inviter.role(), invitation.role()))
            .isPresent();
  }

  private void record(long by, String action, long id, Role role) {
    audit.record(
        by,
        action,
        "invitation " + id,
        JsonMapper.shared().writeValueAsString(Map.of("role", role.name())));
  }
}
