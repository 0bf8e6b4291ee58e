package org.alignmentworkbench.app.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class SignatureTest {
  @Test
  void time_and_body_are_under_the_signature() {
    // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac 'awbwh_test'
    assertThat(
            Signature.of(
                "awbwh_test", Instant.ofEpochSecond(1_700_000_000L), "{\"a\":1}".getBytes(UTF_8)))
        .isEqualTo(
            "t=1700000000,v1=6d812cd8bcd5c2cf466af14296a78ee1e8660e6d3c3d905815853d3ed3f0887d");
  }
}
