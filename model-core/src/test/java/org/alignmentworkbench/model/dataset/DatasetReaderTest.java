package org.alignmentworkbench.model.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.alignmentworkbench.model.dataset.DatasetReader.Container;
import org.alignmentworkbench.model.dataset.DatasetReader.Settings;
import org.alignmentworkbench.model.dataset.Example.Conversation;
import org.alignmentworkbench.model.dataset.Example.Demonstration;
import org.alignmentworkbench.model.dataset.Example.Preference;
import org.alignmentworkbench.model.dataset.Example.Prompt;
import org.alignmentworkbench.model.dataset.Example.RatedCompletion;
import org.alignmentworkbench.model.dataset.RowOutcome.Accepted;
import org.alignmentworkbench.model.dataset.RowOutcome.FileRefused;
import org.alignmentworkbench.model.dataset.RowOutcome.Refused;
import org.alignmentworkbench.model.dataset.RowOutcome.Skipped;
import org.junit.jupiter.api.Test;

class DatasetReaderTest {
  private static final Limits SMALL = new Limits(100, 1000, 100_000, 50);

  private static Settings small(String name) {
    return new Settings(name, null, null, null, SMALL);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream packed = new GZIPOutputStream(out)) {
      packed.write(bytes);
    }
    return out.toByteArray();
  }

  private static Example example(RowOutcome outcome) {
    return ((Accepted) outcome).example();
  }

  @Test
  void csv_of_every_simple_shape() {
    assertThat(example(Outcomes.of("prompt,chosen,rejected\nq,a,b\n", "x.csv").getFirst()))
        .isEqualTo(
            new Preference(
                Example.Form.TEXT,
                List.of(Turn.user("q")),
                List.of(Turn.assistant("a")),
                List.of(Turn.assistant("b"))));
    assertThat(example(Outcomes.of("prompt;completion;label\nq;a;TRUE\n", "x.csv").getFirst()))
        .isInstanceOfSatisfying(RatedCompletion.class, row -> assertThat(row.desirable()).isTrue());
    assertThat(example(Outcomes.of("prompt\tcompletion\nq\ta\n", "x.tsv").getFirst()))
        .isInstanceOf(Demonstration.class);
    assertThat(example(Outcomes.of("prompt\nq\n", "x.csv").getFirst())).isInstanceOf(Prompt.class);
    assertThat(
            example(
                Outcomes.of(
                        "id,messages\n"
                            + "1,\"[{\"\"role\"\":\"\"user\"\",\"\"content\"\":\"\"q\"\"},{\"\"role\"\":\"\"assistant\"\",\"\"content\"\":\"\"a\"\"}]\"\n",
                        "x.csv")
                    .getFirst()))
        .isEqualTo(new Conversation(List.of(Turn.user("q"), Turn.assistant("a"))));
  }

  @Test
  void csv_cells_may_hold_separators_quotes_and_line_ends() {
    List<RowOutcome> rows =
        Outcomes.of(
            "\uFEFFprompt,completion,Größe\r\n\"a,\"\"b\"\"\r\nc\",\" d \",中\r\n\r\nq,r,\r\n",
            "x.csv");
    Accepted first = (Accepted) rows.get(0);
    assertThat(first.row()).isEqualTo(2);
    assertThat(first.example())
        .isEqualTo(
            new Demonstration(
                Example.Form.TEXT,
                List.of(Turn.user("a,\"b\"\r\nc")),
                List.of(Turn.assistant(" d "))));
    assertThat(first.metadata().text("Größe")).isEqualTo("中");
    assertThat(rows.get(1)).isEqualTo(new Skipped(4, Code.BLANK_LINE));
    assertThat(((Accepted) rows.get(2)).row()).isEqualTo(5);
    assertThat(rows).hasSize(3);
  }

  @Test
  void faulty_csv_records_are_refused_one_by_one() {
    List<RowOutcome> rows =
        Outcomes.of(
            utf8("prompt,completion\nq\nq,r,s\n\"q\"x,r\nq\"x,r\nq,\u0001\nq,r\n"),
            new Settings("x.csv"));
    assertThat(rows.subList(0, 5))
        .containsExactly(
            new Refused(2, Code.INVALID_CSV, "the record has 1 cells, the header has 2"),
            new Refused(3, Code.INVALID_CSV, "the record has 3 cells, the header has 2"),
            new Refused(4, Code.INVALID_CSV, "text follows the closing quote of cell 1"),
            new Refused(5, Code.INVALID_CSV, "a quote inside the unquoted cell 1"),
            new Refused(6, Code.CONTROL_CHARACTER, "completion holds a control character"));
    assertThat(rows.get(5)).isInstanceOf(Accepted.class);
    byte[] latin = "prompt,completion\ncaf\u00e9,r\nq,r\n".getBytes(StandardCharsets.ISO_8859_1);
    rows = Outcomes.of(latin, new Settings("x.csv"));
    assertThat(rows.getFirst())
        .isEqualTo(new Refused(2, Code.INVALID_UTF8, "cell 1: byte 4 is no UTF-8"));
    assertThat(rows.get(1)).isInstanceOf(Accepted.class);
  }

  @Test
  void csv_that_cannot_be_read_on_is_refused_whole() {
    assertThat(Outcomes.of("prompt,completion\n\"q,r\nq,r\n", "x.csv"))
        .containsExactly(
            new FileRefused(2, Code.INVALID_CSV, "a quote opened in line 2 is never closed"));
    assertThat(Outcomes.of("prompt,prompt\n", "x.csv"))
        .containsExactly(new FileRefused(1, Code.DUPLICATE_KEY, "the header names prompt twice"));
    assertThat(Outcomes.of("prompt,\n", "x.csv"))
        .containsExactly(
            new FileRefused(1, Code.INVALID_CSV, "a column of the header has no name"));
    assertThat(Outcomes.of("prompt,completion\n", "x.csv"))
        .containsExactly(new FileRefused(1, Code.EMPTY_FILE, "the file has no rows"));
    assertThat(Outcomes.of("", "x.csv"))
        .containsExactly(new FileRefused(1, Code.EMPTY_FILE, "the file has no rows"));
  }

  @Test
  void rows_beyond_the_limit_are_passed_over_in_every_container() {
    String longText = "x".repeat(200);
    String turn = "{\"prompt\":\"%s\"}";
    assertThat(
            Outcomes.of(
                utf8(
                    turn.formatted("a")
                        + "\n"
                        + turn.formatted(longText)
                        + "\n"
                        + turn.formatted("b")),
                small("x.jsonl")))
        .extracting(outcome -> outcome.getClass().getSimpleName())
        .containsExactly("Accepted", "Refused", "Accepted");
    List<RowOutcome> array =
        Outcomes.of(
            utf8(
                "["
                    + turn.formatted("a")
                    + ","
                    + turn.formatted(longText)
                    + ","
                    + turn.formatted("b")
                    + "]"),
            small("x.json"));
    assertThat(array.get(1))
        .isEqualTo(
            new Refused(1, Code.LINE_TOO_LONG, "the element has 213 bytes, the limit is 100"));
    assertThat(((Accepted) array.get(2)).row()).isEqualTo(2);
    List<RowOutcome> csv =
        Outcomes.of(utf8("prompt\na\n" + longText + "\n\"" + longText + "\"\nb\n"), small("x.csv"));
    assertThat(csv)
        .extracting(outcome -> outcome.getClass().getSimpleName())
        .containsExactly("Accepted", "Refused", "Refused", "Accepted");
  }

  @Test
  void a_reader_gives_up_where_a_file_only_fills_memory() throws IOException {
    String endless = "x".repeat(5000);
    for (String name : List.of("x.jsonl", "x.json", "x.csv")) {
      String file =
          switch (name) {
            case "x.jsonl" -> "{\"prompt\":\"" + endless;
            case "x.json" -> "[{\"prompt\":\"" + endless;
            default -> "prompt\n\"" + endless;
          };
      RowOutcome last = Outcomes.of(gzip(utf8(file)), small(name)).getLast();
      assertThat(last).isInstanceOf(FileRefused.class);
      assertThat(((FileRefused) last).code()).as(name).isEqualTo(Code.LINE_TOO_LONG);
    }
    RowOutcome tooLarge =
        Outcomes.of(
                gzip(utf8("{\"prompt\":\"aaaaaaaaaa\"}\n".repeat(40).repeat(200))),
                new Settings("x", null, null, null, new Limits(100, 1000, 50_000, 1_000_000)))
            .getLast();
    assertThat(tooLarge)
        .isEqualTo(
            new FileRefused(
                1, Code.FILE_TOO_LARGE, "the file holds more than 50000 bytes, unpacked"));
    assertThat(Outcomes.of(utf8("{\"prompt\":\"a\"}\n".repeat(51)), small("x")).getLast())
        .isEqualTo(new FileRefused(51, Code.FILE_TOO_LARGE, "the file has more than 50 rows"));
  }

  /// Separators and quotes fill a memory as well as letters do: each makes a cell.
  @Test
  void a_reader_gives_up_on_records_of_nothing_but_separators_and_quotes() throws IOException {
    for (String filler : List.of(",", "\"\",", "\"\"\"\",")) {
      byte[] packed = gzip(utf8("prompt,completion\n" + filler.repeat(1500)));
      assertThat(((FileRefused) Outcomes.of(packed, small("x.csv")).getLast()).code())
          .as(filler)
          .isEqualTo(Code.LINE_TOO_LONG);
      assertThat(
              ((FileRefused) Outcomes.of(gzip(utf8(filler.repeat(1500))), small("x.csv")).getLast())
                  .code())
          .as("a header of " + filler)
          .isEqualTo(Code.LINE_TOO_LONG);
    }
    assertThat(
            Outcomes.of(utf8("prompt,completion\n" + ",".repeat(200) + "\nq,a\n"), small("x.csv")))
        .satisfiesExactly(
            outcome ->
                assertThat(outcome)
                    .isEqualTo(
                        new Refused(
                            2, Code.LINE_TOO_LONG, "the record has 200 bytes, the limit is 100")),
            outcome -> assertThat(outcome).isInstanceOf(Accepted.class));
  }

  /// A row of a megabyte must not leave a megabyte of reason behind.
  @Test
  void a_reason_quotes_no_more_of_a_row_than_people_read() {
    String name = "n".repeat(300_000);
    for (String row :
        List.of(
            "{\"" + name + "\":1}",
            "{\"prompt\":\"q\",\"" + name + "\":1,\"" + name + "\":2}",
            "{\"messages\":[{\"role\":\"" + name + "\",\"content\":\"x\"}]}")) {
      assertThat(Outcomes.of(row, "x.jsonl").getFirst())
          .isInstanceOfSatisfying(
              Refused.class,
              refused ->
                  assertThat(refused.reason())
                      .hasSizeLessThanOrEqualTo(RowOutcome.LONGEST_REASON)
                      .endsWith("\u2026"));
    }
    assertThat(Outcomes.of(name + "," + name + "\n", "x.csv").getLast())
        .isInstanceOfSatisfying(
            FileRefused.class,
            refused ->
                assertThat(refused.reason()).hasSizeLessThanOrEqualTo(RowOutcome.LONGEST_REASON));
  }

  @Test
  void lines_that_end_with_cr_alone_are_counted() {
    assertThat(Outcomes.of("prompt,completion\rq,a\r\"q\r2\",a,b\rq\r", "x.csv"))
        .satisfiesExactly(
            outcome -> assertThat(((Accepted) outcome).row()).isEqualTo(2),
            outcome -> assertThat(((Refused) outcome).row()).isEqualTo(3),
            outcome -> assertThat(((Refused) outcome).row()).isEqualTo(5));
  }

  @Test
  void a_damaged_archive_is_refused_whole() throws IOException {
    byte[] packed = gzip(utf8("{\"prompt\":\"a\"}\n".repeat(20)));
    packed[packed.length - 6] ^= 1; // its checksum
    RowOutcome last = Outcomes.of(packed, new Settings("x.jsonl.gz")).getLast();
    assertThat(((FileRefused) last).code()).isEqualTo(Code.CORRUPT_GZIP);
    RowOutcome head = Outcomes.of(new byte[] {0x1F, (byte) 0x8B, 8}, new Settings("x")).getLast();
    assertThat(((FileRefused) head).code()).isEqualTo(Code.TRUNCATED_GZIP);
  }

  @Test
  void foreign_encodings_are_named() {
    for (var charset :
        List.of(
            StandardCharsets.UTF_16,
            StandardCharsets.UTF_16LE,
            StandardCharsets.UTF_16BE,
            StandardCharsets.UTF_32)) {
      RowOutcome outcome =
          Outcomes.of("{\"prompt\":\"a\"}\n".getBytes(charset), new Settings("x")).getFirst();
      assertThat(((FileRefused) outcome).code())
          .as("%s", charset)
          .isEqualTo(Code.UNSUPPORTED_ENCODING);
      assertThat(((FileRefused) outcome).reason()).contains("save it as UTF-8");
    }
    RowOutcome inArray =
        Outcomes.of(
                "[{\"prompt\":\"caf\u00e9\"}]".getBytes(StandardCharsets.ISO_8859_1),
                new Settings("x"))
            .getFirst();
    assertThat(((FileRefused) inArray).code()).isEqualTo(Code.INVALID_UTF8);
  }

  @Test
  void arrays_that_are_no_json_are_refused_whole() {
    for (String text :
        List.of(
            "[", "[{}", "[{}}", "[{} {}]", "[,]", "[{},,{}]", "[]x", "[{'a':1}]", "[{]}]", "x")) {
      List<RowOutcome> outcomes =
          Outcomes.of(
              utf8(text),
              new Settings("x", Container.JSON_ARRAY, Shape.PROMPT, null, Limits.DEFAULT));
      assertThat(outcomes.getLast()).as(text).isInstanceOf(FileRefused.class);
      assertThat(((FileRefused) outcomes.getLast()).code()).as(text).isEqualTo(Code.INVALID_JSON);
    }
    assertThat(Outcomes.of("[ ]", "x"))
        .containsExactly(new FileRefused(1, Code.EMPTY_FILE, "the file has no rows"));
    assertThat(Outcomes.of("[{\"prompt\":\"]},{\\\"\"}]", "x").getFirst())
        .as("brackets in texts are texts")
        .isInstanceOf(Accepted.class);
  }

  @Test
  void an_emoji_alone_is_an_answer() {
    assertThat(Outcomes.of("{\"prompt\":\"q\",\"completion\":\"👍\"}", "x").getFirst())
        .isInstanceOf(Accepted.class);
  }

  @Test
  void rows_like_no_data_set_say_what_they_have() {
    assertThat(Outcomes.of("{\"foo\":1,\"bar\":2}", "x"))
        .containsExactly(
            new Refused(
                1, Code.MISSING_FIELD, "none of the fields is one that data sets have: foo, bar"));
  }

  @Test
  void a_word_cut_by_the_implied_prompt_is_told() {
    assertThat(
            ((Accepted)
                    Outcomes.of("{\"chosen\":\"Say: goodbye\",\"rejected\":\"Say: good\"}", "x")
                        .getFirst())
                .warnings())
        .containsExactly(Code.WARN_ANSWER_CUT_SHORT);
    Accepted cut =
        (Accepted)
            Outcomes.of("{\"chosen\":\"Say: goodbye\",\"rejected\":\"Say: goodness\"}", "x")
                .getFirst();
    assertThat(cut.warnings()).containsExactly(Code.WARN_PROMPT_CUT_IN_WORD);
    assertThat(((Preference) cut.example()).prompt()).containsExactly(Turn.user("Say: good"));
  }

  @Test
  void a_pair_of_surrogates_is_never_cut() {
    Accepted row =
        (Accepted) Outcomes.of("{\"chosen\":\"Hi 😀\",\"rejected\":\"Hi 😁\"}", "x").getFirst();
    assertThat(((Preference) row.example()).chosen()).containsExactly(Turn.assistant(" 😀"));
  }

  /// A stream without end: what is held must not grow with what was read.
  @Test
  void memory_does_not_grow_with_the_file() throws IOException {
    byte[] row = utf8("{\"prompt\":\"" + "x".repeat(1000) + "\"}\n");
    InputStream endless =
        new InputStream() {
          private int at;

          @Override
          public int read() {
            return row[at++ % row.length];
          }

          @Override
          public int read(byte[] bytes, int offset, int length) {
            for (int i = 0; i < length; i++) {
              bytes[offset + i] = (byte) read();
              at = at % row.length;
            }
            return length;
          }
        };
    Runtime runtime = Runtime.getRuntime();
    try (DatasetReader reader = DatasetReader.open(endless, new Settings("x.jsonl"))) {
      long before = 0;
      for (int i = 0; i < 300_000; i++) {
        assertThat(reader.next()).isInstanceOf(Accepted.class);
        if (i == 1000) {
          System.gc();
          before = runtime.totalMemory() - runtime.freeMemory();
        }
      }
      System.gc();
      long after = runtime.totalMemory() - runtime.freeMemory();
      // 300 MB went through; the collector's own noise is a few megabytes.
      assertThat(after - before).isLessThan(30L << 20);
    }
  }

  @Test
  void limits_must_make_sense() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Limits(10, 5, 1, 1))
        .withMessage("limits must be >= 1 and stopBytes >= rowBytes, were 10, 5, 1, 1");
  }

  @Test
  void shapes_have_names() {
    for (Shape shape : Shape.values()) {
      assertThat(Shape.named(shape.title())).isEqualTo(shape);
    }
    assertThat(Shape.named("parquet")).isNull();
  }
}
