package org.alignmentworkbench.endurance;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A person at the desk over HTTP who does what people do: judge, skip, type and come back, press
/// twice, work in two windows, sign out. Every answer of the server is looked at; what must not be
/// is written down as a fault.
final class DeskClient implements AutoCloseable {
  private static final List<String> CRITERIA =
      List.of("instructionFollowing", "concision", "truthfulness", "harmlessness");

  private final HttpClient http =
      HttpClient.newBuilder()
          .cookieHandler(new CookieManager())
          .followRedirects(Redirect.NEVER)
          .connectTimeout(Duration.ofSeconds(30))
          .build();
  private final URI server;
  private final String username;
  private final String password;
  private final SplittableRandom random;
  private final List<Given> given = new ArrayList<>();
  private final List<Long> skipped = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private long requests;
  private String csrf = "";

  DeskClient(URI server, String username, String password, long seed) {
    this.server = server;
    this.username = username;
    this.password = password;
    this.random = new SplittableRandom(seed);
  }

  /// A judgement that the server said it has taken.
  ///
  /// @param strength in terms of left and right, as it was sent
  record Given(long slot, long judgement, int strength) {}

  /// Works until a moment or until nothing is left for this person.
  void work(long project, long untilNanos) throws IOException, InterruptedException {
    signIn();
    while (System.nanoTime() < untilNanos) {
      JsonNode next = next(project);
      String outcome = next.path("outcome").asString();
      if (outcome.equals("all-leased")) {
        Thread.sleep(50);
        continue;
      }
      if (!outcome.equals("claimed")) {
        return;
      }
      meet(project, next.path("slot").asLong());
    }
  }

  private void meet(long project, long slot) throws IOException, InterruptedException {
    int mood = random.nextInt(100);
    JsonNode pair = json(get("/label/" + slot + ".json"), 200);
    if (pair.path("ordinal").isMissingNode()) {
      faults.add("slot " + slot + " has no pair: " + pair);
    }
    if (mood < 60) {
      judge(slot, form());
    } else if (mood < 70) {
      judgeTwiceAtOnce(slot);
    } else if (mood < 75) {
      Map<String, String> form = form();
      judge(slot, form);
      again(slot, form);
    } else if (mood < 85) {
      skip(slot);
    } else if (mood < 90) {
      draft(slot);
      judge(slot, form());
    } else if (mood < 95) {
      comeBack(project, slot);
      judge(slot, form());
    } else if (mood < 98) {
      twoWindows(project, slot);
      judge(slot, form());
    } else {
      signOut();
      signIn();
      comeBack(project, slot);
      judge(slot, form());
    }
  }

  private void judge(long slot, Map<String, String> form) throws IOException, InterruptedException {
    keep(slot, form, post("/label/" + slot, form));
  }

  private void keep(long slot, Map<String, String> form, HttpResponse<String> answer) {
    JsonNode outcome = json(answer, 200);
    if (!outcome.path("outcome").asString().equals("accepted")
        || outcome.path("repeated").asBoolean()) {
      faults.add("a first judgement of slot " + slot + " was answered " + answer.body());
      return;
    }
    given.add(
        new Given(
            slot, outcome.path("judgement").asLong(), Integer.parseInt(form.get("strength"))));
  }

  /// An impatient hand: both posts carry one key, so they are one judgement.
  private void judgeTwiceAtOnce(long slot) {
    Map<String, String> form = form();
    List<HttpResponse<String>> answers =
        List.of(send(posting("/label/" + slot, form)), send(posting("/label/" + slot, form)))
            .stream()
            .map(CompletableFuture::join)
            .toList();
    requests += 2;
    List<Long> judgements =
        answers.stream().map(answer -> json(answer, 200).path("judgement").asLong(-1)).toList();
    if (!judgements.getFirst().equals(judgements.getLast()) || judgements.getFirst() < 0) {
      faults.add(
          "one key for slot "
              + slot
              + " gave "
              + answers.stream().map(HttpResponse::body).toList());
      return;
    }
    given.add(new Given(slot, judgements.getFirst(), Integer.parseInt(form.get("strength"))));
  }

  /// The same post later is the same judgement; another key for what is done is turned away.
  private void again(long slot, Map<String, String> form) throws IOException, InterruptedException {
    JsonNode repeated = json(post("/label/" + slot, form), 200);
    if (!repeated.path("repeated").asBoolean()
        || repeated.path("judgement").asLong() != given.getLast().judgement()) {
      faults.add("a repeated judgement of slot " + slot + " was answered " + repeated);
    }
    int status = post("/label/" + slot, form()).statusCode();
    if (status != 409 && status != 404) {
      faults.add("a second judgement of slot " + slot + " was answered " + status);
    }
  }

  private void skip(long slot) throws IOException, InterruptedException {
    JsonNode outcome = json(post("/label/" + slot + "/skip", Map.of("why", "same")), 200);
    if (!outcome.path("outcome").asString().equals("skipped")) {
      faults.add("skipping slot " + slot + " was answered " + outcome);
    }
    skipped.add(slot);
  }

  private void draft(long slot) throws IOException, InterruptedException {
    HttpRequest put =
        asked("/label/" + slot + "/draft")
            .header("Content-Type", "application/json")
            .header("X-CSRF-TOKEN", csrf)
            .PUT(BodyPublishers.ofString("{\"strength\":2,\"reason\":\"not sure yet\"}"))
            .build();
    json(send(put).join(), 200);
    requests++;
    String page = get("/label/" + slot, "text/html").body();
    if (!page.contains("not sure yet")) {
      faults.add("the draft of slot " + slot + " is not in its page");
    }
  }

  /// Whoever leaves a pair and asks for the next one gets it back.
  private void comeBack(long project, long slot) throws IOException, InterruptedException {
    JsonNode next = next(project);
    if (next.path("slot").asLong() != slot) {
      faults.add("who holds slot " + slot + " was given " + next);
    }
  }

  private void twoWindows(long project, long slot) {
    String path = "/label/next?project=" + project;
    for (HttpResponse<String> answer :
        List.of(send(asked(path).build()), send(asked(path).build())).stream()
            .map(CompletableFuture::join)
            .toList()) {
      if (json(answer, 200).path("slot").asLong() != slot) {
        faults.add("a second window of who holds slot " + slot + " was given " + answer.body());
      }
    }
    requests += 2;
  }

  private void signIn() throws IOException, InterruptedException {
    String token =
        Jsoup.parse(get("/sign-in", "text/html").body()).select("input[name=_csrf]").val();
    HttpResponse<String> in =
        http.send(
            request("/sign-in")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(
                    BodyPublishers.ofString(
                        body(Map.of("username", username, "password", password, "_csrf", token))))
                .build(),
            BodyHandlers.ofString(UTF_8));
    requests++;
    if (in.statusCode() != 302) {
      faults.add("signing in was answered " + in.statusCode());
    }
    csrf = json(get("/session.json"), 200).path("csrfToken").asString();
  }

  private void signOut() throws IOException, InterruptedException {
    HttpResponse<String> out = post("/sign-out", Map.of());
    if (out.statusCode() >= 400) {
      faults.add("signing out was answered " + out.statusCode());
    }
    if (get("/label/next").statusCode() != 401) {
      faults.add("the desk opened to somebody who had signed out");
    }
  }

  private JsonNode next(long project) throws IOException, InterruptedException {
    return json(get("/label/next?project=" + project), 200);
  }

  private Map<String, String> form() {
    Map<String, String> form = new HashMap<>();
    form.put("key", UUID.randomUUID().toString());
    int strength = 1 + random.nextInt(4);
    form.put("strength", Integer.toString(random.nextBoolean() ? strength : -strength));
    for (String side : List.of("left.", "right.")) {
      for (String criterion : CRITERIA) {
        form.put(side + criterion, Integer.toString(random.nextInt(3)));
      }
    }
    form.put("reason", "");
    form.put("activeMillis", "1500");
    return form;
  }

  private JsonNode json(HttpResponse<String> answer, int status) {
    if (answer.statusCode() != status) {
      faults.add(
          "%s %s was answered %d"
              .formatted(
                  answer.request().method(),
                  answer.request().uri().getPath(),
                  answer.statusCode()));
      return JsonMapper.shared().createObjectNode();
    }
    return JsonMapper.shared().readTree(answer.body());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return get(path, "application/json");
  }

  private HttpResponse<String> get(String path, String accept)
      throws IOException, InterruptedException {
    requests++;
    return http.send(request(path).header("Accept", accept).build(), BodyHandlers.ofString(UTF_8));
  }

  private HttpResponse<String> post(String path, Map<String, String> form)
      throws IOException, InterruptedException {
    requests++;
    return http.send(posting(path, form), BodyHandlers.ofString(UTF_8));
  }

  private HttpRequest posting(String path, Map<String, String> form) {
    return asked(path)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("X-CSRF-TOKEN", csrf)
        .POST(BodyPublishers.ofString(body(form)))
        .build();
  }

  private HttpRequest.Builder asked(String path) {
    return request(path).header("Accept", "application/json");
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.resolve(path)).timeout(Duration.ofSeconds(60));
  }

  private CompletableFuture<HttpResponse<String>> send(HttpRequest request) {
    return http.sendAsync(request, BodyHandlers.ofString(UTF_8));
  }

  private static String body(Map<String, String> form) {
    return form.entrySet().stream()
        .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), UTF_8))
        .collect(Collectors.joining("&"));
  }

  List<Given> given() {
    return given;
  }

  List<Long> skipped() {
    return skipped;
  }

  List<String> faults() {
    return faults;
  }

  long requests() {
    return requests;
  }

  @Override
  public void close() {
    http.close();
  }
}
