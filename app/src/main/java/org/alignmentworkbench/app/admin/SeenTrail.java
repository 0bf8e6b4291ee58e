package org.alignmentworkbench.app.admin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.regex.Pattern;
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

/// Writes down who looked at other people's work and who took it out, by a page or by a program.
/// What changes something is written down by whatever changes it.
@Component
class SeenTrail implements HandlerInterceptor {
  private static final String IN_PROJECT = "^(/api/v1)?/projects/\\{projectId[^/]*";

  /// What is told apart in the trail, by what fits the route after the project.
  private static final Map<Pattern, String> OF_PROJECT =
      Map.of(
          Pattern.compile("/quality.*"), "seen.quality",
          Pattern.compile("/setups/[^/]*/quality"), "seen.quality",
          Pattern.compile("/notes.*"), "seen.notes",
          Pattern.compile("/adjudication.*"), "seen.adjudication",
          Pattern.compile("/(setups|tasks)/[^/]*/adjudication"), "seen.adjudication",
          Pattern.compile("/checks"), "seen.checks",
          Pattern.compile("/(judgements|setups/[^/]*)/exports/.*/file"), "taken.export",
          Pattern.compile("/judgements/imports/.*/refused"), "taken.refused");

  /// The same of routes outside of projects.
  private static final Map<Pattern, String> ELSEWHERE =
      Map.of(
          Pattern.compile("(/admin|/api/v1)/people.*"), "seen.people",
          Pattern.compile("(/admin|/api/v1)/hours.*"), "seen.hours",
          Pattern.compile("(/admin|/api/v1)/audit"), "seen.audit");

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
        // Whoever hangs up before the end has seen what was sent until then.
        || (failure != null && !response.isCommitted())
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
    String route = pattern.replaceFirst(IN_PROJECT, "");
    return (route.equals(pattern) ? ELSEWHERE : OF_PROJECT)
        .entrySet().stream()
            .filter(entry -> entry.getKey().matcher(route).matches())
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(null);
  }
}
