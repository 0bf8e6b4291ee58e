package org.alignmentworkbench.app.bench.desk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Somebody with a browser of their own: cookies and a token against forged requests. All share one
/// client, as its threads are the load programme's and not what is measured.
final class Visitor {
  private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final HttpClient http;
  private final URI server;
  private final Map<String, String> cookies = new TreeMap<>();
  private String csrf = "";

  Visitor(HttpClient http, URI server) {
    this.http = http;
    this.server = server;
  }

  /// Makes the first administrator and is signed in as such.
  void setUp(String token, String username, String password)
      throws IOException, InterruptedException {
    String field = field(get("/setup?token=" + token));
    expect(
        302,
        post(
            "/setup",
            Map.of(
                "token", token,
                "username", username,
                "displayName", username,
                "password", password,
                "repeat", password,
                "_csrf", field)));
    rememberToken();
  }

  /// Signs in with a one-time link.
  void enter(URI link) throws IOException, InterruptedException {
    String token = link.getQuery().replaceFirst("^token=", "");
    String field = field(get("/link?token=" + token));
    expect(302, post("/link", Map.of("token", token, "_csrf", field)));
    rememberToken();
  }

  private void rememberToken() throws IOException, InterruptedException {
    csrf = json(expect(200, get("/session.json"))).path("csrfToken").asString();
  }

  private static String field(HttpResponse<String> page) throws IOException {
    Matcher matcher = TOKEN.matcher(expect(200, page).body());
    if (!matcher.find()) {
      throw new IOException(page.uri() + " has no form");
    }
    return matcher.group(1);
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path).header("Accept", accept(path)).build());
  }

  /// Asks for the JSON of an address that has a page too.
  JsonNode getJson(String path) throws IOException, InterruptedException {
    return json(expect(200, send(request(path).header("Accept", "application/json").build())));
  }

  private static String accept(String path) {
    return path.contains(".json") ? "application/json" : "text/html";
  }

  HttpResponse<String> post(String path, Map<String, String> form)
      throws IOException, InterruptedException {
    return send(posting(path, form).header("Accept", "text/html").build());
  }

  JsonNode postForJson(String path, Map<String, String> form)
      throws IOException, InterruptedException {
    return json(
        expect(200, send(posting(path, form).header("Accept", "application/json").build())));
  }

  private HttpRequest.Builder posting(String path, Map<String, String> form) {
    String body =
        form.entrySet().stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body));
    // An empty one would be taken for the form's.
    return csrf.isEmpty() ? request : request.header("X-CSRF-TOKEN", csrf);
  }

  HttpResponse<String> putJson(String path, String body) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .header("X-CSRF-TOKEN", csrf)
            .PUT(BodyPublishers.ofString(body))
            .build());
  }

  /// Opens a stream of events, which stays open until it is closed.
  InputStream events(String path) throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        http.send(
            builder(path).header("Accept", "text/event-stream").build(),
            BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      throw new IOException(path + " was answered " + response.statusCode());
    }
    return response.body();
  }

  private HttpRequest.Builder request(String path) {
    return builder(path).timeout(PATIENCE);
  }

  private HttpRequest.Builder builder(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path));
    if (!cookies.isEmpty()) {
      request.header(
          "Cookie",
          cookies.entrySet().stream()
              .map(e -> e.getKey() + "=" + e.getValue())
              .collect(Collectors.joining("; ")));
    }
    return request;
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString(UTF_8));
    for (String cookie : response.headers().allValues("Set-Cookie")) {
      String pair = cookie.split(";", 2)[0];
      cookies.put(pair.split("=", 2)[0], pair.split("=", 2)[1]);
    }
    return response;
  }

  static JsonNode json(HttpResponse<String> response) {
    return JsonMapper.shared().readTree(response.body());
  }

  /// @throws IOException when the answer is another one than expected
  static HttpResponse<String> expect(int status, HttpResponse<String> response) throws IOException {
    if (response.statusCode() != status) {
      throw new IOException(
          "%s %s must be answered %d, was %d"
              .formatted(
                  response.request().method(),
                  response.uri().getPath(),
                  status,
                  response.statusCode()));
    }
    return response;
  }
}
