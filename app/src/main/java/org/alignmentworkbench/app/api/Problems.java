package org.alignmentworkbench.app.api;

import java.util.Map;
import java.util.TreeMap;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/// Refusals in the form of RFC 9457: `detail` names the value, the rule and the place; `faults`
/// names them field by field where there are several.
final class Problems {
  private Problems() {}

  /// What is not there, or not for this person.
  static ErrorResponseException notFound(String what) {
    return of(HttpStatus.NOT_FOUND, what);
  }

  /// What was sent can be read and breaks a rule.
  static ErrorResponseException refused(String rule) {
    return of(HttpStatus.UNPROCESSABLE_CONTENT, rule);
  }

  /// @param faults the rule that each field breaks; the empty name is the request as a whole
  static ErrorResponseException refused(Map<String, String> faults) {
    ProblemDetail problem =
        ProblemDetail.forStatusAndDetail(
            HttpStatus.UNPROCESSABLE_CONTENT, faults.size() + " rules are broken: see faults");
    problem.setProperty("faults", new TreeMap<>(faults));
    return new ErrorResponseException(HttpStatus.UNPROCESSABLE_CONTENT, problem, null);
  }

  /// What was asked cannot be done as things stand.
  static ErrorResponseException conflict(String why) {
    return of(HttpStatus.CONFLICT, why);
  }

  private static ErrorResponseException of(HttpStatus status, String detail) {
    return new ErrorResponseException(
        status, ProblemDetail.forStatusAndDetail(status, detail), null);
  }
}
