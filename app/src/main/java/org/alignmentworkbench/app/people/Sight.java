package org.alignmentworkbench.app.people;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.Set;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.db.project.MembershipRepository;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/// Looks at the numbers in an address before any room does: a project that a person may not see is
/// not there for them, nor are its runs and artefacts, whatever the room. A room that names a
/// project `projectId` in its address needs nothing of its own.
@Component
class Sight implements HandlerInterceptor {
  private final MembershipRepository memberships;

  Sight(MembershipRepository memberships) {
    this.memberships = memberships;
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    Authentication who = SecurityContextHolder.getContext().getAuthentication();
    if (who != null && who.getPrincipal() instanceof SignedInPerson person) {
      @Nullable String hidden = hidden(request, person.personId());
      if (hidden != null) {
        // In the words for what does not exist.
        throw new ResponseStatusException(HttpStatus.NOT_FOUND, "there is no " + hidden);
      }
    }
    return true;
  }

  /// What the address names and this person may not see; null where all may be seen.
  private @Nullable String hidden(HttpServletRequest request, long personId) {
    @Nullable String project = variable(request, "projectId");
    if (project != null) {
      return memberships.maySee(Long.parseLong(project), personId) ? null : "project " + project;
    }
    @Nullable String run = runOf(request);
    if (run != null) {
      return memberships.maySeeRun(Long.parseLong(run), personId) ? null : "run " + run;
    }
    @Nullable String artifact = variable(request, "sha256");
    return artifact == null || memberships.hidden(Set.of(artifact), personId).isEmpty()
        ? null
        : "artefact " + artifact;
  }

  private static @Nullable String runOf(HttpServletRequest request) {
    Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
    return pattern != null && pattern.toString().startsWith("/runs/")
        ? variable(request, "id")
        : variable(request, "runId");
  }

  private static @Nullable String variable(HttpServletRequest request, String name) {
    return request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE)
                instanceof Map<?, ?> variables
            && variables.get(name) instanceof String value
        ? value
        : null;
  }
}
