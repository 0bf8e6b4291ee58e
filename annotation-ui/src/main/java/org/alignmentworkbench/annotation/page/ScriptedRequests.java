package org.alignmentworkbench.annotation.page;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.security.web.util.matcher.RequestMatcher;

/// Requests a script makes (htmx, or `fetch` asking for JSON). They must hear 401 or 403 with a
/// code when a session has ended: a redirect to a sign-in page would look like success.
public final class ScriptedRequests implements RequestMatcher {
  @Override
  public boolean matches(HttpServletRequest request) {
    String accept = request.getHeader(HttpHeaders.ACCEPT);
    return "true".equals(request.getHeader("HX-Request"))
        || request.getRequestURI().endsWith(".json")
        || (accept != null && accept.startsWith(MediaType.APPLICATION_JSON_VALUE));
  }

  /// Answers 401 and, for htmx, names the page to go to.
  public static void signInAgain(HttpServletResponse response, String signInPath)
      throws IOException {
    response.setHeader("HX-Redirect", signInPath);
    answer(response, HttpServletResponse.SC_UNAUTHORIZED, "signed-out");
  }

  /// Answers 403.
  public static void refuse(HttpServletResponse response) throws IOException {
    answer(response, HttpServletResponse.SC_FORBIDDEN, "refused");
  }

  private static void answer(HttpServletResponse response, int status, String code)
      throws IOException {
    response.setStatus(status);
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.getWriter().write("{\"status\":" + status + ",\"code\":\"" + code + "\"}");
  }
}
