package org.alignmentworkbench.endurance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.alignmentworkbench.app.boot.WorkbenchApplication;
import org.alignmentworkbench.app.security.Accounts;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.task.GuidelineRepository;
import org.alignmentworkbench.db.task.Progress;
import org.alignmentworkbench.db.task.TaskRepository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/// Twenty people judge at once for minutes, against the whole server on its own PostgreSQL. At the
/// end every judgement that was acknowledged is there once, with what was sent, and nothing else
/// is.
@LongTest
class DeskSoakIT {
  private static final int CLIENTS = 20;
  private static final Duration LENGTH = Duration.ofMinutes(3);
  private static final int TASKS = 6000;
  private static final int OVERLAP = 4;
  private static final String PASSWORD = "seven quiet herons";

  @TempDir static Path home;

  @Test
  void twenty_people_judge_for_minutes_and_every_answer_of_the_desk_was_true() throws Exception {
    long seed = LongSeed.announced("soak of the desk");
    try (ConfigurableApplicationContext server = WorkbenchApplication.start(home, 0)) {
      JdbcClient jdbc = server.getBean(JdbcClient.class);
      TestProject project = TestProject.create(jdbc, TASKS);
      project.makeTasks(jdbc, OVERLAP);
      new GuidelineRepository(jdbc).publish(project.id(), "Be fair.");
      URI address = URI.create(WorkbenchApplication.url(server));
      Map<Long, DeskClient> clients = clients(server, address, seed);

      long started = System.nanoTime();
      long until = started + LENGTH.toNanos();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> working = new ArrayList<>();
        for (DeskClient client : clients.values()) {
          working.add(
              threads.submit(() -> {
                client.work(project.id(), until);
                return null;
              }));
        }
        for (Future<?> one : working) {
          one.get();
        }
      }
      double seconds = (System.nanoTime() - started) / 1e9;
      clients.values().forEach(DeskClient::close);
      check(jdbc, project, clients);
      long requests = clients.values().stream().mapToLong(DeskClient::requests).sum();
      long judgements = clients.values().stream().mapToLong(c -> c.given().size()).sum();
      System.out.println(
          "desk soak: %d people, %.0f s, %d requests (%.0f/s), %d judgements, %d skips"
              .formatted(
                  CLIENTS,
                  seconds,
                  requests,
                  requests / seconds,
                  judgements,
                  clients.values().stream().mapToLong(c -> c.skipped().size()).sum()));
      // All of them worked: nobody was shut out by the others.
      assertThat(clients.values()).allSatisfy(c -> assertThat(c.given()).isNotEmpty());
    }
  }

  private static Map<Long, DeskClient> clients(
      ConfigurableApplicationContext server, URI address, long seed) {
    // A cheap hash: the sign-in is not what is measured.
    String hash = "{bcrypt}" + new BCryptPasswordEncoder(4).encode(PASSWORD);
    Map<Long, DeskClient> clients = new HashMap<>();
    for (int i = 0; i < CLIENTS; i++) {
      Person person =
          server
              .getBean(Accounts.class)
              .create(null, "judge-" + i, "Judge " + i, Role.ANNOTATOR, false);
      server.getBean(PersonRepository.class).setPasswordHash(person.id(), hash);
      clients.put(person.id(), new DeskClient(address, "judge-" + i, PASSWORD, seed * CLIENTS + i));
    }
    return clients;
  }

  /// What the database holds of a judgement.
  private record Kept(long id, long slot, long task, long person, int strength) {}

  private static void check(JdbcClient jdbc, TestProject project, Map<Long, DeskClient> clients) {
    List<String> faults = clients.values().stream().flatMap(c -> c.faults().stream()).toList();
    assertThat(faults).isEmpty();

    // Acknowledged if and only if kept, by whom and with what was sent. The sides were turned back.
    List<Kept> expected = new ArrayList<>();
    clients.forEach((person, client) -> {
      for (DeskClient.Given given : client.given()) {
        expected.add(
            jdbc.sql("select task_id, a_left from slot where id = :slot")
                .param("slot", given.slot())
                .query((row, number) ->
                    new Kept(
                        given.judgement(),
                        given.slot(),
                        row.getLong("task_id"),
                        person,
                        row.getBoolean("a_left") ? given.strength() : -given.strength()))
                .single());
      }
    });
    List<Kept> kept =
        jdbc.sql("select id, slot_id, task_id, person_id, strength from judgement")
            .query((row, number) ->
                new Kept(
                    row.getLong("id"),
                    row.getLong("slot_id"),
                    row.getLong("task_id"),
                    row.getLong("person_id"),
                    row.getInt("strength")))
            .list();
    assertThat(kept).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(kept.stream().map(k -> k.task() + "/" + k.person())).doesNotHaveDuplicates();
    assertThat(kept.stream().map(Kept::slot)).doesNotHaveDuplicates();

    assertThat(count(jdbc, "select count(*) from skip"))
        .isEqualTo(clients.values().stream().mapToLong(c -> c.skipped().size()).sum());
    assertThat(
            count(
                jdbc,
                """
                select count(*)
                from skip k
                join judgement j on j.task_id = k.task_id and j.person_id = k.person_id
                """))
        .as("nobody judged what they had skipped")
        .isZero();
    assertThat(
            count(
                jdbc,
                """
                select count(*)
                from slot s
                where s.done <> exists (select from judgement j where j.slot_id = s.id)
                """))
        .as("a slot is done if and only if its judgement is there")
        .isZero();
    assertThat(
            count(
                jdbc, "select count(*) from draft d join slot s on s.id = d.slot_id where s.done"))
        .as("a judged slot has no draft")
        .isZero();
    Progress progress = new TaskRepository(jdbc).progress(project.id(), Instant.now());
    assertThat(progress.done()).isEqualTo(kept.size());
    assertThat(progress.done() + progress.missing()).isEqualTo((long) TASKS * OVERLAP);
    assertThat(progress.leased()).isLessThanOrEqualTo(CLIENTS);
  }

  private static long count(JdbcClient jdbc, String query) {
    return jdbc.sql(query).query(Long.class).single();
  }
}
