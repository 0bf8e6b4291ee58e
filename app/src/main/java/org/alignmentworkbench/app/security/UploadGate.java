package org.alignmentworkbench.app.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.alignmentworkbench.app.exchange.JudgementImport;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/// Looks at uploads before anything reads their bodies: the CSRF field stands in the body, so
/// without this gate whoever can reach the server could fill its disk.
final class UploadGate extends OncePerRequestFilter {
  /// What the form's other fields and the parts' heads may add.
  private static final long AROUND = 1 << 20;

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String type = request.getContentType();
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("multipart/")) {
      chain.doFilter(request, response);
    } else if (!signedIn()) {
      response.sendError(HttpStatus.UNAUTHORIZED.value());
    } else if (request.getContentLengthLong() > JudgementImport.LARGEST + AROUND) {
      response.sendError(HttpStatus.CONTENT_TOO_LARGE.value());
    } else {
      chain.doFilter(request, response);
    }
  }

  private static boolean signedIn() {
    Authentication who = SecurityContextHolder.getContext().getAuthentication();
    return who != null && who.getPrincipal() instanceof Account;
  }
}
