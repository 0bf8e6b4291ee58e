package org.alignmentworkbench.app.security;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import tools.jackson.databind.json.JsonMapper;

/// Refusals that are said before a request reaches its handler, in the form of RFC 9457.
final class ApiProblems {
  private ApiProblems() {}

  /// No token, or none that opens anything: which of the reasons is never said.
  static void unauthorized(HttpServletResponse response) throws IOException {
    response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    write(
        response,
        ProblemDetail.forStatusAndDetail(
            HttpStatus.UNAUTHORIZED,
            "the header Authorization must hold 'Bearer' and a usable API token"));
  }

  /// What one may not see is not there.
  static void notFound(HttpServletResponse response) throws IOException {
    write(response, ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND, "nothing is here"));
  }

  /// The person may, the token may not.
  static void forbidden(HttpServletResponse response, String rule) throws IOException {
    response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"insufficient_scope\"");
    write(response, ProblemDetail.forStatusAndDetail(HttpStatus.FORBIDDEN, rule));
  }

  static void tooMany(HttpServletResponse response, Duration wait) throws IOException {
    long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
    response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(seconds));
    write(
        response,
        ProblemDetail.forStatusAndDetail(
            HttpStatus.TOO_MANY_REQUESTS, "too many requests, wait " + seconds + " s"));
  }

  static void tooLarge(HttpServletResponse response, long limit) throws IOException {
    write(
        response,
        ProblemDetail.forStatusAndDetail(
            HttpStatus.CONTENT_TOO_LARGE, "the body must have at most " + limit + " bytes"));
  }

  private static void write(HttpServletResponse response, ProblemDetail problem)
      throws IOException {
    response.setStatus(problem.getStatus());
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.getOutputStream().write(JsonMapper.shared().writeValueAsBytes(problem));
  }
}
