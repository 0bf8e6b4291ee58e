package org.alignmentworkbench.app.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.jerolba.carpet.CarpetReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.model.dataset.JudgedPair;
import org.alignmentworkbench.model.dataset.JudgedPair.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that the library's own reader reads back.
class JudgementParquetTest {
  @TempDir private Path folder;

  private static List<JudgedPair> judgements(int n) {
    List<JudgedPair> judgements = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      boolean skip = i % 5 == 4;
      judgements.add(
          new JudgedPair(
              "p" + i + "#0",
              "p" + i,
              "q" + i / 2,
              1,
              skip ? Status.SKIPPED : Status.JUDGED,
              "Why \"" + i + "\"?\n\u202e😀",
              "Because.",
              "=cmd",
              "m1",
              "m2",
              skip ? null : (Integer) (i % 2 == 0 ? -3 : 2),
              skip ? null : (Boolean) (i % 3 == 0),
              new LinkedHashMap<>(skip ? Map.of() : Map.of("a_concision", i % 3)),
              "",
              "ana",
              skip ? null : (Long) (1_500L + i),
              skip ? null : (Integer) 3,
              false,
              i % 7 == 6 ? "" : "2026-11-%02dT10:00:00Z".formatted(1 + i % 28)));
    }
    return judgements;
  }

  private static byte[] write(List<JudgedPair> judgements) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JudgementParquet writer = new JudgementParquet(out)) {
      for (JudgedPair judgement : judgements) {
        assertThat(writer.write(judgement)).isTrue();
      }
    }
    return out.toByteArray();
  }

  private List<JudgementParquet.Row> read(byte[] file) throws IOException {
    Path written = Files.write(folder.resolve("x.parquet"), file);
    return new CarpetReader<>(written.toFile(), JudgementParquet.Row.class).toList();
  }

  @Test
  void every_judgement_is_there_with_its_types_and_the_bytes_are_the_same_each_time()
      throws IOException {
    List<JudgedPair> judgements = judgements(300);
    byte[] file = write(judgements);
    assertThat(write(judgements)).isEqualTo(file);
    List<JudgementParquet.Row> rows = read(file);
    assertThat(rows).hasSize(300);
    for (int i = 0; i < 300; i++) {
      JudgedPair pair = judgements.get(i);
      JudgementParquet.Row row = rows.get(i);
      assertThat(row.id()).isEqualTo(pair.id());
      assertThat(row.status()).isEqualTo(pair.status() == Status.JUDGED ? "judged" : "skipped");
      assertThat(row.prompt()).isEqualTo(pair.prompt());
      assertThat(row.response_a()).isEqualTo(pair.responseA());
      assertThat(row.response_b()).isEqualTo(pair.responseB());
      assertThat(row.strength()).isEqualTo(pair.strength());
      assertThat(row.a_left()).isEqualTo(pair.aLeft());
      assertThat(row.grades()).isEqualTo(pair.grades());
      assertThat(row.active_ms()).isEqualTo(pair.activeMs());
      assertThat(row.created_at())
          .isEqualTo(pair.createdAt().isEmpty() ? null : Instant.parse(pair.createdAt()));
    }
  }

  @Test
  void nothing_is_still_a_file_that_can_be_read() throws IOException {
    assertThat(read(write(List.of()))).isEmpty();
  }
}
