package org.alignmentworkbench.app.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;

/// Sends back to the sign-in page, with the seconds to wait where there were too many failures.
/// Which of name and password was wrong is never said.
final class SignInFailure implements AuthenticationFailureHandler {
  @Override
  public void onAuthenticationFailure(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
      throws IOException {
    String query =
        failure instanceof MustWait wait ? "wait=" + Math.max(1, wait.left().toSeconds()) : "error";
    response.sendRedirect(request.getContextPath() + "/sign-in?" + query);
  }
}
