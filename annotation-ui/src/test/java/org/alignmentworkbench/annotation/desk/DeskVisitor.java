package org.alignmentworkbench.annotation.desk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Somebody who uses the desk over HTTP, as a browser without JavaScript or as a program does.
final class DeskVisitor implements AutoCloseable {
  private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient client =
      HttpClient.newBuilder()
          .cookieHandler(new CookieManager())
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final String base;
  private String csrf = "";

  DeskVisitor(int port, String name) throws Exception {
    base = "http://localhost:" + port;
    csrf = token(get("/login", "text/html").body());
    HttpResponse<String> in =
        postForm("/login", Map.of("username", name, "password", name), "text/html");
    if (in.statusCode() != 302
        || in.headers().firstValue("Location").orElse("").contains("error")) {
      throw new IllegalStateException("not signed in: " + in.statusCode());
    }
    csrf = session().get("csrfToken").asString();
  }

  JsonNode session() throws Exception {
    return json(get("/session.json", "application/json"));
  }

  static JsonNode json(HttpResponse<String> answer) {
    return JSON.readTree(answer.body());
  }

  HttpResponse<String> get(String path, String accept) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(uri(path)).header("Accept", accept).build(),
        BodyHandlers.ofString());
  }

  HttpResponse<String> page(String path) throws IOException, InterruptedException {
    return get(path, "text/html");
  }

  HttpResponse<String> postForm(String path, Map<String, String> fields, String accept)
      throws IOException, InterruptedException {
    Map<String, String> all = new LinkedHashMap<>(fields);
    all.put("_csrf", csrf);
    String body =
        all.entrySet().stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    return client.send(
        HttpRequest.newBuilder(uri(path))
            .header("Accept", accept)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  HttpResponse<String> draft(long slot, String body) throws IOException, InterruptedException {
    return draft(Long.toString(slot), body);
  }

  /// Of a slot as its address names it below `/label/`.
  HttpResponse<String> draft(String slot, String body) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(uri("/label/" + slot + "/draft"))
            .header("Accept", "application/json")
            .header("Content-Type", "application/json")
            .header("X-CSRF-TOKEN", csrf)
            .PUT(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  HttpResponse<String> heartbeat(long slot) throws IOException, InterruptedException {
    return postForm("/label/" + slot + "/heartbeat", Map.of(), "application/json");
  }

  /// Leases the next pair and returns its slot.
  long claim(long project) throws Exception {
    JsonNode next = json(get("/label/next?project=" + project, "application/json"));
    if (!next.get("outcome").asString().equals("claimed")) {
      throw new IllegalStateException("nothing claimed: " + next);
    }
    return next.get("slot").asLong();
  }

  HttpResponse<String> submit(long slot, Map<String, String> fields)
      throws IOException, InterruptedException {
    return postForm("/label/" + slot, fields, "application/json");
  }

  /// A whole judgement.
  static Map<String, String> judgement(UUID key, int strength) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("key", key.toString());
    fields.put("strength", Integer.toString(strength));
    int grade = 0;
    for (String side : new String[] {"left", "right"}) {
      for (String criterion : SideGrades.CRITERIA) {
        fields.put(side + "." + criterion, Integer.toString(grade++ % 3));
      }
    }
    fields.put("reason", "shorter");
    fields.put("activeMillis", "4200");
    return fields;
  }

  private URI uri(String path) {
    return URI.create(base + path);
  }

  private static String token(String html) {
    Matcher matcher = TOKEN.matcher(html);
    if (!matcher.find()) {
      throw new IllegalStateException("no token in the page");
    }
    return matcher.group(1);
  }

  @Override
  public void close() {
    client.close();
  }
}
