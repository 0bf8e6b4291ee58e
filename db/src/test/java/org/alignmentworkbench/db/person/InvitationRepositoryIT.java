package org.alignmentworkbench.db.person;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.TestProject;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

class InvitationRepositoryIT {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final Instant TOMORROW = NOON.plus(Duration.ofDays(1));

  @AutoClose static final TestDatabase database = TestDatabase.migrated(20);
  private final JdbcClient jdbc = database.jdbc();
  private final PersonRepository people = new PersonRepository(jdbc);
  private final CohortRepository cohorts = new CohortRepository(jdbc);
  private final InvitationRepository invitations = new InvitationRepository(jdbc);
  private long lead;
  private int made;

  @BeforeEach
  void aLead() {
    lead = person("lead");
  }

  private long person(String name) {
    return people
        .create(name + "-" + System.nanoTime() + made++, "Somebody", "x", Role.LEAD, false)
        .id();
  }

  private OneTimeToken invite(Long project, Long cohort) {
    OneTimeToken token = OneTimeToken.random();
    invitations.create(
        token,
        new Invitation.Wish("the night shift", Role.ANNOTATOR, project, cohort, lead, TOMORROW),
        NOON);
    return token;
  }

  private long count(String table) {
    return jdbc.sql("select count(*) from " + table).query(Long.class).single();
  }

  @Test
  void whoever_comes_belongs_to_the_project_and_the_cohort() {
    TestProject project = TestProject.create(jdbc, 1);
    long cohort = cohorts.named("night");
    assertThat(cohorts.named("night")).as("made once").isEqualTo(cohort);
    OneTimeToken token = invite(project.id(), cohort);
    long nadia = person("nadia");
    assertThat(invitations.use(token, nadia, NOON)).isTrue();
    assertThat(
            jdbc.sql("select person_id from project_person where project_id = ?")
                .param(project.id())
                .query(Long.class)
                .list())
        .containsExactly(nadia);
    assertThat(cohorts.all()).contains(new Cohort(cohort, "night", 1));
    Invitation invitation = invitations.find(token).orElseThrow();
    assertThat(invitation.state(NOON)).isEqualTo(Invitation.State.USED);
    assertThat(invitation.username()).startsWith("nadia-");
    assertThat(invitation.cohort()).isEqualTo("night");
  }

  @Test
  void of_twenty_who_come_at_once_one_gets_in() throws Exception {
    TestProject project = TestProject.create(jdbc, 1);
    for (int round = 0; round < 5; round++) {
      OneTimeToken token = invite(project.id(), null);
      List<Long> comers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        comers.add(person("comer"));
      }
      long before = count("project_person");
      CountDownLatch start = new CountDownLatch(1);
      List<Future<Boolean>> tries = new ArrayList<>();
      try (ExecutorService threads = Executors.newFixedThreadPool(20)) {
        for (long comer : comers) {
          tries.add(
              threads.submit(() -> {
                start.await();
                return invitations.use(token, comer, NOON);
              }));
        }
        start.countDown();
      }
      int in = 0;
      for (Future<Boolean> attempt : tries) {
        in += attempt.get() ? 1 : 0;
      }
      assertThat(in).isEqualTo(1);
      assertThat(count("project_person")).isEqualTo(before + 1);
    }
  }

  @Test
  void what_has_expired_or_was_taken_back_lets_nobody_in() {
    OneTimeToken late = invite(null, null);
    assertThat(invitations.use(late, person("late"), TOMORROW)).isFalse();
    assertThat(invitations.find(late).orElseThrow().state(TOMORROW))
        .isEqualTo(Invitation.State.EXPIRED);

    OneTimeToken token = invite(null, null);
    long id = invitations.find(token).orElseThrow().id();
    assertThat(invitations.revoke(id, person("other"), NOON)).as("another's").isFalse();
    assertThat(invitations.revoke(id, lead, NOON)).isTrue();
    assertThat(invitations.revoke(id, null, NOON)).as("a second time").isFalse();
    assertThat(invitations.use(token, person("guest"), NOON)).isFalse();
    assertThat(invitations.find(token).orElseThrow().state(NOON))
        .isEqualTo(Invitation.State.REVOKED);
    assertThat(invitations.use(OneTimeToken.random(), person("guest"), NOON)).isFalse();
  }

  @Test
  void what_was_used_cannot_be_taken_back() {
    OneTimeToken token = invite(null, null);
    assertThat(invitations.use(token, person("guest"), NOON)).isTrue();
    long id = invitations.find(token).orElseThrow().id();
    assertThat(invitations.revoke(id, null, NOON)).isFalse();
    assertThatThrownBy(() ->
            jdbc.sql("update invitation set revoked_at = now() where id = ?").param(id).update())
        .isInstanceOf(DataIntegrityViolationException.class);
  }

  @Test
  void a_lead_lists_their_own_and_an_administrator_all() {
    long first = invitations.find(invite(null, null)).orElseThrow().id();
    lead = person("second");
    long second = invitations.find(invite(null, null)).orElseThrow().id();
    assertThat(invitations.latest(lead, Long.MAX_VALUE, 50))
        .extracting(Invitation::id)
        .containsExactly(second);
    assertThat(invitations.latest(null, Long.MAX_VALUE, 2))
        .extracting(Invitation::id)
        .containsExactly(second, first);
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void a_lead_invites_to_what_does_not_lead_and_nobody_below_invites(Role given) {
    assertThat(Invitation.mayGive(Role.ADMIN, given)).isTrue();
    assertThat(Invitation.mayGive(Role.LEAD, given))
        .isEqualTo(given != Role.ADMIN && given != Role.LEAD);
    for (Role inviter : new Role[] {Role.ENGINEER, Role.ANNOTATOR, Role.VIEWER}) {
      assertThat(Invitation.mayGive(inviter, given)).isFalse();
    }
  }
}
