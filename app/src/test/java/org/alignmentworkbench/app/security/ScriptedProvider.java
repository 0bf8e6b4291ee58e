package org.alignmentworkbench.app.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.json.JsonMapper;

/// A provider of OpenID Connect sign-ins over real HTTP, for tests: whoever comes is the user that
/// was set, without being asked. It keeps to the authorization code flow with PKCE and checks what
/// a provider checks: client, secret, redirect address, code once, verifier.
final class ScriptedProvider implements AutoCloseable {
  static final String CLIENT = "workbench";
  static final String SECRET = "a secret of the test";

  private final HttpServer server;
  private final RSAKey key;
  private final RSAKey strangersKey;
  private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
  private volatile Map<String, Object> user = Map.of();

  /// What is wrong with the next tokens.
  enum Fault {
    NONE,
    WRONG_KEY,
    WRONG_AUDIENCE,
    WRONG_ISSUER,
    WRONG_NONCE,
    EXPIRED
  }

  private volatile Fault fault = Fault.NONE;

  ScriptedProvider() throws Exception {
    key = new RSAKeyGenerator(2048).keyID("k1").generate();
    strangersKey = new RSAKeyGenerator(2048).keyID("k1").generate();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.createContext("/.well-known/openid-configuration", this::discovery);
    server.createContext("/authorize", this::authorize);
    server.createContext("/token", this::token);
    server.createContext("/keys", exchange -> json(exchange, 200, keys()));
    server.createContext(
        "/userinfo", exchange -> json(exchange, 200, JsonMapper.shared().writeValueAsString(user)));
    server.start();
  }

  String issuer() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// Who comes next.
  void user(String subject, String preferredUsername, String name, String... groups) {
    user =
        Map.of(
            "sub", subject,
            "preferred_username", preferredUsername,
            "name", name,
            "groups", List.of(groups));
    fault = Fault.NONE;
  }

  void fault(Fault next) {
    fault = next;
  }

  private String keys() {
    return new JWKSet(key).toString();
  }

  private void discovery(HttpExchange exchange) throws IOException {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("issuer", issuer());
    facts.put("authorization_endpoint", issuer() + "/authorize");
    facts.put("token_endpoint", issuer() + "/token");
    facts.put("userinfo_endpoint", issuer() + "/userinfo");
    facts.put("jwks_uri", issuer() + "/keys");
    facts.put("response_types_supported", List.of("code"));
    facts.put("subject_types_supported", List.of("public"));
    facts.put("id_token_signing_alg_values_supported", List.of("RS256"));
    json(exchange, 200, JsonMapper.shared().writeValueAsString(facts));
  }

  private void authorize(HttpExchange exchange) throws IOException {
    Map<String, String> asked = form(exchange.getRequestURI().getRawQuery());
    if (!CLIENT.equals(asked.get("client_id"))
        || !"code".equals(asked.get("response_type"))
        || !"S256".equals(asked.get("code_challenge_method"))) {
      json(exchange, 400, "{\"error\":\"invalid_request\"}");
      return;
    }
    String code = "code-" + codes.size() + "-" + System.nanoTime();
    codes.put(code, asked);
    exchange
        .getResponseHeaders()
        .set(
            "Location",
            asked.get("redirect_uri")
                + "?code="
                + code
                + "&state="
                + java.net.URLEncoder.encode(asked.get("state"), UTF_8));
    exchange.sendResponseHeaders(302, -1);
    exchange.close();
  }

  private void token(HttpExchange exchange) throws IOException {
    Map<String, String> sent = form(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    Map<String, String> asked = codes.remove(sent.getOrDefault("code", ""));
    String basic =
        "Basic "
            + Base64.getEncoder()
                .encodeToString(
                    (CLIENT + ":" + java.net.URLEncoder.encode(SECRET, UTF_8)).getBytes(UTF_8));
    if (asked == null
        || !basic.equals(exchange.getRequestHeaders().getFirst("Authorization"))
        || !asked.get("redirect_uri").equals(sent.get("redirect_uri"))
        || !asked.get("code_challenge").equals(challenge(sent.get("code_verifier")))) {
      json(exchange, 400, "{\"error\":\"invalid_grant\"}");
      return;
    }
    Map<String, Object> answer =
        Map.of(
            "access_token",
            "opaque",
            "token_type",
            "Bearer",
            "expires_in",
            300,
            "id_token",
            idToken(asked.get("nonce")));
    json(exchange, 200, JsonMapper.shared().writeValueAsString(answer));
  }

  private String idToken(String nonce) {
    Instant now = Instant.now();
    boolean old = fault == Fault.EXPIRED;
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .issuer(fault == Fault.WRONG_ISSUER ? "http://127.0.0.1:1" : issuer())
            .audience(fault == Fault.WRONG_AUDIENCE ? "somebody-else" : CLIENT)
            .claim("iat", now.minus(Duration.ofHours(old ? 3 : 0)).getEpochSecond())
            .claim("exp", now.plus(Duration.ofHours(old ? -2 : 1)).getEpochSecond())
            .claim("nonce", fault == Fault.WRONG_NONCE ? "another" : nonce);
    user.forEach(claims::claim);
    try {
      SignedJWT token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k1").build(), claims.build());
      token.sign(new RSASSASigner(fault == Fault.WRONG_KEY ? strangersKey : key));
      return token.serialize();
    } catch (com.nimbusds.jose.JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String challenge(String verifier) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(UTF_8)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> form(String encoded) {
    Map<String, String> values = new HashMap<>();
    for (String pair : encoded.split("&", -1)) {
      int equals = pair.indexOf('=');
      values.put(
          URLDecoder.decode(pair.substring(0, equals), UTF_8),
          URLDecoder.decode(pair.substring(equals + 1), UTF_8));
    }
    return values;
  }

  private static void json(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
