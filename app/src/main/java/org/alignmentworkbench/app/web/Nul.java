package org.alignmentworkbench.app.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

/// A text with a NUL character in it, which no column of PostgreSQL can hold. Where such a text is
/// of use without it, as an annotator's words are, it is taken out before; anywhere else it is a
/// fault of the request, and not of the server.
@ControllerAdvice
public final class Nul {
  /// What the request is told.
  public static final String RULE = "a text must not have the character U+0000";

  /// `character_not_in_repertoire` of a text, `untranslatable_character` of one in JSON.
  private static final Set<String> STATES = Set.of("22021", "22P05");

  @ExceptionHandler(DataIntegrityViolationException.class)
  void refuse(DataIntegrityViolationException fault, HttpServletResponse response)
      throws IOException {
    if (!isNul(fault)) {
      throw fault;
    }
    response.sendError(HttpStatus.BAD_REQUEST.value());
  }

  /// Whether it is a NUL that the database did not take.
  public static boolean isNul(DataIntegrityViolationException fault) {
    return NestedExceptionUtils.getMostSpecificCause(fault) instanceof SQLException cause
        && STATES.contains(String.valueOf(cause.getSQLState()));
  }
}
