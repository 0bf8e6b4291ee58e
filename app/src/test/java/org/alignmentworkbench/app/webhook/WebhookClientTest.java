package org.alignmentworkbench.app.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WebhookClientTest {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /// A server that answers with a head, and then a byte every tenth of a second.
  private static ServerSocket dripping(byte[] head) throws IOException {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(() -> {
          try (Socket visitor = server.accept()) {
            OutputStream out = visitor.getOutputStream();
            out.write(head);
            while (true) {
              out.write(1);
              out.flush();
              Thread.sleep(100);
            }
          } catch (IOException | InterruptedException e) {
            // The visitor has gone.
          }
        });
    return server;
  }

  private static WebhookClient.Answer post(String scheme, ServerSocket server) throws Exception {
    String host = "localhost:" + server.getLocalPort();
    WebhookUrl url = WebhookUrl.read(scheme + "://" + host + "/hook", List.of(host));
    return new WebhookClient(PATIENCE).post(url, Map.of(), new byte[] {'{', '}'});
  }

  /// The head of a record of a TLS handshake of 16 KB, which never comes to its end.
  @Test
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void a_handshake_that_drips_ends_with_the_patience() throws Exception {
    try (ServerSocket server = dripping(new byte[] {22, 3, 3, 64, 0})) {
      long began = System.nanoTime();
      assertThatExceptionOfType(SocketTimeoutException.class)
          .isThrownBy(() -> post("https", server));
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PATIENCE.multipliedBy(5));
    }
  }

  @Test
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void an_answer_that_drips_counts_as_far_as_it_came() throws Exception {
    byte[] head = "HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    try (ServerSocket server = dripping(head)) {
      assertThat(post("http", server).status()).isEqualTo(200);
    }
    try (ServerSocket server = dripping("HTTP/1.1 2".getBytes(StandardCharsets.US_ASCII))) {
      assertThatExceptionOfType(SocketTimeoutException.class)
          .isThrownBy(() -> post("http", server));
    }
  }
}
