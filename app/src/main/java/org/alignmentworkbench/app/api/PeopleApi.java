package org.alignmentworkbench.app.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.app.security.Account;
import org.alignmentworkbench.app.security.Accounts;
import org.alignmentworkbench.db.audit.AuditEvent;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.person.OneTimeToken;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.view.HoursView;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/// People and the audit trail, for administrators.
@Tag(name = "People")
@RestController
class PeopleApi {
  private static final String PEOPLE = "/api/v1/people";
  private static final String PERSON = PEOPLE + "/{personId:[0-9]{1,18}}";
  private static final String USERNAME = "[a-z0-9][a-z0-9._@-]{0,63}";
  private static final int LONGEST_DISPLAY_NAME = 120;
  private static final int MOST_DAYS = 3660;

  private final PersonRepository people;
  private final Accounts accounts;
  private final AuditRepository audit;
  private final HoursView hours;
  private final Formats formats;

  PeopleApi(
      PersonRepository people,
      Accounts accounts,
      AuditRepository audit,
      HoursView hours,
      Formats formats) {
    this.people = people;
    this.accounts = accounts;
    this.audit = audit;
    this.hours = hours;
    this.formats = formats;
  }

  /// A person.
  record PersonJson(
      long id,
      String username,
      String displayName,
      Role role,
      boolean scripted,
      boolean active,
      Instant createdAt) {
    static PersonJson of(Person person) {
      return new PersonJson(
          person.id(),
          person.username(),
          person.displayName(),
          person.role(),
          person.scripted(),
          person.active(),
          person.createdAt());
    }
  }

  /// A person to be added.
  record NewPerson(String username, String displayName, Role role) {}

  /// A person with the path of a one-time link that lets them in, which is shown only here.
  record Invited(PersonJson person, String link) {
    /// Without the secret, which a record would print.
    @Override
    public String toString() {
      return "Invited[" + person + "]";
    }
  }

  /// A role to be given.
  record NewRole(Role role) {}

  /// Whether the account is open.
  record Active(boolean active) {}

  /// A line of the audit trail.
  record EventJson(
      long id,
      Instant at,
      @Nullable String username,
      String action,
      String subject,
      Map<String, Object> detail) {
    static EventJson of(AuditEvent event) {
      return new EventJson(
          event.id(),
          event.at(),
          event.username(),
          event.action(),
          event.subject(),
          Json.object(event.detail()));
    }
  }

  @Operation(summary = "Lists people by number")
  @GetMapping(PEOPLE)
  Page<PersonJson> list(
      @RequestParam(name = "after", defaultValue = "0") long after,
      @RequestParam(name = "limit", defaultValue = Page.USUAL) int limit) {
    int most = Page.limit(limit);
    List<PersonJson> read =
        people.all().stream()
            .filter(person -> person.id() > after)
            .sorted(java.util.Comparator.comparingLong(Person::id))
            .limit(most + 1L)
            .map(PersonJson::of)
            .toList();
    return Page.of(read, most, PersonJson::id);
  }

  @Operation(
      summary = "Adds a person and makes the one-time link that lets them in",
      description = "The link is a path of this server. It is in this answer and nowhere else.")
  @PostMapping(PEOPLE)
  ResponseEntity<Invited> invite(
      @RequestBody NewPerson wish, @AuthenticationPrincipal Account admin) {
    String displayName = wish.displayName() == null ? "" : wish.displayName().strip();
    if (wish.username() == null || !wish.username().matches(USERNAME)) {
      throw Problems.refused(
          "username must match %s, was '%s'".formatted(USERNAME, wish.username()));
    }
    if (displayName.isEmpty() || displayName.length() > LONGEST_DISPLAY_NAME) {
      throw Problems.refused(
          "displayName must have 1 to %d characters, was '%s'"
              .formatted(LONGEST_DISPLAY_NAME, wish.displayName()));
    }
    if (wish.role() == null) {
      throw Problems.refused("role must be one of " + List.of(Role.values()) + ", was null");
    }
    try {
      Person person =
          accounts.create(admin.personId(), wish.username(), displayName, wish.role(), false);
      OneTimeToken token = accounts.link(admin.personId(), person, Accounts.LINK_LIFE);
      return ResponseEntity.status(HttpStatus.CREATED).body(invited(person, token));
    } catch (DuplicateKeyException e) {
      throw Problems.conflict("another person has the username '" + wish.username() + "'");
    }
  }

  private static Invited invited(Person person, OneTimeToken token) {
    return new Invited(PersonJson.of(person), "/link?token=" + token.value());
  }

  @Operation(summary = "Gives a person another role")
  @PutMapping(PERSON + "/role")
  PersonJson role(
      @PathVariable("personId") long personId,
      @RequestBody NewRole wish,
      @AuthenticationPrincipal Account admin) {
    Person person = find(personId);
    if (wish.role() == null) {
      throw Problems.refused("role must be one of " + List.of(Role.values()) + ", was null");
    }
    return done(personId, accounts.changeRole(admin.personId(), person, wish.role()));
  }

  @Operation(summary = "Closes or opens an account; closing ends its sessions and tokens")
  @PutMapping(PERSON + "/active")
  PersonJson active(
      @PathVariable("personId") long personId,
      @RequestBody Active wish,
      @AuthenticationPrincipal Account admin) {
    Person person = find(personId);
    return done(personId, accounts.changeActive(admin.personId(), person, wish.active()));
  }

  @Operation(
      summary = "Takes password, sessions and tokens away and gives a link to come back with")
  @PostMapping(PERSON + "/reset")
  Invited reset(@PathVariable("personId") long personId, @AuthenticationPrincipal Account admin) {
    Person person = find(personId);
    return invited(person, accounts.reset(admin.personId(), person));
  }

  @Operation(
      summary = "Takes a person's names away for good; what they judged stays",
      description = "409 where it cannot be done: of yourself, or a second time.")
  @PostMapping(PERSON + "/pseudonym")
  PersonJson pseudonym(
      @PathVariable("personId") long personId, @AuthenticationPrincipal Account admin) {
    Person person = find(personId);
    if (person.id() == admin.personId()
        || accounts.pseudonymise(admin.personId(), person).isEmpty()) {
      throw Problems.conflict("the names of person %d cannot be taken away".formatted(personId));
    }
    return PersonJson.of(find(personId));
  }

  @Operation(
      summary = "Lists how long people judged, by week and project",
      description = "from and to are dates, both included, in the server's zone.")
  @GetMapping("/api/v1/hours")
  List<HoursView.Line> hours(
      @RequestParam(name = "from") LocalDate from,
      @RequestParam(name = "to") LocalDate to,
      @AuthenticationPrincipal Account admin) {
    if (from.isAfter(to) || from.plusDays(MOST_DAYS).isBefore(to)) {
      throw Problems.refused(
          "from %s to %s is no span of at most %d days".formatted(from, to, MOST_DAYS));
    }
    audit.record(
        admin.personId(),
        "hours.export",
        "hours",
        JsonMapper.shared()
            .writeValueAsString(Map.of("from", from.toString(), "to", to.toString())));
    ZoneId zone = formats.zone();
    return hours.hours(
        from.atStartOfDay(zone).toInstant(), to.plusDays(1).atStartOfDay(zone).toInstant(), zone);
  }

  @Operation(summary = "Reads the audit trail, newest first")
  @GetMapping("/api/v1/audit")
  Page<EventJson> audit(
      @RequestParam(name = "before", defaultValue = "9223372036854775807") long before,
      @RequestParam(name = "limit", defaultValue = Page.USUAL) int limit) {
    int most = Page.limit(limit);
    return Page.of(
        audit.before(before, most + 1).stream().map(EventJson::of).toList(), most, EventJson::id);
  }

  private Person find(long id) {
    return people.find(id).orElseThrow(() -> Problems.notFound("there is no person " + id));
  }

  private PersonJson done(long personId, boolean done) {
    if (!done) {
      throw Problems.conflict("the last active administrator must stay one");
    }
    return PersonJson.of(find(personId));
  }
}
