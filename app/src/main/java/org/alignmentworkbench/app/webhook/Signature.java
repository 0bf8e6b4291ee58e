package org.alignmentworkbench.app.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs what is sent, so that the other side knows who sent it and when.
///
/// ```
/// X-Workbench-Signature: t=SECONDS,v1=HEX
/// HEX = HMAC-SHA256(secret, SECONDS + "." + body)
/// ```
///
/// The time is under the signature, so an old message cannot be sent again as a new one.
final class Signature {
  static final String HEADER = "X-Workbench-Signature";

  private static final String ALGORITHM = "HmacSHA256";

  private Signature() {}

  static String of(String secret, Instant at, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), ALGORITHM));
      mac.update((at.getEpochSecond() + ".").getBytes(UTF_8));
      return "t=" + at.getEpochSecond() + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java has HMAC-SHA256", e);
    }
  }
}
