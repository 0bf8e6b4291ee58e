package org.alignmentworkbench.endurance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The whole product, killed: a demo that is killed three times and started again comes to the same
/// exported files and the same figures as one of the same seed that was left alone.
@LongTest
class KilledDemoIT {
  private static final int KILLS = 3;
  private static final long SEED = 1;

  /// What a report says of the time and place, not of the result.
  private static final Set<String> OF_THE_MOMENT =
      Set.of("seconds", "buildSeconds", "peakMiB", "tokensPerSecond", "path");

  @TempDir Path place;
  private DemoProcess alone;
  private DemoProcess killed;

  @BeforeEach
  void twoDataFolders() throws IOException {
    alone = new DemoProcess(Files.createDirectory(place.resolve("alone")));
    killed = new DemoProcess(Files.createDirectory(place.resolve("killed")));
  }

  @AfterEach
  void endTheirDatabases() throws Exception {
    alone.stopDatabase();
    killed.stopDatabase();
  }

  @Test
  void killed_in_its_first_run_it_makes_the_same_supervised_model() throws Exception {
    long seed = LongSeed.announced("kills of the demo's beginning");
    // The line names the model's hash.
    String made = "sft: done.";
    Duration undisturbed = runUntilSaid(alone, made);
    for (Duration life : lives(undisturbed, new SplittableRandom(seed))) {
      killed.killAfter(life, SEED);
    }
    runUntilSaid(killed, made);
    assertThat(killed.said(made)).isEqualTo(alone.said(made)).isPresent();
    System.out.println(
        killed.said().stream().filter(line -> line.startsWith("Going on with")).count()
            + " of the starts found an unfinished demo");
  }

  @Test
  void killed_anywhere_it_exports_the_same_files_and_reports_the_same_figures() throws Exception {
    long seed = LongSeed.announced("kills of the demo");
    long started = System.nanoTime();
    runToTheEnd(alone);
    Duration undisturbed = Duration.ofNanos(System.nanoTime() - started);
    for (Duration life : lives(undisturbed, new SplittableRandom(seed))) {
      killed.killAfter(life, SEED);
    }
    assertThat(killed.report()).as("it was killed before its end").doesNotExist();
    runToTheEnd(killed);

    JsonNode expected = lasting(alone.report());
    JsonNode actual = lasting(killed.report());
    assertThat(expected.path("exports")).isNotEmpty();
    assertThat(expected.path("stages")).isNotEmpty();
    assertThat(actual.toPrettyString()).isEqualTo(expected.toPrettyString());
  }

  /// How long each process may live, so that the kills fall on random moments of the whole.
  private static List<Duration> lives(Duration whole, SplittableRandom random) {
    long[] moments = random.longs(KILLS, 0, whole.toMillis()).sorted().toArray();
    List<Duration> lives = new ArrayList<>();
    long last = 0;
    for (long moment : moments) {
      lives.add(Duration.ofMillis(moment - last));
      last = moment;
    }
    System.out.println(
        "the undisturbed demo took %d s; kills after %s ms"
            .formatted(whole.toSeconds(), Arrays.toString(moments)));
    return lives;
  }

  private static void runToTheEnd(DemoProcess demo) throws Exception {
    Process process = demo.start(SEED);
    try {
      assertThat(process.waitFor()).as(() -> String.join("\n", demo.said())).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  /// Runs it until it says something, kills it then, and tells how long that took.
  private static Duration runUntilSaid(DemoProcess demo, String beginning) throws Exception {
    long started = System.nanoTime();
    Process process = demo.start(SEED);
    try {
      while (demo.said(beginning).isEmpty()) {
        assertThat(process.isAlive()).as(() -> String.join("\n", demo.said())).isTrue();
        Thread.sleep(200);
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    return Duration.ofNanos(System.nanoTime() - started);
  }

  /// A report without what differs between any two demos.
  private static JsonNode lasting(Path report) throws IOException {
    return lasting(JsonMapper.shared().readTree(Files.readString(report)));
  }

  private static JsonNode lasting(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove(OF_THE_MOMENT);
      object.properties().forEach(member -> lasting(member.getValue()));
    } else if (node instanceof ArrayNode array) {
      array.forEach(KilledDemoIT::lasting);
    }
    return node;
  }
}
