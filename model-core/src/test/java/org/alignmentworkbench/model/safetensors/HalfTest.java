package org.alignmentworkbench.model.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HalfTest {

  /// The value by the definition of IEEE 754 binary16, in double arithmetic.
  private static double f16ByDefinition(int bits) {
    int exponent = (bits >> 10) & 31;
    int fraction = bits & 1023;
    double magnitude =
        switch (exponent) {
          case 0 -> fraction * 0x1.0p-24;
          case 31 -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
          default -> (1024 + fraction) * Math.pow(2, exponent - 25);
        };
    return (bits & 0x8000) == 0 ? magnitude : -magnitude;
  }

  /// The value by the definition of bfloat16, in double arithmetic.
  private static double bf16ByDefinition(int bits) {
    int exponent = (bits >> 7) & 255;
    int fraction = bits & 127;
    double magnitude =
        switch (exponent) {
          case 0 -> fraction * 0x1.0p-133;
          case 255 -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
          default -> (128 + fraction) * Math.pow(2, exponent - 134);
        };
    return (bits & 0x8000) == 0 ? magnitude : -magnitude;
  }

  @Test
  void all_65536_values_widen_by_definition_and_come_back_as_they_were() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float f16 = Half.fromF16((short) bits);
      assertThat((double) f16).isEqualTo(Double.valueOf(f16ByDefinition(bits)));
      float bf16 = Half.fromBf16((short) bits);
      assertThat((double) bf16).isEqualTo(Double.valueOf(bf16ByDefinition(bits)));
      if (Float.isNaN(f16)) {
        assertThat(Half.fromF16(Half.toF16(f16))).isNaN();
      } else {
        assertThat(Half.toF16(f16)).isEqualTo((short) bits);
      }
      if (Float.isNaN(bf16)) {
        assertThat(Half.fromBf16(Half.toBf16(bf16))).isNaN();
      } else {
        assertThat(Half.toBf16(bf16)).isEqualTo((short) bits);
      }
    }
  }

  @Test
  void the_middle_between_neighbours_goes_to_the_even_one_and_beyond_it_to_the_nearer() {
    for (int bits = 0; bits < 0x7BFF; bits++) {
      float middle = (Half.fromF16((short) bits) + Half.fromF16((short) (bits + 1))) / 2;
      int even = (bits & 1) == 0 ? bits : bits + 1;
      assertThat(Half.toF16(middle)).isEqualTo((short) even);
      assertThat(Half.toF16(Math.nextDown(middle))).isEqualTo((short) bits);
      assertThat(Half.toF16(Math.nextUp(middle))).isEqualTo((short) (bits + 1));
      assertThat(Half.toF16(-middle)).isEqualTo((short) (even | 0x8000));
    }
    for (int bits = 0; bits < 0x7F7F; bits++) {
      float middle = Float.intBitsToFloat((bits << 16) | 0x8000);
      int even = (bits & 1) == 0 ? bits : bits + 1;
      assertThat(Half.toBf16(middle)).isEqualTo((short) even);
      assertThat(Half.toBf16(Math.nextDown(middle))).isEqualTo((short) bits);
      assertThat(Half.toBf16(Math.nextUp(middle))).isEqualTo((short) (bits + 1));
      assertThat(Half.toBf16(-middle)).isEqualTo((short) (even | 0x8000));
    }
  }

  /// 65520 is half-way between the largest binary16 value, 65504, and the next power of two.
  @Test
  void values_past_the_largest_become_infinite() {
    assertThat(Half.fromF16(Half.toF16(65519.99f))).isEqualTo(65504f);
    assertThat(Half.fromF16(Half.toF16(65520f))).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Half.fromBf16(Half.toBf16(Float.MAX_VALUE))).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Half.fromBf16(Half.toBf16(Float.intBitsToFloat(0x7F80_0001)))).isNaN();
  }
}
