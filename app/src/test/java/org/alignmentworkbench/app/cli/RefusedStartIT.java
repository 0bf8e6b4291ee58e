package org.alignmentworkbench.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a terminal shows of a start that is refused: why, and nothing else.
class RefusedStartIT {
  @TempDir Path home;

  private void refused(String variable, String value, String why)
      throws IOException, InterruptedException {
    CommandProcess.Outcome outcome = CommandProcess.run(home, Map.of(variable, value), "up");
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err().lines()).containsExactly("workbench: " + why);
    assertThat(home.resolve("data/postgres")).doesNotExist();
  }

  @Test
  void a_setting_that_cannot_be_is_one_sentence() throws Exception {
    refused(
        "WORKBENCH_PRODUCTS", "mkl", "workbench.products must be auto, blas or onednn, was mkl.");
  }

  @Test
  void the_port_is_a_variable_too() throws Exception {
    refused("WORKBENCH_PORT", "99999", "The port must be in 0..65535, was 99999.");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String port = String.valueOf(taken.getLocalPort());
      CommandProcess.Outcome outcome =
          CommandProcess.run(home, Map.of("WORKBENCH_PORT", port), "up");
      assertThat(outcome.err()).startsWith("workbench: Port " + port + " on 127.0.0.1 is in use");
      assertThat(outcome.err().lines()).hasSize(1);
    }
  }
}
