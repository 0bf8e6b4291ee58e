package org.alignmentworkbench.annotation.page;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/// Puts the shell of the page in every model, that of error pages included.
@ControllerAdvice
public final class ShellAdvice {
  private final List<Room> rooms;

  public ShellAdvice(List<Room> rooms) {
    this.rooms = rooms.stream().sorted(Comparator.comparingInt(Room::position)).toList();
  }

  /// The shell for the person and session of this request.
  @ModelAttribute("shell")
  public Shell shell(HttpServletRequest request) {
    SignedInPerson person = signedIn();
    List<Room> open =
        person == null
            ? List.of()
            : rooms.stream().filter(room -> room.roles().contains(person.role())).toList();
    if (request.getAttribute(CsrfToken.class.getName()) instanceof CsrfToken csrf) {
      // Header and token are base64 or plain names: nothing in them needs escaping in JSON.
      String headers = "{\"" + csrf.getHeaderName() + "\":\"" + csrf.getToken() + "\"}";
      return new Shell(
          person,
          open,
          csrf.getParameterName(),
          csrf.getHeaderName(),
          csrf.getToken(),
          back(request),
          headers);
    }
    return new Shell(person, open, "_csrf", "X-CSRF-TOKEN", "", back(request), "{}");
  }

  /// A page that answers a form, or says that something went wrong, is no page to return to.
  private static String back(HttpServletRequest request) {
    if (!"GET".equals(request.getMethod())
        || request.getDispatcherType() != DispatcherType.REQUEST) {
      return "/";
    }
    String query = request.getQueryString();
    return request.getRequestURI() + (query == null ? "" : "?" + query);
  }

  private static @Nullable SignedInPerson signedIn() {
    Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
    return authentication != null && authentication.getPrincipal() instanceof SignedInPerson person
        ? person
        : null;
  }
}
