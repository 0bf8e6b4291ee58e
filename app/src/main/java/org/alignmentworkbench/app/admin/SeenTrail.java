package org.alignmentworkbench.app.admin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/// Writes down who looked at other people's work and who took it out. What changes something is
/// written down by whatever changes it.
@Component
class SeenTrail implements HandlerInterceptor {
  /// What is told apart in the trail, by the beginning of the route after the project.
  private static final Map<String, String> LOOKED =
      Map.of(
          "/quality", "seen.quality",
          "/notes", "seen.notes",
          "/judgements/exports", "taken.export",
          "/judgements/imports", "taken.refused",
          "/admin/people", "seen.people",
          "/admin/hours", "seen.hours",
          "/admin/audit", "seen.audit");

  private final AuditRepository audit;

  SeenTrail(AuditRepository audit) {
    this.audit = audit;
  }

  @Override
  public void afterCompletion(
      HttpServletRequest request,
      HttpServletResponse response,
      Object handler,
      @Nullable Exception failure) {
    Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
    if (pattern == null
        || failure != null
        || !HttpMethod.GET.matches(request.getMethod())
        || response.getStatus() != HttpStatus.OK.value()) {
      return;
    }
    @Nullable String action = action(pattern.toString());
    Authentication who = SecurityContextHolder.getContext().getAuthentication();
    if (action != null && who != null && who.getPrincipal() instanceof SignedInPerson person) {
      audit.record(person.personId(), action, request.getRequestURI(), "{}");
    }
  }

  private static @Nullable String action(String pattern) {
    String route = pattern.replaceFirst("^/projects/\\{projectId[^/]*", "");
    return LOOKED.entrySet().stream()
        .filter(entry -> route.startsWith(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }
}
