package org.alignmentworkbench.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.app.security.Account;
import org.alignmentworkbench.app.security.ApiTokens;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.person.Scope;
import org.alignmentworkbench.db.task.Claim.Claimed;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.db.task.Submission;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class HoursIT {
  private static final Grades GOOD = new Grades(2, 2, 2, 2);

  @AutoClose
  private static final RunningServer SERVER = new RunningServer("--workbench.worker=false");

  @Test
  void hours_come_out_as_a_table_in_which_no_name_is_a_formula_and_it_is_written_down() {
    SERVER.person("boss", Role.ADMIN);
    Person ada = SERVER.person("ada", Role.ANNOTATOR);
    SERVER.bean(PersonRepository.class).setDisplayName(ada.id(), "=HYPERLINK(\"x\",\"y\")");
    TestProject project = TestProject.create(SERVER.database().jdbc(), 3);
    project.makeTasks(SERVER.database().jdbc(), 1);
    Queue queue = SERVER.bean(Queue.class);
    // Wednesday 2026-11-25, of the week from the 23rd: 1,000,000 + 800,000 ms are half an hour.
    for (long activeMs : new long[] {1_000_000, 800_000}) {
      Instant at = Instant.parse("2026-11-25T10:00:00Z");
      long slot =
          ((Claimed) queue.claim(project.id(), ada.id(), at, Duration.ofMinutes(5)))
              .slot()
              .slotId();
      queue.submit(
          new Submission(slot, ada.id(), UUID.randomUUID(), 1, GOOD, GOOD, "", activeMs, 1, false),
          at);
    }
    Browser boss = SERVER.signedIn("boss");
    String span = "?from=2026-11-23&to=2026-11-29";
    assertThat(boss.get("/admin/hours" + span).body()).contains("0.50", "from 2026-11-23");
    var file = boss.get("/admin/hours.csv" + span);
    assertThat(file.headers().firstValue("Content-Disposition"))
        .hasValue("attachment; filename=\"hours-2026-11-23-2026-11-29.csv\"");
    assertThat(file.body())
        .startsWith("\uFEFFweek,username,name,project,judgements,hours,milliseconds\r\n")
        .contains("2026-11-23,ada,\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\",project ")
        .contains(",2,0.50,1800000\r\n");
    assertThat(boss.get("/admin/hours.csv?from=2026-11-30&to=2026-12-06").body().lines())
        .as("a week without judgements is a table without rows")
        .hasSize(1);
    assertThat(boss.get("/admin/hours?from=2026-11-30&to=2026-11-29").statusCode()).isEqualTo(400);
    assertThat(boss.get("/admin/audit").body()).contains("took hours out", "looked at hours");
  }

  @Test
  void who_looked_at_whose_work_is_written_down() {
    SERVER.person("watcher", Role.LEAD);
    SERVER.person("chief", Role.ADMIN);
    long project = TestProject.create(SERVER.database().jdbc(), 1).id();
    Browser lead = SERVER.signedIn("watcher");
    lead.get("/projects/" + project + "/quality");
    lead.get("/projects/424242/quality");
    String trail = SERVER.signedIn("chief").get("/admin/audit").body();
    assertThat(trail)
        .contains("looked at quality", "/projects/" + project + "/quality")
        .doesNotContain("/projects/424242/quality");
  }

  /// A program is no way around the trail, nor is a page beside those of quality.
  @Test
  void who_looked_is_written_down_whatever_they_looked_through() {
    Person lead = SERVER.person("looker", Role.LEAD);
    Person chief = SERVER.person("counter", Role.ADMIN);
    TestProject made = TestProject.create(SERVER.database().jdbc(), 2);
    made.makeTasks(SERVER.database().jdbc(), 1);
    String project = "/projects/" + made.id();
    Browser pages = SERVER.signedIn("looker");
    for (String path :
        List.of("/quality", "/quality/kinds", "/notes", "/adjudication", "/checks")) {
      assertThat(pages.get(project + path).statusCode()).as(path).isEqualTo(200);
      assertThat(seen(lead, project + path)).as(path).isOne();
    }
    assertThat(pages.get(project + "/people").statusCode()).isEqualTo(200);
    assertThat(seen(lead, project + "/people")).as("who belongs to it is no work").isZero();

    String program = secret(lead, Scope.READ, Scope.LEAD);
    String api = "/api/v1" + project;
    for (String path : List.of("/quality", "/notes", "/adjudication", "/checks")) {
      ask(program, "GET", api + path, 200);
      assertThat(seen(lead, api + path)).as(path).isOne();
    }
    ask(program, "GET", api + "/judgements/exports", 200);
    assertThat(seen(lead, api + "/judgements/exports")).as("a list of files is no file").isZero();
    String export = ask(program, "POST", api + "/judgements/exports", 201);
    String file = JsonMapper.shared().readTree(export).path("file").asString();
    ask(program, "GET", file, 200);
    assertThat(seen(lead, file)).isOne();

    String counting = secret(chief, Scope.ADMIN);
    for (String path : List.of("/api/v1/people", "/api/v1/hours", "/api/v1/audit")) {
      ask(counting, "GET", path + "?from=2026-11-23&to=2026-11-29", 200);
      assertThat(seen(chief, path)).as(path).isOne();
    }
    assertThat(SERVER.signedIn("counter").get("/admin/audit").body())
        .contains("looked at disputed judgements", "looked at checks");
  }

  /// It is written once the answer is out, which its reader may see before. The limit is what a
  /// test waits that expects none.
  private static long seen(Person person, String path) {
    long seen = noted(person, path);
    for (int i = 0; i < 40 && seen == 0; i++) {
      LockSupport.parkNanos(50_000_000);
      seen = noted(person, path);
    }
    return seen;
  }

  private static long noted(Person person, String path) {
    return SERVER
        .database()
        .jdbc()
        .sql("select count(*) from audit_event where person_id = :id and subject = :path")
        .param("id", person.id())
        .param("path", path)
        .query(Long.class)
        .single();
  }

  private static String secret(Person person, Scope... scopes) {
    Account account =
        new Account(
            person.id(), person.username(), person.displayName(), person.role().name(), false);
    return SERVER
        .bean(ApiTokens.class)
        .make(account, "program", Set.of(scopes), Duration.ofDays(1))
        .secret()
        .value();
  }

  private static String ask(String secret, String method, String path, int status) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create(SERVER.url() + path))
                  .header("Authorization", "Bearer " + secret)
                  .header("Content-Type", "application/json")
                  .method(
                      method,
                      method.equals("GET")
                          ? BodyPublishers.noBody()
                          : BodyPublishers.ofString("{\"format\":\"csv\"}"))
                  .build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(status);
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
