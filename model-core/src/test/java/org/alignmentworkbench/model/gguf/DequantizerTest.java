package org.alignmentworkbench.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Blocks put together by hand from the format's rules, with values that any arithmetic gives
/// exactly, and random blocks with the bits that the reference implementation makes of them.
class DequantizerTest {
  private static ByteBuffer block(TensorType type) {
    return ByteBuffer.allocate(type.blockBytes()).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer half(ByteBuffer block, float value) {
    return block.putShort(Float.floatToFloat16(value));
  }

  private static float[] decode(TensorType type, ByteBuffer block) {
    assertThat(block.hasRemaining()).isFalse();
    float[] values = new float[type.blockSize()];
    Dequantizer.decode(type, block.array(), values);
    return values;
  }

  @Test
  void floats_of_32_and_16_bits_are_exact() {
    assertThat(decode(TensorType.F32, block(TensorType.F32).putFloat(-1.1f)))
        .containsExactly(-1.1f);
    // binary16: sign 1, exponent 14 - 15, fraction 0x100 / 0x400: -(1 + 1/4) / 2
    assertThat(decode(TensorType.F16, block(TensorType.F16).putShort((short) 0xB900)))
        .containsExactly(-0.625f);
    // bfloat16: exponent 0x80 - 127 = 1, fraction 0x40 / 0x80: (1 + 1/2) * 2
    assertThat(decode(TensorType.BF16, block(TensorType.BF16).putShort((short) 0x4040)))
        .containsExactly(3f);
  }

  @Test
  void q8_0_is_a_scale_times_signed_bytes() {
    ByteBuffer block = half(block(TensorType.Q8_0), 0.5f);
    float[] expected = new float[32];
    for (int i = 0; i < 32; i++) {
      block.put((byte) (8 * i - 128));
      expected[i] = 4 * i - 64;
    }
    assertThat(decode(TensorType.Q8_0, block)).isEqualTo(expected);
  }

  @Test
  void q4_0_centres_at_eight_and_q4_1_adds_a_minimum() {
    ByteBuffer zero = half(block(TensorType.Q4_0), 2);
    ByteBuffer one = half(half(block(TensorType.Q4_1), 2), -3);
    float[] expectedZero = new float[32];
    float[] expectedOne = new float[32];
    for (int i = 0; i < 16; i++) {
      // value i in the low half, value i + 16 in the high half
      byte packed = (byte) (i | (15 - i) << 4);
      zero.put(packed);
      one.put(packed);
      expectedZero[i] = 2 * (i - 8);
      expectedZero[i + 16] = 2 * (7 - i);
      expectedOne[i] = 2 * i - 3;
      expectedOne[i + 16] = 2 * (15 - i) - 3;
    }
    assertThat(decode(TensorType.Q4_0, zero)).isEqualTo(expectedZero);
    assertThat(decode(TensorType.Q4_1, one)).isEqualTo(expectedOne);
  }

  @Test
  void q5_takes_its_fifth_bits_from_a_word_in_front() {
    // Bits 0, 15, 16 and 31: the ends of both halves.
    int fifth = 1 | 1 << 15 | 1 << 16 | 1 << 31;
    ByteBuffer zero = half(block(TensorType.Q5_0), 0.25f).putInt(fifth);
    ByteBuffer one = half(half(block(TensorType.Q5_1), 0.25f), 1).putInt(fifth);
    float[] expectedZero = new float[32];
    float[] expectedOne = new float[32];
    for (int i = 0; i < 32; i++) {
      int q = (i < 16 ? i : 31 - i) + (i == 0 || i == 15 || i == 16 || i == 31 ? 16 : 0);
      expectedZero[i] = 0.25f * (q - 16);
      expectedOne[i] = 0.25f * q + 1;
    }
    for (int i = 0; i < 16; i++) {
      zero.put((byte) (i | (15 - i) << 4));
      one.put((byte) (i | (15 - i) << 4));
    }
    assertThat(decode(TensorType.Q5_0, zero)).isEqualTo(expectedZero);
    assertThat(decode(TensorType.Q5_1, one)).isEqualTo(expectedOne);
  }

  @Test
  void q4_k_has_eight_groups_with_scales_and_minima_of_six_bits() {
    int[] scale = {1, 2, 3, 63, 17, 33, 50, 63};
    int[] minimum = {0, 5, 6, 63, 16, 32, 49, 62};
    ByteBuffer block = half(half(block(TensorType.Q4_K), 1), 0.5f);
    for (int j = 0; j < 4; j++) {
      block.put((byte) (scale[j] | scale[j + 4] >> 4 << 6));
    }
    for (int j = 0; j < 4; j++) {
      block.put((byte) (minimum[j] | minimum[j + 4] >> 4 << 6));
    }
    for (int j = 0; j < 4; j++) {
      block.put((byte) (scale[j + 4] & 15 | (minimum[j + 4] & 15) << 4));
    }
    float[] expected = new float[256];
    int[] q = new int[256];
    for (int i = 0; i < 256; i++) {
      q[i] = (5 * i + i / 32) % 16;
      expected[i] = scale[i / 32] * q[i] - 0.5f * minimum[i / 32];
    }
    for (int i = 0; i < 128; i++) {
      // 64 values in 32 bytes: the first 32 of them in the low halves
      int first = i / 32 * 64 + i % 32;
      block.put((byte) (q[first] | q[first + 32] << 4));
    }
    assertThat(decode(TensorType.Q4_K, block)).isEqualTo(expected);
  }

  @Test
  void q6_k_has_sixteen_groups_and_spreads_each_value_over_two_places() {
    ByteBuffer block = block(TensorType.Q6_K);
    float[] expected = new float[256];
    for (int e = 0; e < 256; e++) {
      int q = 7 * e % 64;
      int part = e / 128;
      int k = e % 128 / 32;
      int i = e % 32;
      int low = 64 * part + i + 32 * (k % 2);
      int high = 128 + 32 * part + i;
      block.put(low, (byte) (block.get(low) | (q & 15) << (k < 2 ? 0 : 4)));
      block.put(high, (byte) (block.get(high) | q >> 4 << 2 * k));
      expected[e] = 0.5f * (8 * (e / 16) - 64) * (q - 32);
    }
    for (int group = 0; group < 16; group++) {
      block.put(192 + group, (byte) (8 * group - 64));
    }
    block.putShort(208, Float.floatToFloat16(0.5f));
    assertThat(decode(TensorType.Q6_K, block.position(210))).isEqualTo(expected);
  }

  /// Made by `src/test/scripts/quantized_blocks.py` with the gguf package.
  @ParameterizedTest
  @ValueSource(strings = {"Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q6_K"})
  void random_blocks_have_the_bits_of_the_reference(String name) throws Exception {
    JsonObject golden =
        JsonParser.parseString(
                Files.readString(Path.of("src/test/resources/fixtures/gguf/quantized_blocks.json")))
            .getAsJsonObject()
            .getAsJsonObject(name);
    List<Integer> expected =
        golden.getAsJsonArray("bits").asList().stream().map(JsonElement::getAsInt).toList();
    float[] values = new float[expected.size()];
    Dequantizer.decode(
        TensorType.valueOf(name),
        HexFormat.of().parseHex(golden.get("bytes").getAsString()),
        values);
    for (int i = 0; i < values.length; i++) {
      assertThat(Float.floatToRawIntBits(values[i])).as("value %d", i).isEqualTo(expected.get(i));
    }
  }
}
