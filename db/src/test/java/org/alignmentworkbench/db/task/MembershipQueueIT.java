package org.alignmentworkbench.db.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.person.CohortRepository;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.person.SpokenLanguages;
import org.alignmentworkbench.db.project.MembershipRepository;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.task.Claim.AllDoneByYou;
import org.alignmentworkbench.db.task.Claim.Claimed;
import org.alignmentworkbench.db.task.Claim.NothingLeft;
import org.alignmentworkbench.db.task.Claim.QuotaReached;
import org.alignmentworkbench.db.task.DeskReadings.QueueState;
import org.alignmentworkbench.db.task.SubmitOutcome.Accepted;
import org.alignmentworkbench.db.task.SubmitOutcome.NotLeased;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The queue deals a project only to those who may label it, and no more than their quota.
class MembershipQueueIT {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final Duration LEASE = Duration.ofMinutes(10);
  private static final Grades GOOD = new Grades(2, 2, 2, 2);
  private static final AtomicInteger NUMBER = new AtomicInteger();

  @AutoClose static final TestDatabase database = TestDatabase.migrated(20);
  private final JdbcClient jdbc = database.jdbc();
  private final Queue queue = new Queue(jdbc);
  private final DeskReadings readings = new DeskReadings(jdbc);
  // However long a count takes on a busy machine, the next is taken anew.
  private final OpenSlots open = new OpenSlots(jdbc, () -> 0);
  private final MembershipRepository memberships = new MembershipRepository(jdbc);
  private final CohortRepository cohorts = new CohortRepository(jdbc);
  private TestProject project;
  private long ada;
  private long bob;

  @BeforeEach
  void aProjectAndTwoPeople() {
    jdbc.sql("update person set active = false").update();
    memberships.releaseUnallowed();
    ada = person(Role.ANNOTATOR);
    bob = person(Role.ANNOTATOR);
    project = TestProject.create(jdbc, 6);
    project.makeTasks(jdbc, 2);
  }

  private long person(Role role) {
    return new PersonRepository(jdbc)
        .create("member" + NUMBER.incrementAndGet(), "Member", null, role, false)
        .id();
  }

  private String username(long person) {
    return new PersonRepository(jdbc).find(person).orElseThrow().username();
  }

  private void restrict(Integer quota, String... languages) {
    memberships.set(project.id(), true, quota, List.of(languages));
  }

  private Claim claim(long person) {
    return queue.claim(project.id(), person, NOON, LEASE);
  }

  private SubmitOutcome submit(long slot, long person) {
    return queue.submit(
        new Submission(slot, person, UUID.randomUUID(), 2, GOOD, GOOD, "", 4000, 1, false), NOON);
  }

  private void judge(long person) {
    assertThat(submit(((Claimed) claim(person)).slot().slotId(), person))
        .isInstanceOf(Accepted.class);
  }

  private List<Long> queues(long person) {
    return readings.queues(person, NOON).stream().map(QueueState::projectId).toList();
  }

  @Test
  void a_project_that_nobody_restricted_is_open() {
    assertThat(claim(ada)).isInstanceOf(Claimed.class);
    assertThat(queues(bob)).contains(project.id());
    assertThat(memberships.maySee(project.id(), bob)).isTrue();
    assertThat(memberships.maySee(424242, bob)).as("one that is not there").isFalse();
  }

  @Test
  void a_restricted_project_is_dealt_to_those_named_and_is_not_there_for_others() {
    restrict(null);
    assertThat(claim(ada)).isInstanceOf(NothingLeft.class);
    assertThat(queues(ada)).doesNotContain(project.id());
    assertThat(memberships.maySee(project.id(), ada)).isFalse();
    assertThat(memberships.addPerson(project.id(), username(ada), null)).contains(ada);
    assertThat(memberships.addPerson(project.id(), "nobody-at-all", null)).isEmpty();
    assertThat(claim(ada)).isInstanceOf(Claimed.class);
    assertThat(queues(ada)).contains(project.id());
    assertThat(claim(bob)).isInstanceOf(NothingLeft.class);
    assertThat(memberships.visible(bob)).extracting(Project::id).doesNotContain(project.id());
    assertThat(memberships.visible(ada)).extracting(Project::id).contains(project.id());
  }

  @Test
  void a_cohort_lets_its_people_in_and_out_again() {
    restrict(null);
    long evening = cohorts.named("evening " + NUMBER.incrementAndGet());
    assertThat(cohorts.add(evening, username(bob))).contains(bob);
    assertThat(claim(bob)).isInstanceOf(NothingLeft.class);
    assertThat(memberships.addCohort(project.id(), evening)).isTrue();
    assertThat(claim(bob)).isInstanceOf(Claimed.class);
    assertThat(claim(ada)).isInstanceOf(NothingLeft.class);
    assertThat(cohorts.remove(evening, bob)).isTrue();
    assertThat(memberships.maySee(project.id(), bob)).isFalse();
  }

  @Test
  void whoever_loses_a_project_loses_the_pair_in_hand_and_nothing_else() {
    restrict(null);
    memberships.addPerson(project.id(), username(ada), null);
    memberships.addPerson(project.id(), username(bob), null);
    judge(ada);
    long inHand = ((Claimed) claim(ada)).slot().slotId();
    long bobs = ((Claimed) claim(bob)).slot().slotId();
    memberships.removePerson(project.id(), ada);
    assertThat(memberships.releaseUnallowed()).isEqualTo(1);
    assertThat(queue.held(inHand, ada)).isEmpty();
    assertThat(submit(inHand, ada)).isInstanceOf(NotLeased.class);
    assertThat(queue.held(bobs, bob)).isPresent();
    assertThat(
            jdbc.sql("select count(*) from judgement where person_id = ?")
                .param(ada)
                .query(Long.class)
                .single())
        .isEqualTo(1);
  }

  @Test
  void an_administrator_sees_all_and_labels_what_they_belong_to() {
    restrict(null);
    long admin = person(Role.ADMIN);
    assertThat(memberships.maySee(project.id(), admin)).isTrue();
    assertThat(claim(admin)).isInstanceOf(NothingLeft.class);
    memberships.addPerson(project.id(), username(admin), null);
    assertThat(claim(admin)).isInstanceOf(Claimed.class);
  }

  @Test
  void whoever_only_looks_is_dealt_nothing_even_where_they_belong() {
    restrict(null);
    long viewer = person(Role.VIEWER);
    memberships.addPerson(project.id(), username(viewer), null);
    assertThat(memberships.maySee(project.id(), viewer)).isTrue();
    assertThat(memberships.mayLabel(project.id(), viewer)).isFalse();
    assertThat(claim(viewer)).isInstanceOf(NothingLeft.class);
  }

  @Test
  void a_quota_is_exact_and_ones_own_goes_before_the_projects() {
    restrict(2);
    memberships.addPerson(project.id(), username(ada), null);
    memberships.addPerson(project.id(), username(bob), 3);
    judge(ada);
    judge(ada);
    assertThat(claim(ada)).isEqualTo(new QuotaReached(2));
    QueueState state =
        readings.queues(ada, NOON).stream()
            .filter(q -> q.projectId() == project.id())
            .findFirst()
            .orElseThrow();
    assertThat(state.quotaReached()).isTrue();
    assertThat(state.waiting()).isZero();
    for (int i = 0; i < 3; i++) {
      judge(bob);
    }
    assertThat(claim(bob)).isEqualTo(new QuotaReached(3));
    restrict(4);
    assertThat(claim(ada)).isInstanceOf(Claimed.class);
  }

  @Test
  void a_quota_is_exact_when_one_person_asks_from_many_windows() throws Exception {
    restrict(3);
    memberships.addPerson(project.id(), username(ada), null);
    List<Future<?>> windows = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      for (int i = 0; i < 6; i++) {
        windows.add(
            threads.submit(() -> {
              for (int turn = 0; turn < 6; turn++) {
                if (claim(ada) instanceof Claimed(ClaimedSlot slot)) {
                  submit(slot.slotId(), ada);
                }
              }
            }));
      }
    }
    for (Future<?> window : windows) {
      window.get();
    }
    assertThat(
            jdbc.sql("select count(*) from judgement where person_id = ?")
                .param(ada)
                .query(Long.class)
                .single())
        .isEqualTo(3);
  }

  @Test
  void a_project_in_a_language_is_labelled_by_who_speaks_it() {
    memberships.set(project.id(), false, null, List.of("fi", "sv"));
    assertThat(claim(ada)).isInstanceOf(NothingLeft.class);
    jdbc.sql("insert into person_language (person_id, language) values (?, 'sv')")
        .param(ada)
        .update();
    assertThat(claim(ada)).isInstanceOf(Claimed.class);
    memberships.set(project.id(), false, null, List.of("fi"));
    assertThat(memberships.of(project.id()).languages()).containsExactly("fi");
    assertThat(memberships.releaseUnallowed()).isEqualTo(1);
    assertThat(claim(ada)).isInstanceOf(NothingLeft.class);
  }

  /// Six tasks, the first two of them in Finnish and the third in Brazilian Portuguese.
  private TestProject inLanguages() {
    TestProject some = TestProject.create(jdbc, 6);
    String[] languages = {"fi", "fi", "pt-br", null, null, null};
    for (int i = 0; i < languages.length; i++) {
      jdbc.sql("update prompt set language = ? where id = ?")
          .param(languages[i])
          .param(some.prompts().get(i).id())
          .update();
    }
    some.makeTasks(jdbc, 1);
    return some;
  }

  private void speaks(long person, String... languages) {
    new SpokenLanguages(jdbc).set(person, List.of(languages));
  }

  private int judgeAll(TestProject some, long person) {
    int judged = 0;
    while (queue.claim(some.id(), person, NOON, LEASE) instanceof Claimed(ClaimedSlot slot)) {
      assertThat(submit(slot.slotId(), person)).isInstanceOf(Accepted.class);
      judged++;
    }
    return judged;
  }

  @Test
  void a_slot_has_the_language_of_its_prompt() {
    TestProject some = inLanguages();
    assertThat(
            jdbc.sql(
                    """
                    select count(*)
                    from slot s
                    join task t on t.id = s.task_id
                    join prompt p on p.id = t.prompt_id
                    where s.project_id = ?
                      and s.language is not distinct from p.language
                    """)
                .param(some.id())
                .query(Long.class)
                .single())
        .isEqualTo(6);
  }

  @Test
  void a_person_is_dealt_the_languages_they_named_and_what_nobody_named() {
    TestProject some = inLanguages();
    speaks(ada, "en", "pt");
    assertThat(open.rounds(some.id(), Judges.PEOPLE, NOON).getFirst().byNobody())
        .as("Bob names no language, so he takes the Finnish ones")
        .isZero();
    assertThat(
            readings.queues(ada, NOON).stream()
                .filter(q -> q.projectId() == some.id())
                .findFirst()
                .orElseThrow()
                .waiting())
        .isEqualTo(4);
    // pt covers pt-br: three without a language, and that one.
    assertThat(judgeAll(some, ada)).isEqualTo(4);
    assertThat(queue.claim(some.id(), ada, NOON, LEASE)).isInstanceOf(AllDoneByYou.class);
    speaks(bob, "sv");
    assertThat(open.rounds(some.id(), Judges.PEOPLE, NOON).getFirst().byNobody()).isEqualTo(2);
    assertThat(judgeAll(some, bob)).isZero();
    speaks(bob, "fi", "sv");
    assertThat(judgeAll(some, bob)).isEqualTo(2);
    assertThat(queue.claim(some.id(), bob, NOON, LEASE)).isInstanceOf(NothingLeft.class);
  }

  @Test
  void a_narrower_tag_does_not_cover_the_wider_one() {
    TestProject some = inLanguages();
    jdbc.sql("update slot set language = 'pt' where language = 'pt-br'").update();
    speaks(ada, "pt-br");
    assertThat(judgeAll(some, ada)).isEqualTo(3);
  }

  @Test
  void a_slot_that_only_outsiders_could_take_can_be_judged_by_nobody() {
    assertThat(open.rounds(project.id(), Judges.PEOPLE, NOON).getFirst().byNobody()).isZero();
    restrict(null);
    memberships.addPerson(project.id(), username(ada), null);
    // Six tasks with two slots each, and one person who may take one of each.
    assertThat(open.rounds(project.id(), Judges.PEOPLE, NOON).getFirst().byNobody()).isEqualTo(6);
    memberships.addPerson(project.id(), username(bob), 1);
    assertThat(open.rounds(project.id(), Judges.PEOPLE, NOON).getFirst().byNobody()).isZero();
    judge(bob);
    // Bob may judge no other: of the five tasks he has not judged one slot each is nobody's.
    assertThat(open.rounds(project.id(), Judges.PEOPLE, NOON).getFirst().byNobody()).isEqualTo(5);
  }

  @Test
  void a_claim_walks_the_index_of_open_slots_and_asks_the_rules_once() {
    TestProject large = TestProject.create(jdbc, 1500);
    large.makeTasks(jdbc, 3);
    memberships.set(large.id(), true, 100, List.of());
    memberships.addPerson(large.id(), username(ada), null);
    jdbc.sql("analyze").update();
    String plan =
        String.join(
            "\n",
            jdbc.sql("explain (costs off) " + Queue.CLAIM)
                .param("projectId", large.id())
                .param("personId", ada)
                .param("qualifying", false)
                .param("now", NOON.atOffset(java.time.ZoneOffset.UTC))
                .param("until", NOON.atOffset(java.time.ZoneOffset.UTC))
                .query(String.class)
                .list());
    assertThat(plan).contains("Index Scan using slot_open on slot free");
    assertThat(plan).doesNotContain("Seq Scan on slot free", "Sort Key: free");
    assertThat(plan).as("decided before the scan").contains("One-Time Filter");
  }
}
