package org.alignmentworkbench.model.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SafetensorsFileTest {
  private static final Path FIXTURES = Path.of("src/test/resources/fixtures/model");

  @TempDir Path folder;

  private Path file(String header, int dataBytes) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return file(text.length, text, dataBytes);
  }

  private Path file(long length, byte[] header, int dataBytes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
    bytes.write(header);
    bytes.write(new byte[dataBytes]);
    Path path = folder.resolve("x.safetensors");
    Files.write(path, bytes.toByteArray());
    return path;
  }

  /// The fixture was written by the reference library.
  @Test
  void rewriting_a_file_of_the_reference_library_gives_the_same_bytes() throws IOException {
    Path original = FIXTURES.resolve("tiny-llama/model.safetensors");
    Path copy = folder.resolve("copy.safetensors");
    try (SafetensorsFile file = SafetensorsFile.open(original)) {
      assertThat(file.metadata()).containsExactly(Map.entry("format", "pt"));
      assertThat(file.info("model.embed_tokens.weight").shape()).containsExactly(512L, 64L);
      SafetensorsWriter.write(copy, file.readAll(), Dtype.F32, file.metadata());
    }
    assertThat(copy).hasSameBinaryContentAs(original);
  }

  @Test
  void integers_of_the_reference_library_are_read() throws IOException {
    try (SafetensorsFile file =
        SafetensorsFile.open(FIXTURES.resolve("train_batches.safetensors"))) {
      int[] ids = file.readInts("step0.micro0.input_ids");
      assertThat(ids).hasSize(40);
      assertThat(Arrays.stream(ids)).allMatch(id -> id >= 0 && id < 512);
      assertThat(Arrays.stream(file.readInts("step0.micro0.labels")).min()).hasValue(-100);
      assertThatThrownBy(() -> file.read("step0.micro0.input_ids"))
          .hasMessageEndingWith("dtype must be F32, F16 or BF16, was I32");
      assertThatThrownBy(() -> file.read("nothing"))
          .hasMessageContaining("no tensor named nothing");
    }
  }

  @Test
  void every_kind_of_value_survives() throws IOException {
    Path path = folder.resolve("kinds.safetensors");
    new SafetensorsWriter()
        .add("f32", Tensor.of(new float[] {1f, -0f, Float.NaN, Float.MIN_VALUE}, 2, 2), Dtype.F32)
        .add("f16", Tensor.of(new float[] {0.5f, 65504f, Float.POSITIVE_INFINITY}, 3), Dtype.F16)
        .add("bf16", Tensor.of(new float[] {0.5f, 3.0e38f}, 2), Dtype.BF16)
        .add("scalar", Tensor.of(new float[] {7f}), Dtype.F32)
        .add("empty", Tensor.of(new float[0], 0, 4), Dtype.F32)
        .addInts("ints", new int[] {Integer.MIN_VALUE, 5}, 2)
        .addLongs("longs", new long[] {Long.MAX_VALUE, -1}, 2, 1)
        .addLongs("small", new long[] {12, -1}, 2)
        .addBytes("bytes", new byte[] {0, -1, 127}, 3)
        .metadata("ключ \"\n\u0001", "значение 🙂")
        .write(path);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.read("f32").data()).containsExactly(1f, -0f, Float.NaN, Float.MIN_VALUE);
      assertThat(file.read("f32").shape()).containsExactly(2, 2);
      assertThat(file.read("f16").data()).containsExactly(0.5f, 65504f, Float.POSITIVE_INFINITY);
      assertThat(file.read("bf16").data()[0]).isEqualTo(0.5f);
      assertThat(file.read("scalar").rank()).isZero();
      assertThat(file.read("empty").shape()).containsExactly(0, 4);
      assertThat(file.readInts("ints")).containsExactly(Integer.MIN_VALUE, 5);
      assertThat(file.readLongs("longs")).containsExactly(Long.MAX_VALUE, -1);
      assertThat(file.readInts("small")).containsExactly(12, -1);
      assertThat(file.readInts("bytes")).containsExactly(0, 255, 127);
      assertThat(file.readBytes("bytes")).containsExactly(0, -1, 127);
      assertThat(file.metadata()).containsEntry("ключ \"\n\u0001", "значение 🙂");
    }
    long header =
        ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertThat(header % 8).isZero();
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(path);
    }
  }

  @Test
  void the_order_of_adding_does_not_change_the_bytes() throws IOException {
    Tensor a = Tensor.of(new float[] {1, 2}, 2);
    Tensor b = Tensor.of(new float[] {3}, 1);
    SequencedMap<String, Tensor> forward = new LinkedHashMap<>();
    forward.put("a", a);
    forward.put("b", b);
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    SafetensorsWriter.write(one, forward, Dtype.F16, Map.of("x", "1", "y", "2"));
    SafetensorsWriter.write(two, forward.reversed(), Dtype.F16, Map.of("y", "2", "x", "1"));
    assertThat(one).hasSameBinaryContentAs(two);
  }

  @Test
  void a_failed_write_leaves_the_old_file_and_nothing_beside_it() throws IOException {
    Path path = folder.resolve("w.safetensors");
    Files.writeString(path, "old");
    SafetensorsWriter writer =
        new SafetensorsWriter().add("w", Tensor.of(new float[] {1, 70000}, 2), Dtype.F16);
    assertThatThrownBy(() -> writer.write(path))
        .hasMessage("tensor w, value 1: F16 holds at most 65504, was 70000.0");
    assertThat(path).hasContent("old");
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(path);
    }
  }

  @Test
  void a_tensor_past_two_gibibytes_is_read() throws IOException {
    Path path = folder.resolve("large.safetensors");
    long gap = 3L << 30;
    String header =
        "{\"big\":{\"dtype\":\"U8\",\"shape\":["
            + gap
            + "],\"data_offsets\":[0,"
            + gap
            + "]},\"end\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":["
            + gap
            + ","
            + (gap + 8)
            + "]}}";
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer start = ByteBuffer.allocate(8 + text.length).order(ByteOrder.LITTLE_ENDIAN);
    start.putLong(text.length).put(text).flip();
    ByteBuffer end = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    end.putFloat(1.5f).putFloat(-2f).flip();
    // The file is sparse: its hole takes no room on the disk.
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(start, 0);
      channel.write(end, 8 + text.length + gap);
    }
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.read("end").data()).containsExactly(1.5f, -2f);
      assertThat(file.segment("big").byteSize()).isEqualTo(gap);
    }
  }

  @Test
  void a_truncated_start_is_refused() throws IOException {
    Path path = folder.resolve("short");
    Files.write(path, new byte[] {1, 2, 3});
    assertThatThrownBy(() -> SafetensorsFile.open(path))
        .isInstanceOfSatisfying(
            SafetensorsException.class,
            e -> {
              assertThat(e.file()).isEqualTo(path);
              assertThat(e.offset()).isEqualTo(3);
            })
        .hasMessage(path + ", offset 3: the file must begin with 8 bytes of header length, has 3");
  }

  @Test
  void every_truncation_of_a_good_file_is_refused() throws IOException {
    Path path = folder.resolve("good");
    SafetensorsWriter.write(
        path, Map.of("a", Tensor.of(new float[] {1, 2, 3}, 3)), Dtype.F32, Map.of("k", "v"));
    byte[] good = Files.readAllBytes(path);
    for (int length = 0; length < good.length; length++) {
      Files.write(path, Arrays.copyOf(good, length));
      assertThatThrownBy(() -> SafetensorsFile.open(path).close())
          .isInstanceOf(SafetensorsException.class);
    }
    Files.write(path, Arrays.copyOf(good, good.length + 1));
    assertThatThrownBy(() -> SafetensorsFile.open(path).close())
        .hasMessageContaining("offset " + good.length)
        .hasMessageEndingWith("no tensor covers the last 1 bytes");
  }

  @Test
  void a_header_over_the_cap_is_refused_before_it_is_read() throws IOException {
    assertThatThrownBy(() -> SafetensorsFile.open(file(100_000_001, new byte[0], 0)))
        .hasMessageEndingWith("the header must be at most 100000000 bytes, says 100000001");
    assertThatThrownBy(() -> SafetensorsFile.open(file(-1, new byte[0], 0)))
        .hasMessageEndingWith("says 18446744073709551615");
  }

  @Test
  void a_header_that_is_not_utf8_is_refused() throws IOException {
    byte[] bytes = "{\"aé\":1}".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> SafetensorsFile.open(file(bytes.length, bytes, 0)))
        .hasMessageEndingWith("offset 8: the header must be UTF-8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]|0|the header must begin with '{'",
        "{|0|the header must be valid JSON",
        "{} x|0|the header must be",
        "{'a':1}|0|the header must be valid JSON",
        "{\"a\":1}|0|the header must have the shape of the format",
        "{\"__metadata__\":{\"a\":1}}|0|__metadata__ must hold strings, a is NUMBER",
        "{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}|0|duplicate key a in __metadata__",
        "{\"__metadata__\":{},\"__metadata__\":{}}|0|duplicate key __metadata__",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}|8|duplicate key a",
        "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}|4|duplicate key dtype in tensor a",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}|4|tensor a must have dtype, shape and data_offsets",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}|4|tensor a must have two data_offsets, has 1",
        "{\"a\":{\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,4]}}|4|tensor a has an unknown dtype F31",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}}|4|tensor a has an unknown key x",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}|4|tensor a of dtype F32 and shape [2] must take 8.0 bytes, takes 4",
        "{\"a\":{\"dtype\":\"F4\",\"shape\":[1],\"data_offsets\":[0,1]}}|1|must take 0.5 bytes, takes 1",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}|4|tensor a must lie inside the 4 data bytes, says 0 to 8",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,4]}}|8|tensor a must lie inside the 8 data bytes, says 8 to 4",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}|4|shape of tensor a must hold whole numbers, has -1",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}|4|shape of tensor a must hold whole numbers, has 1.0",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[\"1\"],\"data_offsets\":[0,4]}}|4|shape of tensor a must hold whole numbers, has STRING",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387,4611686018427387],\"data_offsets\":[0,4]}}|4|the shape of tensor a is too large",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[2,6]}}|6|tensor b overlaps the tensor before it",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[6,10]}}|10|no tensor covers the 2 bytes before b",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}|5|no tensor covers the last 1 bytes",
      })
  void what_the_format_forbids_is_refused_by_its_rule(String header, int dataBytes, String rule)
      throws IOException {
    Path path = file(header, dataBytes);
    assertThatThrownBy(() -> SafetensorsFile.open(path))
        .isInstanceOf(SafetensorsException.class)
        .hasMessageStartingWith(path + ", offset ")
        .hasMessageContaining(rule);
  }

  @Test
  void trailing_spaces_and_an_empty_file_of_tensors_are_fine() throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(file("{}     ", 0))) {
      assertThat(file.names()).isEmpty();
      assertThat(file.metadata()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void every_type_of_the_format_is_opened(Dtype dtype) throws IOException {
    String header =
        "{\"a\":{\"dtype\":\""
            + dtype
            + "\",\"shape\":[8],\"data_offsets\":[0,"
            + dtype.bits()
            + "]}}";
    try (SafetensorsFile file = SafetensorsFile.open(file(header, dtype.bits()))) {
      assertThat(file.info("a"))
          .extracting(TensorInfo::dtype, TensorInfo::elements, TensorInfo::shape)
          .containsExactly(dtype, 8L, List.of(8L));
    }
  }

  /// Damage of every kind in the header: read, or refused with place and rule, nothing else.
  @Test
  void a_damaged_header_is_refused_as_such() throws IOException {
    Path path = folder.resolve("damaged");
    new SafetensorsWriter()
        .add("a.weight", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2), Dtype.F32)
        .add("b", Tensor.of(new float[] {5}, 1), Dtype.F16)
        .metadata("format", "pt")
        .write(path);
    byte[] good = Files.readAllBytes(path);
    int refused = 0;
    for (int n = 0; n < 3000; n++) {
      CounterStream stream = CounterStream.of(5, "damage", 0, n);
      byte[] bad = good.clone();
      for (int i = 0; i <= stream.below(0, 3); i++) {
        bad[stream.below(1 + 2 * i, good.length)] = (byte) stream.below(2 + 2 * i, 256);
      }
      Files.write(path, bad);
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        assertThat(file.names()).hasSize(2);
      } catch (SafetensorsException expected) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(1000);
  }
}
