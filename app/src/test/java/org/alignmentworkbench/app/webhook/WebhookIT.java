package org.alignmentworkbench.app.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignmentworkbench.app.AnsweredKinds;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.app.exchange.JudgementExport;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.alignmentworkbench.db.run.NewRun;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunRepository;
import org.alignmentworkbench.db.run.RunState;
import org.alignmentworkbench.db.webhook.Delivery;
import org.alignmentworkbench.db.webhook.WebhookRepository;
import org.alignmentworkbench.model.dataset.JudgementFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// Webhooks against a real server of HTTP on this machine, which the settings allow.
class WebhookIT {
  private static final Pattern SECRET = Pattern.compile("value=\"(awbwh_[A-Za-z0-9_-]{43})\"");
  private static final long PATIENCE = 30;

  /// What the other program got.
  private record Got(String path, Map<String, List<String>> headers, String body) {
    String header(String name) {
      return headers.getOrDefault(name, List.of("")).getFirst();
    }
  }

  private static final BlockingQueue<Got> GOT = new LinkedBlockingQueue<>();
  private static final AtomicInteger STATUS = new AtomicInteger(204);
  private static HttpServer other;
  private static RunningServer server;
  private static Browser lead;
  private static Project project;
  private static String page;

  @BeforeAll
  static void start() throws IOException {
    other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext("/", WebhookIT::answer);
    other.start();
    server = new RunningServer("--workbench.worker=false", "--workbench.webhooks.allow=" + host());
    server.person("lena", Role.LEAD);
    server.person("egon", Role.ENGINEER);
    lead = server.signedIn("lena");
  }

  private static String host() {
    return "localhost:" + other.getAddress().getPort();
  }

  @AfterAll
  static void stop() {
    server.close();
    other.stop(0);
  }

  @BeforeEach
  void freshProject() {
    GOT.clear();
    STATUS.set(204);
    project = server.bean(ProjectRepository.class).create("hooked " + System.nanoTime(), 1, "{}");
    page = "/projects/" + project.id() + "/webhooks";
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    GOT.add(new Got(exchange.getRequestURI().toString(), exchange.getRequestHeaders(), body));
    int status = STATUS.get();
    if (status == 302) {
      exchange.getResponseHeaders().add("Location", "http://" + host() + "/followed");
    }
    byte[] answer = status == 500 ? "no ".repeat(5000).getBytes(UTF_8) : new byte[0];
    exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private static HttpResponse<String> post(String path, Map<String, String> form) {
    return lead.post(path, form, lead.csrf("/account/password"));
  }

  private static String add(String path, String event) {
    HttpResponse<String> answer =
        post(page, Map.of("url", "http://" + host() + path, "event", event));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    Matcher secret = SECRET.matcher(answer.body());
    assertThat(secret.find()).isTrue();
    return secret.group(1);
  }

  private static Got got() throws InterruptedException {
    Got got = GOT.poll(PATIENCE, TimeUnit.SECONDS);
    assertThat(got).as("nothing came in time").isNotNull();
    return got;
  }

  private static Run run(String name) {
    return server
        .bean(RunRepository.class)
        .create(new NewRun(project.id(), name, "itecRound", "{}", 1, "0.1.0 test", "cpu-" + name));
  }

  private static Delivery last() {
    return server
        .bean(WebhookRepository.class)
        .deliveries(project.id(), Long.MAX_VALUE, 1)
        .getFirst();
  }

  private static Delivery settled() throws InterruptedException {
    for (int i = 0; i < 600 && last().status() == null && last().fault() == null; i++) {
      Thread.sleep(50);
    }
    return last();
  }

  @Test
  void each_event_of_a_run_is_told_once_and_signed() throws Exception {
    String secret = add("/hook?a=b", "run.failed");
    RunRepository runs = server.bean(RunRepository.class);
    Run run = run("one");
    runs.change(run.id(), RunState.RUNNING, "");
    runs.change(run.id(), RunState.FAILED, "step 3: the loss is NaN");
    Got got = got();
    assertThat(got.path()).isEqualTo("/hook?a=b");
    assertThat(got.header("X-workbench-event")).isEqualTo("run.failed");
    var body = JsonMapper.shared().readTree(got.body());
    assertThat(body.path("run").path("id").asLong()).isEqualTo(run.id());
    assertThat(body.path("run").path("detail").asString()).isEqualTo("step 3: the loss is NaN");
    assertThat(body.path("project").path("id").asLong()).isEqualTo(project.id());
    String signature = got.header("X-workbench-signature");
    long second = Long.parseLong(signature.replaceAll("t=([0-9]+),.*", "$1"));
    assertThat(signature)
        .isEqualTo(Signature.of(secret, Instant.ofEpochSecond(second), got.body().getBytes(UTF_8)));
    assertThat(settled().state()).isEqualTo(Delivery.State.DELIVERED);
    assertThat(GOT.poll(3, TimeUnit.SECONDS)).as("once").isNull();
    assertThat(lead.get(page).body()).doesNotContain(secret).contains("204");
  }

  @Test
  void a_round_that_waits_and_goes_on_and_an_export_are_told_to_who_asked_for_it()
      throws Exception {
    add("/waiting", "round.waiting");
    add("/complete", "round.complete");
    add("/export", "export.ready");
    RunRepository runs = server.bean(RunRepository.class);
    Run run = run("two");
    runs.change(run.id(), RunState.RUNNING, "");
    runs.change(run.id(), RunState.WAITING, "waiting for 3 judgements");
    assertThat(got().path()).isEqualTo("/waiting");
    runs.change(run.id(), RunState.QUEUED, "");
    assertThat(got().path()).isEqualTo("/complete");
    var _ =
        server.bean(JudgementExport.class).make(project, JudgementFormat.values()[0], false, null);
    Got export = got();
    assertThat(export.path()).isEqualTo("/export");
    assertThat(JsonMapper.shared().readTree(export.body()).path("export").path("judged").asInt())
        .isZero();
    runs.change(run.id(), RunState.RUNNING, "");
    runs.change(run.id(), RunState.COMPLETED, "");
    assertThat(GOT.poll(3, TimeUnit.SECONDS)).as("nobody asked for that").isNull();
  }

  @Test
  void a_file_of_answers_is_told_once_and_its_delivery_is_in_the_log() throws Exception {
    AnsweredKinds answered = new AnsweredKinds(server);
    String hooks = "/projects/" + answered.projectId + "/webhooks";
    assertThat(
            post(hooks, Map.of("url", "http://" + host() + "/answers", "event", "export.ready"))
                .statusCode())
        .isEqualTo(200);
    long setup = answered.setups.get("CHOICE");
    String file =
        "/projects/%d/labelling/setup/%d/answers.jsonl".formatted(answered.projectId, setup);
    assertThat(lead.get(file).statusCode()).isEqualTo(200);
    Got got = got();
    assertThat(got.path()).isEqualTo("/answers");
    assertThat(got.header("X-workbench-event")).isEqualTo("export.ready");
    var body = JsonMapper.shared().readTree(got.body());
    assertThat(body.at("/project/id").asLong()).isEqualTo(answered.projectId);
    assertThat(body.at("/export/setup").asLong()).isEqualTo(setup);
    assertThat(body.at("/export/format").asString()).isEqualTo("jsonl");
    assertThat(body.at("/export/judged").asInt()).isEqualTo(6);
    assertThat(body.at("/export/sha256").asString()).hasSize(64);
    assertThat(lead.get(file).statusCode()).isEqualTo(200);
    assertThat(GOT.poll(3, TimeUnit.SECONDS)).as("the same file again is no other").isNull();
    assertThat(lead.get(hooks).body()).contains("export.ready", "204");
    assertThat(
            server.bean(WebhookRepository.class).deliveries(answered.projectId, Long.MAX_VALUE, 10))
        .singleElement()
        .satisfies(delivery -> assertThat(delivery.state()).isEqualTo(Delivery.State.DELIVERED));
  }

  @Test
  void what_fails_waits_for_its_next_try_through_a_restart_and_can_be_sent_again()
      throws Exception {
    add("/fails", "run.finished");
    STATUS.set(500);
    RunRepository runs = server.bean(RunRepository.class);
    Run run = run("three");
    runs.change(run.id(), RunState.RUNNING, "");
    runs.change(run.id(), RunState.COMPLETED, "");
    got();
    Delivery failed = settled();
    assertThat(failed.state()).isEqualTo(Delivery.State.WAITING);
    assertThat(failed.status()).isEqualTo(500);
    assertThat(failed.answer()).as("cut").hasSizeLessThanOrEqualTo(WebhookClient.KEPT);
    assertThat(failed.nextAt()).isAfter(failed.at().plusSeconds(5));
    STATUS.set(200);
    // Due now, and the server is another one: what is to be sent lies in the database.
    server.context().getBean(WebhookSender.class).stop();
    server
        .database()
        .jdbc()
        .sql("update webhook_delivery set next_at = now() where id = :id")
        .param("id", failed.id())
        .update();
    GOT.clear();
    server.context().getBean(WebhookSender.class).start();
    Got second = got();
    assertThat(second.header("X-workbench-delivery")).isEqualTo(String.valueOf(failed.id()));
    for (int i = 0; i < 200 && last().state() != Delivery.State.DELIVERED; i++) {
      Thread.sleep(50);
    }
    assertThat(last().attempts()).isEqualTo(2);

    assertThat(post(page + "/deliveries/" + failed.id() + "/replay", Map.of()).statusCode())
        .isEqualTo(302);
    Got third = got();
    assertThat(third.body()).isEqualTo(second.body());
    assertThat(third.header("X-workbench-delivery")).isNotEqualTo(String.valueOf(failed.id()));
    assertThat(last().replayOf()).isEqualTo(failed.id());
  }

  @Test
  void a_redirect_is_not_followed() throws Exception {
    add("/moved", "run.failed");
    STATUS.set(302);
    RunRepository runs = server.bean(RunRepository.class);
    Run run = run("four");
    runs.change(run.id(), RunState.RUNNING, "");
    runs.change(run.id(), RunState.FAILED, "x");
    assertThat(got().path()).isEqualTo("/moved");
    assertThat(settled().status()).isEqualTo(302);
    assertThat(last().state()).isEqualTo(Delivery.State.WAITING);
    assertThat(GOT).noneMatch(got -> got.path().equals("/followed"));
  }

  @Test
  void addresses_in_private_networks_are_refused_at_the_form_or_when_they_are_resolved()
      throws Exception {
    for (String url : List.of("http://127.0.0.1/x", "file:///etc/passwd", "http://[::1]/", "x")) {
      HttpResponse<String> refused = post(page, Map.of("url", url, "event", "run.failed"));
      assertThat(refused.statusCode()).as(url).isEqualTo(422);
      assertThat(refused.body()).contains("Not added").doesNotContain("awbwh_");
    }
    // A name is looked at when it is used: what it leads to may change after the form.
    int port = other.getAddress().getPort();
    HttpResponse<String> taken =
        post(page, Map.of("url", "https://127.0.0.1:" + port + "/y", "event", "run.failed"));
    assertThat(taken.statusCode()).isEqualTo(200);
    RunRepository runs = server.bean(RunRepository.class);
    Run run = run("five");
    runs.change(run.id(), RunState.RUNNING, "");
    runs.change(run.id(), RunState.FAILED, "x");
    assertThat(settled().fault()).contains("leads to a private address");
    assertThat(GOT).isEmpty();
  }

  @Test
  void only_leads_and_only_of_their_own_project() {
    add("/mine", "run.failed");
    Browser engineer = server.signedIn("egon");
    assertThat(engineer.get(page).statusCode()).isEqualTo(404);
    long id = server.bean(WebhookRepository.class).ofProject(project.id()).getFirst().id();
    Project elsewhere =
        server.bean(ProjectRepository.class).create("elsewhere " + System.nanoTime(), 1, "{}");
    for (String action : List.of("/ping", "/remove")) {
      assertThat(
              post("/projects/" + elsewhere.id() + "/webhooks/" + id + action, Map.of())
                  .statusCode())
          .isEqualTo(404);
    }
    assertThat(post(page + "/" + id + "/remove", Map.of()).statusCode()).isEqualTo(302);
    assertThat(post(page + "/" + id + "/ping", Map.of()).statusCode()).isEqualTo(404);
    assertThat(server.bean(WebhookRepository.class).ofProject(project.id())).isEmpty();
  }
}
