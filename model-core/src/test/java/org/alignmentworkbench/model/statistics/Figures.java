package org.alignmentworkbench.model.statistics;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The reference figures under `fixtures/agreement` and `fixtures/ratings`.
public final class Figures {
  private Figures() {}

  public static JsonElement json(String name) {
    try {
      return JsonParser.parseString(
          Files.readString(Path.of(Figures.class.getResource("/fixtures/" + name).toURI())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  public static double[] doubles(JsonElement array) {
    JsonArray values = array.getAsJsonArray();
    double[] numbers = new double[values.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = values.get(i).getAsDouble();
    }
    return numbers;
  }

  public static double[][] matrix(JsonElement rows) {
    return rows.getAsJsonArray().asList().stream().map(Figures::doubles).toArray(double[][]::new);
  }

  /// The generator behind the figures (Steele, Lea and Flood, "Fast splittable pseudorandom number
  /// generators", 2014).
  public static final class SplitMix64 {
    private long state;

    public SplitMix64(long seed) {
      this.state = seed;
    }

    public long next() {
      state += 0x9E3779B97F4A7C15L;
      long z = state;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      return z ^ (z >>> 31);
    }

    public double nextDouble() {
      return (next() >>> 11) * 0x1.0p-53;
    }

    public int nextInt(int n) {
      return (int) (nextDouble() * n);
    }
  }
}
