package org.alignmentworkbench.app.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Locale;
import org.alignmentworkbench.app.people.Languages;
import org.alignmentworkbench.app.people.Members;
import org.alignmentworkbench.app.security.Account;
import org.alignmentworkbench.db.person.Cohort;
import org.alignmentworkbench.db.person.CohortRepository;
import org.alignmentworkbench.db.project.Membership;
import org.alignmentworkbench.db.project.MembershipRepository;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Who may see and label a project, and the cohorts that people are let in by.
@Tag(name = "Members and cohorts")
@RestController
class MembersApi {
  private static final String MEMBERS = "/api/v1/projects/{projectId:[0-9]{1,18}}/members";
  private static final String COHORTS = "/api/v1/cohorts";
  private static final String COHORT_MEMBERS = COHORTS + "/{cohortId:[0-9]{1,18}}/members";
  private static final int LARGEST_QUOTA = 1_000_000;

  private final MembershipRepository memberships;
  private final CohortRepository cohorts;
  private final Members members;
  private final OpenProject open;

  MembersApi(
      MembershipRepository memberships,
      CohortRepository cohorts,
      Members members,
      OpenProject open) {
    this.memberships = memberships;
    this.cohorts = cohorts;
    this.members = members;
    this.open = open;
  }

  /// The rules of a project.
  ///
  /// @param restricted whether only members see it
  /// @param quota judgements that each may give; null for any number
  /// @param languages BCP 47 tags, one of which who labels must know; none for any
  record MemberRules(
      boolean restricted, @Nullable Integer quota, @Nullable List<String> languages) {}

  /// A person or a quota.
  record NewMember(String username, @Nullable Integer quota) {}

  /// A cohort by number.
  record NewGroup(long cohort) {}

  /// A cohort by name.
  record NewCohort(String name) {}

  /// A cohort.
  ///
  /// @param people null unless this person may change it
  record CohortJson(
      long id, String name, int members, @Nullable List<CohortRepository.Member> people) {}

  @Operation(summary = "Shows who may see and label a project")
  @GetMapping(MEMBERS)
  Membership show(@PathVariable("projectId") long projectId) {
    open.project(projectId);
    return memberships.of(projectId);
  }

  @Operation(summary = "Sets the rules; whoever restricts a project belongs to it")
  @PutMapping(MEMBERS + "/rules")
  Membership rules(
      @PathVariable("projectId") long projectId,
      @RequestBody MemberRules rules,
      @AuthenticationPrincipal Account self) {
    open.project(projectId);
    members.set(
        self.personId(),
        projectId,
        rules.restricted(),
        quota(rules.quota()),
        languages(rules.languages()));
    return memberships.of(projectId);
  }

  static List<String> languages(@Nullable List<String> tags) {
    try {
      return tags == null ? List.of() : Languages.of(String.join(" ", tags));
    } catch (IllegalArgumentException e) {
      throw Problems.refused(
          "languages must be %d tags of BCP 47 or fewer, had '%s'"
              .formatted(Languages.MOST, e.getMessage()));
    }
  }

  private static @Nullable Integer quota(@Nullable Integer quota) {
    if (quota != null && (quota < 1 || quota > LARGEST_QUOTA)) {
      throw Problems.refused("quota must be 1..%d, was %d".formatted(LARGEST_QUOTA, quota));
    }
    return quota;
  }

  @Operation(summary = "Lets a person into a project, or changes their quota")
  @PostMapping(MEMBERS + "/people")
  Membership add(
      @PathVariable("projectId") long projectId,
      @RequestBody NewMember body,
      @AuthenticationPrincipal Account self) {
    open.project(projectId);
    String username = name(body.username());
    if (!members.addPerson(self.personId(), projectId, username, quota(body.quota()))) {
      throw Problems.refused("nobody has the username '%s'".formatted(username));
    }
    return memberships.of(projectId);
  }

  private static String name(@Nullable String typed) {
    return typed == null ? "" : typed.strip().toLowerCase(Locale.ROOT);
  }

  @Operation(summary = "Takes a person out of a project; what they judged stays")
  @DeleteMapping(MEMBERS + "/people/{personId:[0-9]{1,18}}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(
      @PathVariable("projectId") long projectId,
      @PathVariable("personId") long personId,
      @AuthenticationPrincipal Account self) {
    open.project(projectId);
    if (!members.removePerson(self.personId(), projectId, personId)) {
      throw Problems.notFound("project %d has no member %d by name".formatted(projectId, personId));
    }
  }

  @Operation(summary = "Lets a cohort into a project")
  @PostMapping(MEMBERS + "/cohorts")
  Membership addCohort(
      @PathVariable("projectId") long projectId,
      @RequestBody NewGroup body,
      @AuthenticationPrincipal Account self) {
    open.project(projectId);
    if (!members.addCohort(self.personId(), projectId, body.cohort())) {
      throw Problems.notFound(
          "there is no cohort %d that project %d has not yet".formatted(body.cohort(), projectId));
    }
    return memberships.of(projectId);
  }

  @Operation(summary = "Takes a cohort out of a project")
  @DeleteMapping(MEMBERS + "/cohorts/{cohortId:[0-9]{1,18}}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void removeCohort(
      @PathVariable("projectId") long projectId,
      @PathVariable("cohortId") long cohortId,
      @AuthenticationPrincipal Account self) {
    open.project(projectId);
    if (!members.removeCohort(self.personId(), projectId, cohortId)) {
      throw Problems.notFound("project %d has no cohort %d".formatted(projectId, cohortId));
    }
  }

  @Operation(summary = "Lists cohorts, with the people of those that you may change")
  @GetMapping(COHORTS)
  List<CohortJson> cohorts(@AuthenticationPrincipal Account self) {
    return cohorts.all().stream().map(cohort -> json(cohort, self)).toList();
  }

  private CohortJson json(Cohort cohort, Account self) {
    boolean yours = cohorts.mayChange(cohort.id(), self.personId());
    return new CohortJson(
        cohort.id(), cohort.name(), cohort.members(), yours ? cohorts.members(cohort.id()) : null);
  }

  @Operation(summary = "Makes a cohort, or finds the one of that name")
  @PostMapping(COHORTS)
  CohortJson make(@RequestBody NewCohort body, @AuthenticationPrincipal Account self) {
    String name = body.name() == null ? "" : body.name().strip();
    if (name.isEmpty()
        || name.length() > Cohort.LONGEST_NAME
        || name.chars().anyMatch(Character::isISOControl)) {
      throw Problems.refused(
          "name must be one line of 1 to %d characters, was '%s'"
              .formatted(Cohort.LONGEST_NAME, name));
    }
    return json(find(members.makeCohort(self.personId(), name)), self);
  }

  @Operation(summary = "Puts a person into a cohort")
  @PostMapping(COHORT_MEMBERS)
  CohortJson addMember(
      @PathVariable("cohortId") long cohortId,
      @RequestBody NewMember body,
      @AuthenticationPrincipal Account self) {
    requireYours(cohortId, self);
    String username = name(body.username());
    if (!members.addToCohort(self.personId(), cohortId, username)) {
      throw Problems.refused("nobody outside the cohort has the username '%s'".formatted(username));
    }
    return json(find(cohortId), self);
  }

  @Operation(summary = "Takes a person out of a cohort")
  @DeleteMapping(COHORT_MEMBERS + "/{personId:[0-9]{1,18}}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void removeMember(
      @PathVariable("cohortId") long cohortId,
      @PathVariable("personId") long personId,
      @AuthenticationPrincipal Account self) {
    requireYours(cohortId, self);
    if (!members.removeFromCohort(self.personId(), cohortId, personId)) {
      throw Problems.notFound("cohort %d has no member %d".formatted(cohortId, personId));
    }
  }

  private Cohort find(long id) {
    return cohorts.all().stream()
        .filter(cohort -> cohort.id() == id)
        .findFirst()
        .orElseThrow(() -> Problems.notFound("there is no cohort " + id));
  }

  private void requireYours(long id, Account self) {
    find(id);
    if (!cohorts.mayChange(id, self.personId())) {
      throw Problems.notFound("there is no cohort " + id);
    }
  }
}
