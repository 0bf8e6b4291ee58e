package org.alignmentworkbench.model.llama;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.alignmentworkbench.model.safetensors.SafetensorsFile;
import org.alignmentworkbench.model.tensor.Tensor;

/// The golden files under `fixtures/model`, and the shapes they come in.
public final class Fixture {
  private Fixture() {}

  public static Path path(String name) {
    try {
      return Path.of(Fixture.class.getResource("/fixtures/model/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  public static JsonObject json(String name) {
    try {
      return JsonParser.parseString(Files.readString(path(name))).getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static SequencedMap<String, Tensor> tensors(String name) {
    try (SafetensorsFile file = SafetensorsFile.open(path(name))) {
      return file.readAll();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Tensor tensor(String file, String name) {
    try (SafetensorsFile in = SafetensorsFile.open(path(file))) {
      return in.read(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static int[][] ints(String file, String name, int columns) {
    try (SafetensorsFile in = SafetensorsFile.open(path(file))) {
      int[] flat = in.readInts(name);
      int[][] rows = new int[flat.length / columns][columns];
      for (int i = 0; i < flat.length; i++) {
        rows[i / columns][i % columns] = flat[i];
      }
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static LlamaConfig tinyConfig() {
    return LlamaConfig.fromJson(json("tiny-llama/config.json").toString());
  }

  public static Map<String, Tensor> tinyWeights() {
    return tensors("tiny-llama/model.safetensors");
  }

  /// Rows from padded ids, their mask, and labels (-100: no loss), as the fixtures keep them.
  public static List<TokenRow> rows(int[][] ids, int[][] mask, int[][] labels) {
    List<TokenRow> rows = new ArrayList<>();
    for (int r = 0; r < ids.length; r++) {
      int start = 0;
      while (mask[r][start] == 0) {
        start++;
      }
      int length = 0;
      while (start + length < mask[r].length && mask[r][start + length] == 1) {
        length++;
      }
      int[] real = new int[length];
      boolean[] scored = new boolean[length];
      for (int t = 0; t < length; t++) {
        real[t] = ids[r][start + t];
        scored[t] = t > 0 && labels[r][start + t] != -100;
      }
      rows.add(new TokenRow(real, scored));
    }
    return rows;
  }

  /// Constant coefficients for each row.
  public static float[][] constant(List<TokenRow> rows, double value) {
    float[][] coefficients = new float[rows.size()][];
    for (int r = 0; r < coefficients.length; r++) {
      coefficients[r] = new float[rows.get(r).length()];
      java.util.Arrays.fill(coefficients[r], (float) value);
    }
    return coefficients;
  }

  public static double maxDifference(float[] a, float[] b) {
    double max = 0;
    for (int i = 0; i < Math.max(a.length, b.length); i++) {
      max = Math.max(max, Math.abs((double) a[i] - b[i]));
    }
    return max;
  }

  /// The size of the difference, as a share of what was expected.
  static double relative(float[] was, float[] expected) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow((double) was[i] - expected[i], 2);
      size += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / size);
  }

  /// The rows one after the other.
  static float[] flat(float[][] rows) {
    int length = 0;
    for (float[] row : rows) {
      length += row.length;
    }
    float[] all = new float[length];
    int at = 0;
    for (float[] row : rows) {
      System.arraycopy(row, 0, all, at, row.length);
      at += row.length;
    }
    return all;
  }
}
