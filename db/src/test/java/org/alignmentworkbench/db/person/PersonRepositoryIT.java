package org.alignmentworkbench.db.person;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.person.SignInLink.Purpose;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;

class PersonRepositoryIT {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

  @AutoClose static final TestDatabase database = TestDatabase.migrated();
  private final PersonRepository people = new PersonRepository(database.jdbc());
  private final SignInLinkRepository links = new SignInLinkRepository(database.jdbc());

  @BeforeEach
  void empty() {
    database.jdbc().sql("delete from sign_in_link").update();
    database.jdbc().sql("delete from person").update();
  }

  @Test
  void a_person_is_found_by_name_and_the_name_is_theirs_alone() {
    Person ada = people.create("ada", "Ada", "{hash}", Role.LEAD, false);
    assertThat(people.findByUsername("ada")).contains(ada);
    assertThat(people.find(ada.id())).contains(ada);
    assertThatThrownBy(() -> people.create("ada", "Other", null, Role.VIEWER, false))
        .isInstanceOf(DuplicateKeyException.class);
    assertThatThrownBy(() -> people.create("Not A Name", "Other", null, Role.VIEWER, false))
        .isInstanceOf(DataIntegrityViolationException.class);
    assertThat(ada.toString()).doesNotContain("hash");
  }

  /// A file's judge is found by a name that follows from project and judge.
  @Test
  void nobody_chooses_the_name_of_a_judge_whom_a_file_names() {
    assertThatThrownBy(() ->
            people.create(
                "imported-0123456789abcdef01234567", "Mallory", "x", Role.ANNOTATOR, false))
        .isInstanceOf(DuplicateKeyException.class);
    assertThat(people.create("important", "Ida", "x", Role.ANNOTATOR, false).id()).isPositive();
  }

  @Test
  void the_last_administrator_stays() {
    long ada = people.create("ada", "Ada", "x", Role.ADMIN, false).id();
    assertThat(people.setRole(ada, Role.VIEWER)).isFalse();
    assertThat(people.setActive(ada, false)).isFalse();
    assertThat(people.setRole(ada, Role.ADMIN)).isTrue();
    long bob = people.create("bob", "Bob", "x", Role.ADMIN, false).id();
    assertThat(people.setActive(ada, false)).isTrue();
    assertThat(people.setRole(bob, Role.LEAD)).isFalse();
    assertThat(people.setActive(ada, true)).isTrue();
    assertThat(people.setRole(bob, Role.LEAD)).isTrue();
    assertThat(people.countActiveAdmins()).isEqualTo(1);
  }

  @Test
  void two_administrators_who_demote_each_other_at_once_leave_one() throws Exception {
    for (int round = 0; round < 20; round++) {
      empty();
      long ada = people.create("ada", "Ada", "x", Role.ADMIN, false).id();
      long bob = people.create("bob", "Bob", "x", Role.ADMIN, false).id();
      try (ExecutorService both = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<Boolean> one = both.submit(() -> people.setRole(ada, Role.VIEWER));
        Future<Boolean> other = both.submit(() -> people.setRole(bob, Role.VIEWER));
        one.get();
        other.get();
      }
      assertThat(people.countActiveAdmins()).isEqualTo(1);
    }
  }

  @Test
  void a_link_lets_one_of_twenty_requests_in() throws Exception {
    OneTimeToken token = OneTimeToken.random();
    links.create(token, Purpose.SETUP, null, NOON.plusSeconds(60));
    List<Future<Boolean>> uses = new ArrayList<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        uses.add(callers.submit(() -> links.use(token, NOON).isPresent()));
      }
    }
    int entered = 0;
    for (Future<Boolean> use : uses) {
      entered += use.get() ? 1 : 0;
    }
    assertThat(entered).isEqualTo(1);
    assertThat(links.find(token).orElseThrow().usable(NOON)).isFalse();
  }

  @Test
  void a_link_expires_and_only_its_hash_is_kept() {
    OneTimeToken token = OneTimeToken.random();
    long ada = people.create("ada", "Ada", null, Role.ADMIN, false).id();
    links.create(token, Purpose.SIGN_IN, ada, NOON);
    assertThat(links.use(token, NOON)).isEmpty();
    assertThat(links.use(OneTimeToken.random(), NOON.minusSeconds(1))).isEmpty();
    assertThat(
            database.jdbc().sql("select token_hash from sign_in_link").query(String.class).list())
        .containsExactly(token.hash())
        .doesNotContain(token.value());
    // `printf abc | sha256sum` of coreutils 9.
    assertThat(new OneTimeToken("abc").hash())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }
}
