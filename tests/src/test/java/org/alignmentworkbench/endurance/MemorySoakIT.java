package org.alignmentworkbench.endurance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.endurance.Footprint.Sample;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that trains and samples for a long time holds no more memory at the end than when it
/// had warmed up. Its heap is as large as it may become from the start, so what is measured beside
/// it is native memory.
@LongTest
class MemorySoakIT {
  /// 480 optimiser steps and 7680 responses.
  private static final int ITERATIONS = 120;

  /// Native memory may wander by so much: the allocator's pools keep what differently long batches
  /// needed. Between the two quarters that are compared lie 180 units, so a leak of 92 KiB a unit
  /// shows; the logits of a single answer take more.
  private static final double MOST_GROWTH_KIB = 16 * 1024.0;

  /// The heap holds no more objects, but for a few that classes keep.
  private static final double MOST_HEAP_GROWTH_KIB = 2 * 1024.0;

  @TempDir Path states;

  @BeforeAll
  static void onlyWhereTheSystemTellsMemory() {
    Assumptions.assumeTrue(
        Files.isReadable(Path.of("/proc/self/smaps_rollup")), "needs /proc/self/smaps_rollup");
  }

  @Test
  void a_training_of_hundreds_of_steps_and_thousands_of_responses_does_not_grow() throws Exception {
    Footprint footprint = run(ITERATIONS, "clean");
    System.out.println("soak: " + footprint.told());
    assertThat(footprint.growth(Sample::proportionalKiB))
        .as(footprint.told())
        .isLessThan(MOST_GROWTH_KIB);
    assertThat(footprint.growth(Sample::heapKiB))
        .as(footprint.told())
        .isLessThan(MOST_HEAP_GROWTH_KIB);
    assertThat(footprint.samples().getLast().arrays())
        .isEqualTo(footprint.samples().getFirst().arrays());
  }

  @Test
  void a_model_that_is_not_closed_now_and_then_is_noticed() throws Exception {
    Footprint footprint = run(ITERATIONS / 6, "leaking");
    System.out.println("soak that leaks: " + footprint.told());
    assertThat(footprint.growth(Sample::proportionalKiB))
        .as(footprint.told())
        .isGreaterThan(MOST_GROWTH_KIB);
  }

  private Footprint run(int iterations, String mode) throws Exception {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "-Xms320m",
                "-Xmx320m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("java.class.path"),
                SoakProcess.class.getName(),
                Path.of(System.getProperty("workbench.root"), "models", "nano").toString(),
                states.toString(),
                Integer.toString(iterations),
                mode)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<Sample> samples = new ArrayList<>();
    String done = "";
    try (BufferedReader out = process.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        String[] words = line.split(" ");
        if (words[0].equals("sample")) {
          samples.add(
              new Sample(
                  Long.parseLong(words[1]),
                  Long.parseLong(words[2]),
                  Long.parseLong(words[3]),
                  Long.parseLong(words[4])));
        } else if (words[0].equals("done")) {
          done = line;
        }
      }
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.waitFor()).isZero();
    System.out.println("soak, " + mode + ": " + done);
    return new Footprint(samples);
  }
}
