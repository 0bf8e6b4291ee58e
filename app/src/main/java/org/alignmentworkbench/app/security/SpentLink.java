package org.alignmentworkbench.app.security;

import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpStatus;

/// The page of a link that lets nobody in: used, expired, taken back or never made, which of these
/// is not told. Most who see it have used their link and want to sign in.
final class SpentLink {
  private SpentLink() {}

  /// @return the page's view
  static String show(HttpServletResponse response) {
    response.setStatus(HttpStatus.NOT_FOUND.value());
    return "security/spent";
  }
}
