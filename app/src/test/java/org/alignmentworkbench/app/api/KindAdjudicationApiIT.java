package org.alignmentworkbench.app.api;

import static org.alignmentworkbench.app.api.Program.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import org.alignmentworkbench.app.AnsweredKinds;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.audit.AuditEvent;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.person.Scope;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// A lead's program decides of tasks that are no comparisons.
class KindAdjudicationApiIT {
  private static RunningServer server;
  private static AnsweredKinds answered;
  private static Program lead;

  @BeforeAll
  static void start() {
    server = new RunningServer("--workbench.worker=false");
    answered = new AnsweredKinds(server);
    lead = new Program(server, server.person("lena", Role.LEAD), EnumSet.of(Scope.LEAD));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String root() {
    return "/api/v1/projects/" + answered.projectId;
  }

  private static String list(String kind) {
    return root() + "/setups/" + answered.setups.get(kind) + "/adjudication";
  }

  private static String task(String kind) {
    return root() + "/tasks/" + answered.task(kind);
  }

  private static String verdict(JsonNode task, String decided) {
    StringBuilder judgements = new StringBuilder();
    task.path("judgements")
        .forEach(each ->
            judgements.append(judgements.isEmpty() ? "" : ", ").append(each.path("id").asLong()));
    return "{%s\"reason\": \"by the source\", \"judgements\": [%s]}".formatted(decided, judgements);
  }

  @Test
  void a_task_is_listed_looked_at_without_names_and_decided() {
    JsonNode waiting = json(lead.get(list("RANK")), 200);
    assertThat(waiting.path("kind").asString()).isEqualTo("RANK");
    assertThat(waiting.path("bound").asInt()).isOne();
    assertThat(waiting.path("open").asInt()).isOne();
    assertThat(waiting.at("/items/0/task").asLong()).isEqualTo(answered.task("RANK"));
    assertThat(waiting.at("/items/0/apart").asDouble()).isEqualTo(1.0);
    String path = task("RANK") + "/adjudication";
    JsonNode one = json(lead.get(path), 200);
    assertThat(one.toString()).doesNotContain("kind-one", "shown");
    assertThat(json(lead.get(path + "?named=true"), 200).toString()).contains("kind-one");
    assertThat(one.at("/question/ties").asBoolean()).isTrue();
    assertThat(one.at("/judgements/0/answer/places").size()).isEqualTo(2);
    String places = "\"answer\": {\"places\": [1, 2]}, ";
    assertThat(
            json(lead.post(path, verdict(one, places).replace("by the source", " ")), 422)
                .path("detail")
                .asString())
        .isEqualTo("reason must have 1 to 2000 characters, had 0");
    assertThat(
            json(lead.post(path, verdict(one, "\"answer\": {\"places\": [1, 3]}, ")), 422)
                .path("detail")
                .asString())
        .contains("places must begin at 1 and leave none out, are [1, 3]");
    json(
        lead.post(
            path, "{\"answer\": {\"places\": [1, 2]}, \"reason\": \"x\", \"judgements\": [1]}"),
        409);
    long kept = json(lead.post(path, verdict(one, places)), 200).path("decision").asLong();
    JsonNode decided = json(lead.get(path), 200);
    assertThat(decided.at("/decisions/0/id").asLong()).isEqualTo(kept);
    assertThat(decided.at("/decisions/0/answer/places").toString()).isEqualTo("[1,2]");
    assertThat(decided.at("/decisions/0/judgements").size()).isEqualTo(2);
    assertThat(json(lead.get(list("RANK")), 200).path("open").asInt()).isZero();
    assertThat(json(lead.get(list("RANK") + "?show=decided"), 200).path("items").size()).isOne();
    json(lead.get(list("RANK") + "?show=all"), 422);
    json(lead.post(path, verdict(one, "")), 200);
    assertThat(json(lead.get(path), 200).at("/decisions/0/answer").isNull()).isTrue();
    assertThat(server.bean(AuditRepository.class).latest(3))
        .extracting(AuditEvent::action)
        .contains("quality.adjudicate");
  }

  @Test
  void a_text_that_counts_a_rule_and_a_withdrawal() {
    String path = task("DEMONSTRATION") + "/adjudication";
    JsonNode one = json(lead.get(path), 200);
    long first = one.at("/judgements/0/id").asLong();
    json(lead.post(path, verdict(one, "\"answer\": {\"text\": \"mine\"}, ")), 422);
    json(lead.post(path, verdict(one, "\"counts\": " + first + ", ")), 200);
    assertThat(json(lead.get(path), 200).at("/decisions/0/counts").asLong()).isEqualTo(first);
    assertThat(lead.send("PUT", list("DEMONSTRATION") + "/rule", "{\"bound\": 3}").statusCode())
        .isEqualTo(204);
    assertThat(json(lead.get(list("DEMONSTRATION")), 200).path("open").asInt()).isZero();
    json(lead.send("PUT", list("DEMONSTRATION") + "/rule", "{\"bound\": 1}"), 422);
    json(lead.send("PUT", list("DEMONSTRATION") + "/rule", "{}"), 422);
    assertThat(json(lead.get(list("RED_TEAM")), 422).path("detail").asString())
        .contains("people ask different things");
    String attack = task("RED_TEAM");
    JsonNode attacked = json(lead.get(attack + "/adjudication"), 200);
    long gone = attacked.at("/judgements/0/id").asLong();
    String withdraw = attack + "/judgements/" + gone + "/withdraw";
    assertThat(lead.post(withdraw, "{\"note\": \"a slip\"}").statusCode()).isEqualTo(204);
    json(lead.post(withdraw, "{\"note\": \"a slip\"}"), 404);
    JsonNode after = json(lead.get(attack + "/adjudication"), 200);
    assertThat(after.path("judgements").size()).isOne();
    assertThat(after.at("/withdrawn/0/note").asString()).isEqualTo("a slip");
    assertThat(after.at("/withdrawn/0/name").isNull()).isTrue();
    json(lead.get(root() + "/tasks/999999/adjudication"), 404);
    json(lead.get(root() + "/setups/999999/adjudication"), 404);
  }
}
