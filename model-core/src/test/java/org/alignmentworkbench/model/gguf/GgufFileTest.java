package org.alignmentworkbench.model.gguf;

import static org.alignmentworkbench.model.gguf.GgufBytes.concat;
import static org.alignmentworkbench.model.gguf.GgufBytes.number;
import static org.alignmentworkbench.model.gguf.GgufBytes.string;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufFileTest {
  private static final Path TINY =
      Path.of("src/test/resources/fixtures/model/exports/tiny-llama.F16.gguf");

  @TempDir Path folder;

  private Path file(Consumer<GgufBytes> content) throws Exception {
    GgufBytes bytes = new GgufBytes();
    content.accept(bytes);
    return bytes.write(folder.resolve("made.gguf"));
  }

  private GgufException refused(Consumer<GgufBytes> content) throws Exception {
    return refused(file(content));
  }

  private static GgufException refused(Path path) throws IOException {
    try (GgufFile file = GgufFile.open(path)) {
      throw new AssertionError("was read: " + file.tensors());
    } catch (GgufException refusal) {
      assertThat(refusal.file()).isEqualTo(path);
      assertThat(refusal).hasMessageStartingWith(path + ", offset " + refusal.offset() + ": ");
      assertThat(refusal.offset()).isBetween(0L, Files.size(path));
      return refusal;
    }
  }

  @Test
  void every_kind_of_value_is_read() throws Exception {
    Path path =
        file(made ->
            made.pair("u8", 0, number(1, 200))
                .pair("i8", 1, number(1, -56))
                .pair("u16", 2, number(2, 60_000))
                .pair("i16", 3, number(2, -5_536))
                .pair("u32", 4, number(4, 4_000_000_000L))
                .pair("i32", 5, number(4, -294_967_296))
                .real("f32", 1e-5f)
                .flag("yes", true)
                .text("word", "Grüße 🙂")
                .texts("words", List.of("a", ""))
                .pair("u64", 10, number(8, -1))
                .pair("i64", 11, number(8, -1))
                .pair("f64", 12, number(8, Double.doubleToRawLongBits(0.1)))
                .pair(
                    "nested",
                    9,
                    concat(
                        number(4, 9),
                        number(8, 2),
                        concat(number(4, 0), number(8, 2), new byte[] {1, 2}),
                        concat(number(4, 7), number(8, 0)))));
    try (GgufFile file = GgufFile.open(path)) {
      GgufMetadata read = file.metadata();
      assertThat(read.pairs().values().stream().map(GgufValue::toString).toList())
          .containsExactly(
              "200",
              "-56",
              "60000",
              "-5536",
              "4000000000",
              "-294967296",
              "1.0E-5",
              "true",
              "\"Grüße 🙂\"",
              "2 values of STRING",
              "18446744073709551615",
              "-1",
              "0.1",
              "2 values of ARRAY");
      assertThat(read.texts("words")).containsExactly("a", "");
      assertThat(read.real("f32")).contains(1e-5);
      assertThat(read.whole("u16")).hasValue(60_000);
      assertThat(read.flag("yes")).contains(true);
      assertThat(read.text("absent")).isEmpty();
      assertThatThrownBy(() -> read.whole("u32"))
          .hasMessage(
              path + ": u32 must be a whole number from 0 to 2^31 - 1, was UINT32 4000000000");
      assertThatThrownBy(() -> read.text("u8"))
          .hasMessage(path + ": u8 must be a string, was UINT8 200");
      assertThatThrownBy(() -> read.texts("absent")).hasMessage(path + ": absent is missing");
      assertThatThrownBy(() -> read.wholes("words"))
          .hasMessageContaining("words must be a list of whole numbers below 2^31");
    }
  }

  @Test
  void the_file_of_the_reference_writer_is_read() throws Exception {
    try (GgufFile file = GgufFile.open(TINY)) {
      assertThat(file.metadata().text("general.architecture")).contains("llama");
      assertThat(file.tensors()).hasSize(20);
      GgufTensor embedding = file.tensors().get("token_embd.weight");
      assertThat(embedding.shape()).containsExactly(512L, 64L);
      assertThat(embedding.type()).isEqualTo(TensorType.F16);
      Tensor values = file.read("token_embd.weight");
      assertThat(values.shape()).containsExactly(512, 64);
      assertThatThrownBy(() -> file.read("nothing"))
          .hasMessage(TINY + " has no tensor named nothing");
    }
  }

  @Test
  void tensors_lie_at_the_alignment_that_the_file_says() throws Exception {
    Path path =
        file(made -> {
          made.alignment = 64;
          made.whole("general.alignment", 64)
              .floats("a", new float[] {1, 2, 3}, 3)
              .floats("b", new float[] {4, 5, 6, 7}, 2, 2);
        });
    try (GgufFile file = GgufFile.open(path)) {
      assertThat(file.read("a").data()).containsExactly(1, 2, 3);
      assertThat(file.read("b").shape()).containsExactly(2, 2);
      assertThat(file.read("b").data()).containsExactly(4, 5, 6, 7);
      assertThat(file.tensors().get("b").begin() % 64).isZero();
    }
    assertThat(refused(made -> made.whole("general.alignment", 12)))
        .hasMessageEndingWith("general.alignment must be a UINT32 that 8 divides, was 12");
  }

  @Test
  void what_is_no_gguf_of_version_2_or_3_is_refused() throws Exception {
    Path path = folder.resolve("made.gguf");
    Files.write(path, new byte[0]);
    assertThat(refused(path)).hasMessageEndingWith("offset 0: the file must begin with GGUF");
    Files.writeString(path, "GGML and more");
    assertThat(refused(path)).hasMessageEndingWith("offset 0: the file must begin with GGUF");
    assertThat(refused(made -> made.version = 1))
        .hasMessageEndingWith("offset 4: the version must be 2 or 3, was 1");
    assertThat(refused(made -> made.version = 0x03000000))
        .hasMessageEndingWith("offset 4: the file must be little-endian, is big-endian");
    try (GgufFile file = GgufFile.open(file(made -> made.version = 2))) {
      assertThat(file.tensors()).isEmpty();
    }
  }

  @Test
  void what_is_named_twice_is_refused() throws Exception {
    assertThat(refused(made -> made.whole("k", 1).whole("k", 1)))
        .hasMessageEndingWith("key k stands there twice");
    assertThat(refused(made -> made.floats("t", new float[8], 8).floats("t", new float[8], 8)))
        .hasMessageEndingWith("tensor t stands there twice");
  }

  @Test
  void a_number_of_things_that_cannot_fit_is_refused_before_anything_is_reserved()
      throws Exception {
    assertThat(refused(made -> made.pair("k", 9, concat(number(4, 0), number(8, 1L << 40)))))
        .hasMessageContaining(
            "the length of k is 1099511627776, more than fit the 15 bytes that follow");
    assertThat(refused(made -> made.pair("k", 8, number(8, -1))))
        .hasMessageContaining("the length of k is 18446744073709551615, more than fit");
    byte[] many = new GgufBytes().bytes();
    many[8 + 6] = 1;
    Path path = Files.write(folder.resolve("many.gguf"), many);
    assertThat(refused(path)).hasMessageContaining("offset 8: the number of tensors is ");
  }

  @Test
  void a_value_or_text_that_cannot_be_is_refused() throws Exception {
    assertThat(refused(made -> made.pair("k", 13, number(8, 0))))
        .hasMessageEndingWith("the kind of k must be below 13, was 13");
    assertThat(refused(made -> made.pair("k", 7, number(1, 2))))
        .hasMessageEndingWith("k must be 0 or 1, was 2");
    assertThat(refused(made -> made.pair("k", 8, concat(number(8, 1), new byte[] {(byte) 0xC3}))))
        .hasMessageEndingWith("k must be UTF-8");
    byte[] nested = concat(number(4, 0), number(8, 0));
    for (int i = 0; i < 4; i++) {
      nested = concat(number(4, 9), number(8, 1), nested);
    }
    byte[] deep = nested;
    assertThat(refused(made -> made.pair("k", 9, deep)))
        .hasMessageEndingWith("arrays in k must nest at most 4 deep");
  }

  @Test
  void a_tensor_that_cannot_be_is_refused() throws Exception {
    assertThat(refused(made -> made.entry("t", 13, 0, 256)))
        .hasMessageEndingWith(
            "tensor t is stored as Q5_K (13); read are [F32, F16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0,"
                + " Q4_K, Q6_K, BF16]");
    assertThat(refused(made -> made.entry("t", -1, 0, 256)))
        .hasMessageContaining("tensor t is stored as number 4294967295");
    assertThat(refused(made -> made.entry("t", 0, 0)))
        .hasMessageEndingWith("tensor t must have 1 to 4 axes, has 0");
    assertThat(refused(made -> made.entry("t", 0, 0, 1, 1, 1, 1, 1)))
        .hasMessageEndingWith("tensor t must have 1 to 4 axes, has 5");
    assertThat(refused(made -> made.entry("t", 0, 0, 0)))
        .hasMessageContaining("the extents of tensor t must be at least 1");
    assertThat(refused(made -> made.entry("t", 0, 0, 1L << 32, 1L << 32)))
        .hasMessageContaining("their product below 2^63, one is 4294967296");
    assertThat(refused(made -> made.entry("t", 12, 0, 576, 2)))
        .hasMessageEndingWith(
            "a row of tensor t must be whole blocks of 256 values in Q4_K, has 576");
    assertThat(refused(made -> made.entry("t", 0, 16, 4)))
        .hasMessageEndingWith("the offset of tensor t must be a multiple of 32, was 16");
  }

  @Test
  void a_tensor_outside_the_file_or_over_another_is_refused() throws Exception {
    assertThat(refused(made -> made.entry("t", 0, 1L << 40, 4)))
        .hasMessageContaining("tensor t must lie inside the file of ");
    assertThat(refused(made -> made.floats("t", new float[3], 3).entry("u", 0, 0, 4)))
        .hasMessageContaining("tensor u must lie inside the file of ");
    assertThat(refused(made -> made.floats("t", new float[16], 16).entry("u", 0, 32, 4)))
        .hasMessageEndingWith("tensor u overlaps tensor t");
  }

  /// Cut off at any byte: refused as such, and never with another error.
  @Test
  void a_truncated_file_is_refused_wherever_it_ends() throws Exception {
    byte[] whole =
        new GgufBytes()
            .whole("n", 3)
            .texts("words", List.of("one", "two"))
            .wholes("numbers", 1, 2, 3)
            .floats("a", new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 4, 2)
            .floats("b", new float[] {1, 2}, 2)
            .bytes();
    Path path = folder.resolve("cut.gguf");
    Files.write(path, whole);
    GgufFile.open(path).close();
    for (int length = 0; length < whole.length; length++) {
      Files.write(path, Arrays.copyOf(whole, length));
      refused(path);
    }
  }

  /// Any damage: read (a value may have changed) or refused as a fault of the file.
  @Test
  void a_damaged_file_is_read_or_refused_and_nothing_else() throws Exception {
    byte[] whole =
        new GgufBytes()
            .whole("n", 3)
            .texts("words", List.of("one", "two"))
            .pair(
                "nested",
                9,
                concat(number(4, 9), number(8, 1), number(4, 8), number(8, 1), string("x")))
            .floats("a", new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 4, 2)
            .tensor("b", 8, new byte[34], 32)
            .bytes();
    Path path = folder.resolve("damaged.gguf");
    int refused = 0;
    for (int n = 0; n < 1000; n++) {
      CounterStream stream = CounterStream.of(3, "damage", 0, n);
      byte[] damaged = whole.clone();
      int changes = 1 + stream.below(0, 3);
      for (int i = 0; i < changes; i++) {
        damaged[stream.below(10 + 2 * i, whole.length)] = (byte) stream.below(11 + 2 * i, 256);
      }
      Files.write(path, damaged);
      try (GgufFile file = GgufFile.open(path)) {
        file.tensors().keySet().forEach(file::read);
      } catch (GgufException refusal) {
        refused++;
      }
    }
    assertThat(refused).isBetween(250, 950);
  }
}
