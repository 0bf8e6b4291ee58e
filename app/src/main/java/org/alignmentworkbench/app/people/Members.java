package org.alignmentworkbench.app.people;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.person.CohortRepository;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.SpokenLanguages;
import org.alignmentworkbench.db.project.MembershipRepository;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// Changes who belongs where, each with its line in the audit trail. Whoever loses a project loses
/// the pair in their hands with it; what they have judged stays.
@Component
public class Members {
  private final MembershipRepository memberships;
  private final CohortRepository cohorts;
  private final PersonRepository people;
  private final SpokenLanguages spoken;
  private final AuditRepository audit;
  private final TransactionTemplate transaction;

  Members(
      MembershipRepository memberships,
      CohortRepository cohorts,
      PersonRepository people,
      SpokenLanguages spoken,
      AuditRepository audit,
      TransactionTemplate transaction) {
    this.memberships = memberships;
    this.cohorts = cohorts;
    this.people = people;
    this.spoken = spoken;
    this.audit = audit;
    this.transaction = transaction;
  }

  /// Whoever restricts a project belongs to it: otherwise it would be gone for them too.
  public void set(
      long by,
      long projectId,
      boolean restricted,
      @Nullable Integer quota,
      List<String> languages) {
    changed(() -> {
      memberships.set(projectId, restricted, quota, languages);
      if (restricted && !memberships.maySee(projectId, by)) {
        people
            .find(by)
            .ifPresent(person -> memberships.addPerson(projectId, person.username(), null));
      }
      Map<String, Object> detail = new HashMap<>();
      detail.put("restricted", restricted);
      detail.put("quota", quota == null ? "none" : quota);
      detail.put("languages", Languages.text(languages));
      record(by, "membership.rules", projectId, detail);
      return true;
    });
  }

  /// False when nobody has this user name.
  public boolean addPerson(long by, long projectId, String username, @Nullable Integer quota) {
    return changed(() -> {
      Optional<Long> person = memberships.addPerson(projectId, username, quota);
      person.ifPresent(id -> record(by, "membership.add", projectId, Map.of("person", id)));
      return person.isPresent();
    });
  }

  public boolean removePerson(long by, long projectId, long personId) {
    return changed(() -> {
      boolean done = memberships.removePerson(projectId, personId);
      if (done) {
        record(by, "membership.remove", projectId, Map.of("person", personId));
      }
      return done;
    });
  }

  public boolean addCohort(long by, long projectId, long cohortId) {
    return changed(() -> {
      boolean done = memberships.addCohort(projectId, cohortId);
      if (done) {
        record(by, "membership.add", projectId, Map.of("cohort", cohortId));
      }
      return done;
    });
  }

  public boolean removeCohort(long by, long projectId, long cohortId) {
    return changed(() -> {
      boolean done = memberships.removeCohort(projectId, cohortId);
      if (done) {
        record(by, "membership.remove", projectId, Map.of("cohort", cohortId));
      }
      return done;
    });
  }

  public long makeCohort(long by, String name) {
    return transaction.execute(status -> {
      long id = cohorts.named(name);
      audit.record(by, "cohort.make", "cohort " + id, "{}");
      return id;
    });
  }

  public boolean addToCohort(long by, long cohortId, String username) {
    return changed(() -> {
      Optional<Long> person = cohorts.add(cohortId, username);
      person.ifPresent(
          id -> audit.record(by, "cohort.add", "cohort " + cohortId, "{\"person\":" + id + "}"));
      return person.isPresent();
    });
  }

  public boolean removeFromCohort(long by, long cohortId, long personId) {
    return changed(() -> {
      boolean done = cohorts.remove(cohortId, personId);
      if (done) {
        audit.record(by, "cohort.remove", "cohort " + cohortId, "{\"person\":" + personId + "}");
      }
      return done;
    });
  }

  /// The languages that somebody judges in.
  public void speak(long personId, List<String> languages) {
    changed(() -> {
      spoken.set(personId, languages);
      audit.record(
          personId,
          "person.languages",
          "person #" + personId,
          JsonMapper.shared().writeValueAsString(Map.of("languages", Languages.text(languages))));
      return true;
    });
  }

  private boolean changed(BooleanSupplier change) {
    return transaction.execute(status -> {
      boolean done = change.getAsBoolean();
      if (done) {
        memberships.releaseUnallowed();
      }
      return done;
    });
  }

  private void record(long by, String action, long projectId, Map<String, Object> detail) {
    audit.record(
        by, action, "project " + projectId, JsonMapper.shared().writeValueAsString(detail));
  }
}
