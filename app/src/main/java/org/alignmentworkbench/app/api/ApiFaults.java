package org.alignmentworkbench.app.api;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.alignmentworkbench.app.web.Nul;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;

/// Says what was wrong with a request of the API, in one form.
@Order(Ordered.HIGHEST_PRECEDENCE)
@RestControllerAdvice(basePackageClasses = ApiFaults.class)
final class ApiFaults extends ResponseEntityExceptionHandler {
  /// A rule of the product: its sentence names value, rule and place.
  @ExceptionHandler(IllegalArgumentException.class)
  ProblemDetail rule(IllegalArgumentException broken) {
    return ProblemDetail.forStatusAndDetail(
        HttpStatus.UNPROCESSABLE_CONTENT, String.valueOf(broken.getMessage()));
  }

  /// A text that no column can hold; any other refusal of the database is a fault of ours.
  @ExceptionHandler(DataIntegrityViolationException.class)
  ProblemDetail nul(DataIntegrityViolationException fault) {
    if (!Nul.isNul(fault)) {
      throw fault;
    }
    return ProblemDetail.forStatusAndDetail(HttpStatus.UNPROCESSABLE_CONTENT, Nul.RULE);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleTypeMismatch(
      TypeMismatchException mismatch,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    Class<?> type = mismatch.getRequiredType();
    String wanted = type == null ? "something else" : wanted(type);
    String name =
        mismatch instanceof MethodArgumentTypeMismatchException argument
            ? argument.getName()
            : String.valueOf(mismatch.getPropertyName());
    return ResponseEntity.badRequest()
        .body(
            ProblemDetail.forStatusAndDetail(
                HttpStatus.BAD_REQUEST,
                "%s must be %s, was '%s'".formatted(name, wanted, mismatch.getValue())));
  }

  private static String wanted(Class<?> type) {
    if (type.isEnum()) {
      return "one of " + constants(type);
    }
    boolean number = type != boolean.class && (type.isPrimitive() || type == Long.class);
    return number ? "a number" : type.getSimpleName().toLowerCase(Locale.ROOT);
  }

  private static String constants(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(String::valueOf)
        .collect(Collectors.joining(", "));
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
      HttpMessageNotReadableException unreadable,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    return ResponseEntity.badRequest()
        .body(ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, said(unreadable)));
  }

  /// Place and rule of a body that cannot be read, without Java's class names.
  private static String said(HttpMessageNotReadableException unreadable) {
    if (!(unreadable.getCause() instanceof JacksonException fault)) {
      return "a JSON body is required";
    }
    String path =
        fault.getPath().stream()
            .map(step ->
                step.getPropertyName() == null
                    ? "[" + step.getIndex() + "]"
                    : step.getPropertyName())
            .collect(Collectors.joining("."));
    @Nullable Throwable cause = fault.getCause();
    String rule =
        cause instanceof IllegalArgumentException
            ? String.valueOf(cause.getMessage())
            : fault.getOriginalMessage().replaceAll("\\(class [^)]*\\)", "").strip();
    return path.isEmpty() ? "the JSON body: " + rule : path + ": " + rule;
  }
}
