package org.alignmentworkbench.model.random;

import java.nio.charset.StandardCharsets;

/// One counter-based random stream: Philox 4x32 with ten rounds (Salmon et al., "Parallel random
/// numbers: as easy as 1, 2, 3", 2011).
///
/// The key is drawn from seed and purpose; the counter holds (index, sample, step). Reading value
/// `i` never depends on what was read before, so every method takes the index.
public final class CounterStream {
  private static final int M0 = 0xD2511F53;
  private static final int M1 = 0xCD9E8D57;
  private static final int W0 = 0x9E3779B9;
  private static final int W1 = 0xBB67AE85;

  private final int key0;
  private final int key1;
  private final int step;
  private final long sample;

  private CounterStream(int key0, int key1, int step, long sample) {
    this.key0 = key0;
    this.key1 = key1;
    this.step = step;
    this.sample = sample;
  }

  /// The stream of a sample at a step, for one purpose ("rollout", "shuffle", ...) of one run seed.
  public static CounterStream of(long seed, String purpose, int step, long sample) {
    long key = mix(seed ^ mix(fnv1a(purpose)));
    return new CounterStream((int) key, (int) (key >>> 32), step, sample);
  }

  /// The stream of something that has a name instead of a number, such as a prompt's key.
  public static CounterStream named(long seed, String purpose, String name) {
    return of(seed, purpose, 0, mix(fnv1a(name)));
  }

  /// Value `index`, uniform over all 64-bit integers.
  public long bits(int index) {
    int[] block = philox(new int[] {index, (int) sample, (int) (sample >>> 32), step}, key0, key1);
    return (block[0] & 0xFFFFFFFFL) | ((long) block[1] << 32);
  }

  /// Value `index`, uniform over [0, 1) in steps of 2^-53.
  public double uniform(int index) {
    return (bits(index) >>> 11) * 0x1.0p-53;
  }

  /// Value `index` as an integer in [0, bound), without modulo bias beyond 2^-64.
  public int below(int index, int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound must be > 0, was " + bound);
    }
    return (int) Math.unsignedMultiplyHigh(bits(index), bound);
  }

  /// Value `index`, standard normal (Box-Muller over two uniforms of one block).
  public double normal(int index) {
    int[] block = philox(new int[] {index, (int) sample, (int) (sample >>> 32), step}, key0, key1);
    double u = ((((block[0] & 0xFFFFFFFFL) << 21) ^ (block[1] & 0x1FFFFF)) + 1) * 0x1.0p-53;
    double v = (((block[2] & 0xFFFFFFFFL) << 21) ^ (block[3] & 0x1FFFFF)) * 0x1.0p-53;
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
  }

  /// A permutation of 0..n-1 (Fisher-Yates on values 0..n-2 of this stream).
  public int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    for (int i = n - 1; i > 0; i--) {
      int j = below(n - 1 - i, i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
    return order;
  }

  static int[] philox(int[] counter, int key0, int key1) {
    int c0 = counter[0];
    int c1 = counter[1];
    int c2 = counter[2];
    int c3 = counter[3];
    int k0 = key0;
    int k1 = key1;
    for (int round = 0; round < 10; round++) {
      long p0 = (M0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL);
      long p1 = (M1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
      int n0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      int n2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c1 = (int) p1;
      c3 = (int) p0;
      c0 = n0;
      c2 = n2;
      k0 += W0;
      k1 += W1;
    }
    return new int[] {c0, c1, c2, c3};
  }

  private static long fnv1a(String text) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
    }
    return hash;
  }

  /// The finaliser of SplitMix64: spreads every input bit over all output bits.
  private static long mix(long z) {
    long x = z + 0x9E3779B97F4A7C15L;
    x = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return x ^ (x >>> 31);
  }
}
