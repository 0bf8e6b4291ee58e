package org.alignmentworkbench.app.api;

import static org.alignmentworkbench.app.api.Program.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.app.SeededProject;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.person.Scope;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Programs at the desk.
class ApiLabelIT {
  private static final String GRADES =
      "{\"instructionFollowing\": 2, \"concision\": 1, \"truthfulness\": 0, \"harmlessness\": 2}";

  private static RunningServer server;
  private static SeededProject seeded;

  @BeforeAll
  static void start() {
    server = new RunningServer("--workbench.worker=false");
    seeded = new SeededProject(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Program annotator(String name) {
    return new Program(server, server.person(name, Role.ANNOTATOR), Set.of(Scope.LABEL));
  }

  private static JsonNode claim(Program program) {
    return json(
        program.post("/api/v1/label/claims", "{\"project\": " + seeded.projectId + "}"), 200);
  }

  private static String judgement(int strength) {
    return "{\"strength\": %d, \"left\": %s, \"right\": %s, \"reason\": \"short\", \"activeMillis\": 1200}"
        .formatted(strength, GRADES, GRADES);
  }

  @Test
  void a_task_is_claimed_drafted_judged_once_and_the_next_one_comes() {
    Program program = annotator("prog");
    JsonNode next = claim(program);
    assertThat(next.path("outcome").asString()).isEqualTo("claimed");
    long task = next.path("task").path("task").asLong();
    String path = "/api/v1/label/tasks/" + task;
    assertThat(claim(program).path("task").path("task").asLong()).as("one in hand").isEqualTo(task);
    json(program.send("PUT", path + "/draft", "{\"strength\": -2}"), 200);
    assertThat(json(program.get(path), 200).path("task").asLong()).isEqualTo(task);
    assertThat(json(program.get(path), 200).path("draft").path("strength").asInt()).isEqualTo(-2);
    json(program.post(path + "/heartbeat", ""), 200);

    String key = UUID.randomUUID().toString();
    long judgement =
        json(program.post(path + "/judgement", judgement(-3), "Idempotency-Key", key), 201)
            .path("judgement")
            .asLong();
    JsonNode again =
        json(program.post(path + "/judgement", judgement(-3), "Idempotency-Key", key), 200);
    assertThat(again.path("judgement").asLong()).isEqualTo(judgement);
    assertThat(again.path("repeated").asBoolean()).isTrue();
    assertThat(
            server
                .database()
                .jdbc()
                .sql(
                    "select case when a_left then strength else -strength end from judgement where id = :id")
                .param("id", judgement)
                .query(Integer.class)
                .single())
        .isEqualTo(-3);
    assertThat(claim(program).path("task").path("task").asLong()).isNotEqualTo(task);
    assertThat(program.get(path).statusCode()).as("judged and gone").isEqualTo(404);
  }

  @Test
  void a_task_is_flagged_and_the_lead_answers() {
    Program program = annotator("flagging");
    String path = "/api/v1/label/tasks/" + claim(program).path("task").path("task").asLong();
    String key = UUID.randomUUID().toString();
    String flag = "{\"kind\": \"FLAG\", \"reason\": \"BROKEN\"}";
    long note =
        json(program.post(path + "/notes", flag, "Idempotency-Key", key), 201)
            .path("note")
            .asLong();
    JsonNode again = json(program.post(path + "/notes", flag, "Idempotency-Key", key), 201);
    assertThat(again.path("note").asLong()).as("one key, one note").isEqualTo(note);
    json(program.post(path + "/notes", "{\"kind\": \"QUESTION\"}", "Idempotency-Key", key), 422);
    Program lead = new Program(server, server.person("boss", Role.LEAD), Set.of(Scope.LEAD));
    String notes = "/api/v1/projects/" + seeded.projectId + "/notes";
    JsonNode first = json(lead.get(notes + "?closed=false&kind=FLAG"), 200).path("items").get(0);
    assertThat(first.path("id").asLong()).isEqualTo(note);
    assertThat(first.path("reason").asString()).isEqualTo("BROKEN");
    String answers = notes + "/" + note + "/replies";
    String other = UUID.randomUUID().toString();
    json(lead.post(answers, "{\"close\": true}", "Idempotency-Key", other), 422);
    String answer = "{\"text\": \"Mended.\", \"close\": true}";
    assertThat(
            json(lead.post(answers, answer, "Idempotency-Key", other), 200)
                .path("closedBy")
                .asString())
        .isEqualTo("Shown boss");
    JsonNode own = json(program.get("/api/v1/label/notes"), 200).path("items").get(0);
    assertThat(own.path("closed").asBoolean()).isTrue();
    assertThat(own.path("fresh").asBoolean()).isTrue();
    assertThat(own.path("replies").get(0).path("text").asString()).isEqualTo("Mended.");
    assertThat(program.get(notes).statusCode()).isEqualTo(404);
  }

  @Test
  void the_last_judgement_is_taken_back_and_its_key_is_used() {
    Program program = annotator("undoing");
    String path = "/api/v1/label/tasks/" + claim(program).path("task").path("task").asLong();
    String key = UUID.randomUUID().toString();
    json(program.post(path + "/judgement", judgement(-3), "Idempotency-Key", key), 201);
    assertThat(json(program.post(path + "/undo", ""), 200).path("kind").asString())
        .isEqualTo("PAIR");
    assertThat(json(program.post(path + "/undo", ""), 200).path("repeated").asBoolean()).isTrue();
    JsonNode draft = json(program.get(path), 200).path("draft");
    assertThat(draft.path("strength").asInt()).isEqualTo(-3);
    assertThat(draft.path("reason").asString()).isEqualTo("short");
    json(program.post(path + "/judgement", judgement(-3), "Idempotency-Key", key), 409);
    String other = UUID.randomUUID().toString();
    json(program.post(path + "/judgement", judgement(2), "Idempotency-Key", other), 201);
    assertThat(annotator("undone").post(path + "/undo", "").statusCode()).isEqualTo(404);
  }

  @Test
  void what_is_not_a_judgement_is_refused_with_the_rule() {
    Program program = annotator("wrong");
    String path = "/api/v1/label/tasks/" + claim(program).path("task").path("task").asLong();
    String key = UUID.randomUUID().toString();
    assertThat(
            json(program.post(path + "/judgement", judgement(0), "Idempotency-Key", key), 422)
                .path("detail")
                .asString())
        .isEqualTo("strength must be -4 to -1 or 1 to 4, was 0");
    assertThat(
            json(
                    program.post(
                        path + "/judgement",
                        judgement(1).replace("\"concision\": 1", "\"concision\": 7"),
                        "Idempotency-Key",
                        key),
                    400)
                .path("detail")
                .asString())
        .contains("concision must be 0, 1 or 2, was 7");
    assertThat(
            json(
                    program.post(path + "/judgement", "{\"strength\": 1}", "Idempotency-Key", key),
                    422)
                .path("detail")
                .asString())
        .contains("left was not");
    for (String version : List.of("-1", "999999")) {
      assertThat(
              json(
                      program.post(
                          path + "/judgement",
                          judgement(1)
                              .replaceFirst("\\}$", ", \"guidelineVersion\": " + version + "}"),
                          "Idempotency-Key",
                          key),
                      422)
                  .path("detail")
                  .asString())
          .startsWith("guidelineVersion must be 0..")
          .endsWith("was " + version);
    }
    assertThat(program.post(path + "/judgement", judgement(1)).statusCode())
        .as("without a key")
        .isEqualTo(400);
    assertThat(
            json(program.post(path + "/skip", "{\"why\": \"lazy\"}"), 422)
                .path("detail")
                .asString())
        .contains("why must be one of cannotJudge");
  }

  @Test
  void a_task_in_somebody_elses_hands_does_not_exist() {
    Program one = annotator("one");
    Program other = annotator("other");
    String path = "/api/v1/label/tasks/" + claim(one).path("task").path("task").asLong();
    assertThat(other.get(path).statusCode()).isEqualTo(404);
    assertThat(other.post(path + "/heartbeat", "").statusCode()).isEqualTo(404);
    assertThat(other.send("PUT", path + "/draft", "{}").statusCode()).isEqualTo(404);
    assertThat(other.post(path + "/skip", "{\"why\": \"same\"}").statusCode()).isEqualTo(404);
    assertThat(other.send("DELETE", path, null).statusCode()).isEqualTo(404);
    assertThat(
            other
                .post(
                    path + "/judgement",
                    judgement(2),
                    "Idempotency-Key",
                    UUID.randomUUID().toString())
                .statusCode())
        .isEqualTo(404);
    assertThat(one.send("DELETE", path, null).statusCode()).isEqualTo(204);
    assertThat(one.get(path).statusCode()).isEqualTo(404);
  }

  /// Nothing that an annotator's program is sent in a whole session tells which model answered, in
  /// which order the comparison has its answers, or whether an answer is known to be right.
  @Test
  void a_whole_session_is_blind() {
    Program program = annotator("blind");
    json(program.get("/api/v1/me"), 200);
    json(program.get("/api/v1/label/queues"), 200);
    for (int i = 0; i < 12; i++) {
      JsonNode next = claim(program);
      String path = "/api/v1/label/tasks/" + next.path("task").path("task").asLong();
      json(program.get(path), 200);
      json(program.send("PUT", path + "/draft", "{\"strength\": 1}"), 200);
      if (i % 4 == 3) {
        assertThat(program.post(path + "/skip", "{\"why\": \"same\"}").statusCode()).isEqualTo(204);
      } else {
        json(
            program.post(
                path + "/judgement", judgement(1), "Idempotency-Key", UUID.randomUUID().toString()),
            201);
        program.post(
            path + "/judgement", judgement(2), "Idempotency-Key", UUID.randomUUID().toString());
      }
      program.get("/api/v1/projects/" + seeded.projectId + "/models");
      program.get("/api/v1/projects/" + seeded.projectId + "/quality");
    }
    String heard = program.heard();
    List<String> secrets =
        server
            .database()
            .jdbc()
            .sql(
                """
                select name from model where project_id = :p
                union select member from response where project_id = :p
                union select key from response where project_id = :p
                union select key from task where project_id = :p
                """)
            .param("p", seeded.projectId)
            .query(String.class)
            .list();
    assertThat(secrets).hasSizeGreaterThan(100);
    for (String secret : secrets) {
      assertThat(heard).doesNotContain("\"" + secret + "\"");
    }
    assertThat(heard)
        .contains("\"left\"", "\"prompt\"")
        .doesNotContainIgnoringCase("gold")
        .doesNotContainIgnoringCase("aLeft")
        .doesNotContainIgnoringCase("a_left")
        .doesNotContainIgnoringCase("model")
        .doesNotContainIgnoringCase("reward")
        .doesNotContainIgnoringCase("shuffle")
        .doesNotContainIgnoringCase("responseA")
        .doesNotContainIgnoringCase("promptKey");
  }
}
