package org.alignmentworkbench.app.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.alignmentworkbench.db.once.OnceRepository;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// Does what a request asks for once, however often a program that heard no answer sends it again.
///
/// The key and what was made are kept in one transaction with the work, so that either both are
/// there or neither; a second request with the key waits for the first one's end.
@Component
class Once {
  /// The header that says an answer is of an earlier request.
  static final String REPLAYED = "Idempotent-Replayed";

  private static final Pattern KEY = Pattern.compile("[!-~]{1,120}");

  private final OnceRepository requests;
  private final TransactionTemplate transaction;
  private final Clock clock;

  Once(OnceRepository requests, TransactionTemplate transaction, Clock clock) {
    this.requests = requests;
    this.transaction = transaction;
    this.clock = clock;
  }

  /// @param key null where the request brings none: then it is done each time
  /// @param what names the kind of work and its place
  /// @param body what the request wants
  /// @param work does it and gives the number of what was made
  /// @param show the answer for that number
  <T> ResponseEntity<T> create(
      long personId,
      @Nullable String key,
      String what,
      Object body,
      LongSupplier work,
      LongFunction<T> show) {
    if (key == null) {
      return answer(show.apply(work.getAsLong()), false);
    }
    if (!KEY.matcher(key).matches()) {
      throw Problems.refused(
          "Idempotency-Key must be 1 to 120 visible ASCII characters, was '" + key + "'");
    }
    String hash = hash(what + "\n" + JsonMapper.shared().writeValueAsString(body));
    return transaction.execute(_ -> {
      if (requests.begin(personId, key, hash, clock.instant())) {
        long made = work.getAsLong();
        requests.end(personId, key, made);
        return answer(show.apply(made), false);
      }
      OnceRepository.Earlier earlier = requests.find(personId, key).orElseThrow();
      if (!earlier.requestHash().equals(hash)) {
        throw Problems.conflict(
            "Idempotency-Key '" + key + "' belongs to another request of yours");
      }
      return answer(show.apply(earlier.made()), true);
    });
  }

  private static <T> ResponseEntity<T> answer(T body, boolean replayed) {
    ResponseEntity.BodyBuilder answer = ResponseEntity.status(HttpStatus.CREATED);
    if (replayed) {
      answer.header(REPLAYED, "true");
    }
    return answer.body(body);
  }

  private static String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
