package org.alignmentworkbench.app.api;

import static org.alignmentworkbench.app.api.Program.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.app.SeededProject;
import org.alignmentworkbench.db.artifact.ContentHash;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.person.Scope;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What the API does beyond who may: the same as the pages, in JSON.
class ApiIT {
  private static RunningServer server;
  private static SeededProject seeded;
  private static Program engineer;
  private static Program admin;
  private static String project;

  @BeforeAll
  static void start() {
    server = new RunningServer("--workbench.worker=false");
    seeded = new SeededProject(server);
    project = "/api/v1/projects/" + seeded.projectId;
    engineer =
        new Program(server, server.person("egon", Role.ENGINEER), Set.of(Scope.READ, Scope.LEAD));
    admin = new Program(server, server.person("ada", Role.ADMIN), Set.of(Scope.ADMIN));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void a_list_is_walked_by_its_key_to_the_end_and_holds_each_once() {
    List<Long> seen = new ArrayList<>();
    String before = "";
    for (int parts = 0; parts < 20; parts++) {
      JsonNode page = json(engineer.get("/api/v1/runs?limit=3" + before), 200);
      page.path("items").forEach(run -> seen.add(run.path("id").asLong()));
      if (page.path("next").isNull()) {
        break;
      }
      assertThat(page.path("items").size()).isEqualTo(3);
      before = "&before=" + page.path("next").asLong();
    }
    List<Long> all =
        server
            .database()
            .jdbc()
            .sql("select id from run order by id desc")
            .query(Long.class)
            .list();
    assertThat(seen).isEqualTo(all);
    assertThat(json(engineer.get("/api/v1/runs?state=FAILED"), 200).path("items").size())
        .isEqualTo(1);
  }

  @Test
  void runs_are_found_by_a_part_of_name_or_message_and_by_when_they_were_made() {
    JsonNode failed = json(engineer.get("/api/v1/runs?text=LOSS%20is%20nan"), 200).path("items");
    assertThat(failed.size()).isEqualTo(1);
    assertThat(failed.path(0).path("id").asLong()).isEqualTo(seeded.failedRun);
    assertThat(json(engineer.get("/api/v1/runs?text=mdloo&state=COMPLETED"), 200).path("items"))
        .isEmpty();
    String made = failed.path(0).path("createdAt").asString();
    assertThat(json(engineer.get("/api/v1/runs?text=mdloo&from=" + made), 200).path("items"))
        .hasSize(1);
    assertThat(json(engineer.get("/api/v1/runs?text=mdloo&until=" + made), 200).path("items"))
        .isEmpty();
    assertThat(engineer.get("/api/v1/runs?from=yesterday").statusCode()).isEqualTo(400);
  }

  @Test
  void a_fault_names_value_rule_and_place() {
    assertThat(json(engineer.get("/api/v1/runs?limit=0"), 422).path("detail").asString())
        .isEqualTo("limit must be 1..200, was 0");
    assertThat(json(engineer.get("/api/v1/runs?state=LAZY"), 400).path("detail").asString())
        .startsWith("state must be one of QUEUED, RUNNING")
        .endsWith("was 'LAZY'");
    assertThat(json(engineer.get("/api/v1/runs?before=x"), 400).path("detail").asString())
        .isEqualTo("before must be a number, was 'x'");
    assertThat(
            json(engineer.post("/api/v1/projects", "{\"name\": \"x\", \"sed\": 1}"), 400)
                .path("detail")
                .asString())
        .contains("sed")
        .doesNotContain("org.alignmentworkbench");
    assertThat(json(engineer.post("/api/v1/projects", "{"), 400).path("detail").asString())
        .startsWith("the JSON body: ")
        .doesNotContain("java");
    HttpResponse<String> missing = engineer.get("/api/v1/projects/999999");
    assertThat(json(missing, 404).path("detail").asString())
        .isEqualTo("there is no project 999999");
    assertThat(missing.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/problem+json");
    assertThat(json(engineer.get("/api/v1/nowhere"), 404).path("detail").asString())
        .isEqualTo("nothing is here");
  }

  @Test
  void a_project_and_what_it_has_made_are_shown() {
    JsonNode shown = json(engineer.get(project), 200);
    assertThat(shown.path("name").asString()).isEqualTo("message-assistant");
    assertThat(shown.path("settings").path("overlap").asInt()).isEqualTo(3);
    JsonNode models = json(engineer.get(project + "/models?limit=2"), 200);
    assertThat(models.path("items").path(0).path("name").asString()).isEqualTo("base");
    JsonNode rest =
        json(engineer.get(project + "/models?after=" + models.path("next").asLong()), 200);
    assertThat(models.path("items").size() + rest.path("items").size())
        .as("as many as the seeded project registers")
        .isEqualTo(
            server
                .database()
                .jdbc()
                .sql("select count(*) from model where project_id = :p")
                .param("p", seeded.projectId)
                .query(Integer.class)
                .single());
    assertThat(json(engineer.get(project + "/datasets"), 200).path("items").size())
        .isGreaterThanOrEqualTo(3);
    assertThat(json(engineer.get(project + "/evaluations"), 200).size()).isEqualTo(8);
    // 300 comparisons, as the seeded project makes.
    assertThat(json(engineer.get(project + "/progress"), 200).path("tasks").asInt()).isEqualTo(300);
    assertThat(json(engineer.get(project + "/quality"), 200).has("dimensions")).isTrue();
    assertThat(json(engineer.get("/api/v1/lineage/" + seeded.policySha), 200).path("edges").size())
        .isPositive();
  }

  @Test
  void a_run_is_watched_by_the_keys_of_its_points_and_stopped_once() {
    String run = "/api/v1/runs/" + seeded.finishedRun;
    assertThat(json(engineer.get(run), 200).path("settings").path("beta").asDouble())
        .isEqualTo(0.05);
    JsonNode first = json(engineer.get(run + "/metrics?limit=100"), 200);
    assertThat(first.path("items").size()).isEqualTo(100);
    JsonNode next =
        json(engineer.get(run + "/metrics?limit=1&after=" + first.path("next").asLong()), 200);
    assertThat(next.path("items").path(0).path("seq").asLong())
        .isGreaterThan(first.path("items").path(99).path("seq").asLong());
    assertThat(json(engineer.get(run + "/log"), 200).path("items").size()).isEqualTo(30);

    String waiting = "/api/v1/runs/" + seeded.waitingRun;
    assertThat(json(engineer.post(waiting + "/stop", ""), 200).path("state").asString())
        .isEqualTo("STOPPED");
    assertThat(json(engineer.post(waiting + "/stop", ""), 409).path("detail").asString())
        .contains("is STOPPED");
    assertThat(json(engineer.post(waiting + "/restart", ""), 200).path("state").asString())
        .isEqualTo("QUEUED");
  }

  @Test
  void a_launch_with_a_key_launches_once_however_often_it_is_sent() throws Exception {
    String order =
        """
        {"job": "evaluation", "name": "api-once", "seed": 5}
        """;
    List<HttpResponse<String>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      List<Callable<HttpResponse<String>>> calls = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        calls.add(() -> engineer.post(project + "/runs", order, "Idempotency-Key", "once-1"));
      }
      for (Future<HttpResponse<String>> call : threads.invokeAll(calls)) {
        answers.add(call.get());
      }
    }
    assertThat(answers.stream().map(a -> json(a, 201).path("id").asLong()).distinct()).hasSize(1);
    assertThat(
            answers.stream().filter(a -> a.headers().firstValue("Idempotent-Replayed").isPresent()))
        .hasSize(5);
    assertThat(
            json(
                    engineer.post(
                        project + "/runs",
                        order.replace("\"seed\": 5", "\"seed\": 6"),
                        "Idempotency-Key",
                        "once-1"),
                    409)
                .path("detail")
                .asString())
        .contains("'once-1' belongs to another request");
    JsonNode taken = json(engineer.post(project + "/runs", order), 422);
    assertThat(taken.path("faults").has("name")).as(taken.toString()).isTrue();
  }

  @Test
  void a_refused_launch_names_every_broken_rule_and_leaves_its_key_free() {
    JsonNode refused =
        json(
            engineer.post(
                project + "/runs",
                """
                {"job": "itecRound", "name": "", "settings": {"nonsense": 1}}
                """,
                "Idempotency-Key",
                "refused-1"),
            422);
    assertThat(refused.path("faults").properties()).hasSizeGreaterThanOrEqualTo(2);
    assertThat(refused.toString()).contains("nonsense");
    assertThat(
            json(engineer.post(project + "/runs", "{\"job\": \"sleep\", \"name\": \"x\"}"), 422)
                .path("detail")
                .asString())
        .contains("job must be one of", "'sleep'");
    json(
        engineer.post(
            project + "/runs",
            """
            {"job": "evaluation", "name": "after a refusal"}
            """,
            "Idempotency-Key",
            "refused-1"),
        201);
  }

  @Test
  void judgements_go_out_and_come_in_as_on_the_page() {
    JsonNode made =
        json(engineer.post(project + "/judgements/exports", "{\"format\": \"csv\"}"), 201);
    HttpResponse<String> file = engineer.get(made.path("file").asString());
    assertThat(file.statusCode()).isEqualTo(200);
    assertThat(ContentHash.ofBytes(file.body().getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .isEqualTo(made.path("sha256").asString());
    assertThat(file.headers().firstValue("Content-Disposition").orElseThrow())
        .startsWith("attachment");
    assertThat(
            json(
                    engineer.post(
                        project + "/judgements/exports",
                        "{\"format\": \"csv\", \"withdrawn\": true}"),
                    201)
                .path("withdrawn")
                .asInt())
        .isZero();
    assertThat(
            json(
                    engineer.post(
                        project + "/judgements/exports",
                        "{\"format\": \"kto\", \"withdrawn\": true}"),
                    422)
                .path("detail")
                .asString())
        .contains("[csv, spreadsheet, parquet]", "'kto'");
    assertThat(
            json(engineer.post(project + "/judgements/exports", "{\"format\": \"xls\"}"), 422)
                .path("detail")
                .asString())
        .startsWith("format must be one of trl-preference, kto");

    String row = "{\"prompt\": \"One?\", \"chosen\": \"1.\", \"rejected\": \"2.\"}\n";
    JsonNode brought =
        json(
            engineer.post(
                project + "/judgements/imports?name=..%2F..%2Fetc%2Fpairs.jsonl",
                row,
                "Content-Type",
                "application/octet-stream"),
            201);
    assertThat(brought.path("fileName").asString()).isEqualTo("pairs.jsonl");
    assertThat(brought.path("state").asString()).isEqualTo("WAITING");
    assertThat(
            json(engineer.get(project + "/judgements/imports/" + brought.path("id").asLong()), 200)
                .path("runId")
                .asLong())
        .isPositive();
    assertThat(
            json(
                    engineer.post(
                        project + "/judgements/imports?name=empty",
                        "",
                        "Content-Type",
                        "application/octet-stream"),
                    422)
                .path("detail")
                .asString())
        .isEqualTo("empty is empty");
    assertThat(
            engineer
                .get("/api/v1/projects/999999/judgements/imports/" + brought.path("id").asLong())
                .statusCode())
        .isEqualTo(404);
  }

  @Test
  void an_administrator_adds_people_and_sees_who_did_what() {
    JsonNode invited =
        json(
            admin.post(
                "/api/v1/people",
                "{\"username\": \"nadia\", \"displayName\": \"Nadia\", \"role\": \"VIEWER\"}"),
            201);
    long id = invited.path("person").path("id").asLong();
    assertThat(invited.path("link").asString()).matches("/link\\?token=[A-Za-z0-9_-]{43}");
    assertThat(
            json(admin.send("PUT", "/api/v1/people/" + id + "/role", "{\"role\": \"LEAD\"}"), 200)
                .path("role")
                .asString())
        .isEqualTo("LEAD");
    json(admin.send("PUT", "/api/v1/people/" + id + "/active", "{\"active\": false}"), 200);
    assertThat(
            json(
                    admin.post(
                        "/api/v1/people",
                        "{\"username\": \"nadia\", \"displayName\": \"N\", \"role\": \"LEAD\"}"),
                    409)
                .path("detail")
                .asString())
        .contains("'nadia'");
    String trail = json(admin.get("/api/v1/audit?limit=20"), 200).toString();
    assertThat(trail).contains("person.create", "person.role", "person.disable");
    assertThat(trail).doesNotContain(invited.path("link").asString());
    Person last =
        server
            .bean(org.alignmentworkbench.db.person.PersonRepository.class)
            .findByUsername("ada")
            .orElseThrow();
    assertThat(
            json(
                    admin.send(
                        "PUT", "/api/v1/people/" + last.id() + "/active", "{\"active\": false}"),
                    409)
                .path("detail")
                .asString())
        .contains("last active administrator");
  }
}
