package org.alignmentworkbench.app.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.HtmlUtils;

/// Lets the session's strict cookie survive the way back from a provider.
///
/// A browser sends a `SameSite=Strict` cookie only with requests that this site's own pages ask
/// for, and the provider's redirect is none. The first arrival without the cookie is therefore
/// answered by a page of this site that asks for the same address once more, now as itself.
final class CookieBounce extends OncePerRequestFilter {
  private static final String AGAIN = "again";

  private final String callback;

  /// @param callback the path that the provider redirects to
  CookieBounce(String callback) {
    this.callback = callback;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (HttpMethod.GET.matches(request.getMethod())
        && request.getRequestURI().equals(request.getContextPath() + callback)
        && request.getQueryString() != null
        && request.getParameter(AGAIN) == null
        && !hasSession(request)) {
      String address =
          request.getRequestURI() + "?" + request.getQueryString() + "&" + AGAIN + "=1";
      response.setContentType(MediaType.TEXT_HTML_VALUE);
      response.setHeader("Cache-Control", "no-store");
      response
          .getWriter()
          .write(
              "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>…</title>"
                  + "<meta http-equiv=\"refresh\" content=\"0;url="
                  + HtmlUtils.htmlEscape(address)
                  + "\"></head><body></body></html>");
      return;
    }
    chain.doFilter(request, response);
  }

  private static boolean hasSession(HttpServletRequest request) {
    Cookie[] cookies = request.getCookies();
    return cookies != null
        && Arrays.stream(cookies).anyMatch(cookie -> cookie.getName().equals("SESSION"));
  }
}
