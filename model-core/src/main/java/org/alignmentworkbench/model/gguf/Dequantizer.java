package org.alignmentworkbench.model.gguf;

import org.alignmentworkbench.model.safetensors.Half;

/// The values behind stored blocks, as float32.
///
/// ```
/// Q8_0        d * q                     q in [-128, 127]
/// Q4_0, Q5_0  d * (q - 8), d * (q - 16)
/// Q4_1, Q5_1  d * q + m
/// Q4_K        (d * s_j) * q - (e * m_j)   for each of 8 groups j of 32 values, s and m of 6 bits
/// Q6_K        (d * s_j) * (q - 32)        for each of 16 groups j of 16 values, s of 8 bits
/// ```
///
/// `d`, `e` and `m` are halves. Every product but the last of Q6_K is exact in float32 and every
/// sum rounds once, so the results are those of llama.cpp and of the `gguf` Python package, bit for
/// bit.
final class Dequantizer {
  private Dequantizer() {}

  /// Writes the values of all blocks in `from` to `to`.
  static void decode(TensorType type, byte[] from, float[] to) {
    int blocks = to.length / type.blockSize();
    for (int block = 0; block < blocks; block++) {
      int at = block * type.blockBytes();
      int out = block * type.blockSize();
      switch (type) {
        case F32 -> to[out] = Float.intBitsToFloat(int32(from, at));
        case F16 -> to[out] = half(from, at);
        case BF16 -> to[out] = Half.fromBf16(int16(from, at));
        case Q8_0 -> q80(from, at, to, out);
        case Q4_0 -> q40(from, at, to, out);
        case Q4_1 -> q41(from, at, to, out);
        case Q5_0 -> q50(from, at, to, out);
        case Q5_1 -> q51(from, at, to, out);
        case Q4_K -> q4k(from, at, to, out);
        case Q6_K -> q6k(from, at, to, out);
      }
    }
  }

  private static short int16(byte[] from, int at) {
    return (short) ((from[at] & 0xFF) | (from[at + 1] << 8));
  }

  private static int int32(byte[] from, int at) {
    return (int16(from, at) & 0xFFFF) | (int16(from, at + 2) << 16);
  }

  private static float half(byte[] from, int at) {
    return Half.fromF16(int16(from, at));
  }

  /// Some bits of a byte from a place on.
  private static int bits(byte from, int place, int count) {
    return (from >> place) & ((1 << count) - 1);
  }

  private static void q80(byte[] from, int at, float[] to, int out) {
    float d = half(from, at);
    for (int i = 0; i < 32; i++) {
      to[out + i] = d * from[at + 2 + i];
    }
  }

  /// The low half of byte `i` is value `i`, its high half value `i + 16`.
  private static void q40(byte[] from, int at, float[] to, int out) {
    float d = half(from, at);
    for (int i = 0; i < 16; i++) {
      to[out + i] = d * (bits(from[at + 2 + i], 0, 4) - 8);
      to[out + i + 16] = d * (bits(from[at + 2 + i], 4, 4) - 8);
    }
  }

  private static void q41(byte[] from, int at, float[] to, int out) {
    float d = half(from, at);
    float m = half(from, at + 2);
    for (int i = 0; i < 16; i++) {
      to[out + i] = d * bits(from[at + 4 + i], 0, 4) + m;
      to[out + i + 16] = d * bits(from[at + 4 + i], 4, 4) + m;
    }
  }

  /// The fifth bits of all 32 values stand together in front, bit `i` for value `i`.
  private static void q50(byte[] from, int at, float[] to, int out) {
    float d = half(from, at);
    int fifth = int32(from, at + 2);
    for (int i = 0; i < 16; i++) {
      to[out + i] = d * (bits(from[at + 6 + i], 0, 4) + fifth(fifth, i) - 16);
      to[out + i + 16] = d * (bits(from[at + 6 + i], 4, 4) + fifth(fifth, i + 16) - 16);
    }
  }

  private static void q51(byte[] from, int at, float[] to, int out) {
    float d = half(from, at);
    float m = half(from, at + 2);
    int fifth = int32(from, at + 4);
    for (int i = 0; i < 16; i++) {
      to[out + i] = d * (bits(from[at + 8 + i], 0, 4) + fifth(fifth, i)) + m;
      to[out + i + 16] = d * (bits(from[at + 8 + i], 4, 4) + fifth(fifth, i + 16)) + m;
    }
  }

  private static int fifth(int fifthBits, int i) {
    return ((fifthBits >> i) & 1) << 4;
  }

  /// d, e, 12 bytes of scales and minima, 128 bytes: of each 32 bytes the low halves are 32 values,
  /// the high halves the next 32.
  private static void q4k(byte[] from, int at, float[] to, int out) {
    float d = half(from, at);
    float e = half(from, at + 2);
    int scales = at + 4;
    for (int group = 0; group < 8; group++) {
      float scale = d * scaleOf(from, scales, group);
      float minimum = e * minimumOf(from, scales, group);
      int bytes = at + 16 + group / 2 * 32;
      int shift = group % 2 * 4;
      for (int i = 0; i < 32; i++) {
        to[out + 32 * group + i] = scale * bits(from[bytes + i], shift, 4) - minimum;
      }
    }
  }

  /// Six bits each: those of the first four groups fill the low six bits of their own byte; those
  /// of the last four are split, four bits in bytes 8 to 11, two on top of the first four groups'.
  private static int scaleOf(byte[] from, int scales, int group) {
    return group < 4
        ? bits(from[scales + group], 0, 6)
        : bits(from[scales + group + 4], 0, 4) + (bits(from[scales + group - 4], 6, 2) << 4);
  }

  private static int minimumOf(byte[] from, int scales, int group) {
    return group < 4
        ? bits(from[scales + group + 4], 0, 6)
        : bits(from[scales + group + 4], 4, 4) + (bits(from[scales + group], 6, 2) << 4);
  }

  /// 128 bytes of low four bits, 64 of high two bits, 16 scales, d. Each half of the block takes 64
  /// and 32 bytes: value `32 k + i` of a half has its low bits in byte `i + 32 (k mod 2)`, in the
  /// low half of it for k < 2, and its high bits in byte `i`, the k-th pair of them.
  private static void q6k(byte[] from, int at, float[] to, int out) {
    float d = half(from, at + 208);
    for (int part = 0; part < 2; part++) {
      int low = at + 64 * part;
      int high = at + 128 + 32 * part;
      int scales = at + 192 + 8 * part;
      for (int k = 0; k < 4; k++) {
        for (int i = 0; i < 32; i++) {
          int q =
              bits(from[low + i + 32 * (k % 2)], 4 * (k / 2), 4)
                  + (bits(from[high + i], 2 * k, 2) << 4);
          float scale = d * from[scales + 2 * k + i / 16];
          to[out + 128 * part + 32 * k + i] = scale * (q - 32);
        }
      }
    }
  }
}
