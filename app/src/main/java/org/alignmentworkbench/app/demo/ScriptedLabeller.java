package org.alignmentworkbench.app.demo;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.alignmentworkbench.synthetic.annotator.Grades;
import org.alignmentworkbench.synthetic.annotator.PairJudgement;
import org.alignmentworkbench.synthetic.annotator.ScriptedAnnotator;
import org.alignmentworkbench.synthetic.task.GeneratedTask;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One scripted annotator at the desk, over HTTP.
///
/// What it answers is a function of the task, the two texts and the number of the wanted judgement,
/// never of who it is or when it came: the order in which annotators take tasks changes nothing.
final class ScriptedLabeller implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient http;
  private final URI server;
  private final ScriptedAnnotator annotator;
  private final Function<String, GeneratedTask> taskOfPrompt;

  /// @param taskOfPrompt the task behind a prompt's text, which an annotator of this world knows
  ScriptedLabeller(
      URI server, ScriptedAnnotator annotator, Function<String, GeneratedTask> taskOfPrompt) {
    this.server = server;
    this.annotator = annotator;
    this.taskOfPrompt = taskOfPrompt;
    this.http =
        HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(Redirect.NEVER)
            .connectTimeout(PATIENCE)
            .build();
  }

  /// Opens the one-time link and presses its button.
  void signIn(String token) throws IOException, InterruptedException {
    String page = expect(200, http.send(page("/link?token=" + encoded(token)), text()));
    Element form = Jsoup.parse(page, server.toString()).selectFirst("form[action$=/link]");
    if (form == null) {
      throw new IOException("the sign-in link's page has no form");
    }
    Map<String, String> fields = new LinkedHashMap<>();
    for (Element field : form.select("input[name]")) {
      fields.put(field.attr("name"), field.attr("value"));
    }
    expect(302, http.send(post("/link", fields).build(), text()));
  }

  /// Judges tasks of a project until none is left for this person.
  ///
  /// @return how many judgements were given
  int labelAll(long projectId) throws IOException, InterruptedException {
    JsonNode session = json(expect(200, http.send(page("/session.json"), text())));
    int given = 0;
    while (true) {
      JsonNode next =
          json(expect(200, http.send(asJson("/label/next?project=" + projectId).build(), text())));
      if (!next.path("outcome").asString().equals("claimed")) {
        return given;
      }
      String address = "/label/" + next.path("slot").asLong();
      JsonNode pair = json(expect(200, http.send(asJson(address + ".json").build(), text())));
      HttpRequest.Builder judgement =
          post(address, judgement(pair))
              .header("Accept", "application/json")
              .header(session.path("csrfHeader").asString(), session.path("csrfToken").asString());
      expect(200, http.send(judgement.build(), text()));
      given++;
    }
  }

  private Map<String, String> judgement(JsonNode pair) {
    GeneratedTask task = taskOfPrompt.apply(pair.path("prompt").asString());
    PairJudgement judgement =
        annotator.judge(
            task,
            pair.path("left").asString(),
            pair.path("right").asString(),
            pair.path("ordinal").asInt());
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("key", UUID.randomUUID().toString());
    fields.put("strength", Integer.toString(judgement.strength()));
    fields.putAll(grades("left.", judgement.left()));
    fields.putAll(grades("right.", judgement.right()));
    fields.put("reason", judgement.reason());
    fields.put("activeMillis", "0");
    fields.put("guidelineVersion", pair.path("guidelineVersion").asString());
    return fields;
  }

  private static Map<String, String> grades(String side, Grades grades) {
    return Map.of(
        side + "instructionFollowing", Integer.toString(grades.instructionFollowing()),
        side + "concision", Integer.toString(grades.concision()),
        side + "truthfulness", Integer.toString(grades.truthfulness()),
        side + "harmlessness", Integer.toString(grades.harmlessness()));
  }

  private HttpRequest page(String address) {
    return request(address).build();
  }

  private HttpRequest.Builder asJson(String address) {
    return request(address).header("Accept", "application/json");
  }

  private HttpRequest.Builder post(String address, Map<String, String> fields) {
    String body =
        fields.entrySet().stream()
            .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    return request(address)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(body));
  }

  private HttpRequest.Builder request(String address) {
    return HttpRequest.newBuilder(server.resolve(address)).timeout(PATIENCE);
  }

  private static HttpResponse.BodyHandler<String> text() {
    return BodyHandlers.ofString(StandardCharsets.UTF_8);
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private static JsonNode json(String body) {
    return JsonMapper.shared().readTree(body);
  }

  private static String expect(int status, HttpResponse<String> response) throws IOException {
    if (response.statusCode() != status) {
      throw new IOException(
          response.request().method()
              + " "
              + response.request().uri().getPath()
              + " answered "
              + response.statusCode()
              + ", expected "
              + status);
    }
    return response.body();
  }

  @Override
  public void close() {
    http.close();
  }
}
