package org.alignmentworkbench.model.compression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.alignmentworkbench.model.runtime.SequenceForward;
import org.alignmentworkbench.model.tensor.Tensor;

/// How far a changed model's predictions are from a reference model's, over the counted tokens of
/// some texts:
///
/// ```
/// D = (1 / n) sum over counted tokens of  KL(p || q) = sum_v p_v (log p_v - log q_v)
/// ```
///
/// | symbol | shape | unit |
/// |---|---|---|
/// | `p`, `q` | `[vocabulary]` | next-token probabilities of reference and changed model at temperature 1 |
/// | `n` | scalar | counted tokens |
/// | `D` | scalar | nats a token, at least 0 apart from rounding |
///
/// The reference's hidden states before every layer are kept, so that a change in layer `l` costs
/// the layers from `l` on. Logits are float32, sums double; texts may be measured at the same time
/// but are added in order.
public final class OutputDivergence {
  private final SequenceForward reference;
  private final List<Row> rows;
  private final long counted;

  private record Row(int[] ids, int[] positions, List<float[]> before, float[] logProbs) {}

  /// The divergence from `reference` on these texts.
  public OutputDivergence(SequenceForward reference, List<CalibrationRow> texts) {
    this.reference = reference;
    this.counted = texts.stream().mapToLong(CalibrationRow::countedTokens).sum();
    if (counted == 0) {
      throw new IllegalArgumentException(
          "at least one token must count, there were " + texts.size() + " texts without any");
    }
    this.rows = texts.stream().parallel().map(text -> prepare(reference, text)).toList();
  }

  private static Row prepare(SequenceForward reference, CalibrationRow text) {
    int[] positions =
        IntStream.range(1, text.ids().length)
            .filter(t -> text.counted()[t])
            .map(t -> t - 1)
            .toArray();
    List<float[]> before = new ArrayList<>();
    float[] hidden = reference.embed(text.ids());
    for (int l = 0; l < reference.config().layers(); l++) {
      before.add(hidden.clone());
      reference.layer(l, hidden, (module, values, count) -> {});
    }
    return new Row(text.ids(), positions, before, logProbs(reference, hidden, positions));
  }

  /// Counted tokens.
  public long countedTokens() {
    return counted;
  }

  /// Nats a token when one matrix, which lies in `layer`, is replaced.
  public double with(String weightName, int layer, Tensor matrix) {
    return from(layer, reference.with(weightName, matrix));
  }

  /// Nats a token of another model of the same shape.
  public double of(SequenceForward other) {
    return sum(row -> kl(row, other, 0, other.embed(row.ids)));
  }

  private double from(int layer, SequenceForward changed) {
    return sum(row -> kl(row, changed, layer, row.before.get(layer).clone()));
  }

  @FunctionalInterface
  private interface RowSum {
    double of(Row row);
  }

  private double sum(RowSum each) {
    double[] sums = rows.stream().parallel().mapToDouble(each::of).toArray();
    return Arrays.stream(sums).reduce(0, Double::sum) / counted;
  }

  /// Runs the layers from `from` on over `hidden`, in place, and adds up the row's divergences.
  private static double kl(Row row, SequenceForward model, int from, float[] hidden) {
    for (int l = from; l < model.config().layers(); l++) {
      model.layer(l, hidden, (module, values, count) -> {});
    }
    float[] other = logProbs(model, hidden, row.positions);
    double sum = 0;
    for (int i = 0; i < other.length; i++) {
      sum += Math.exp(row.logProbs[i]) * (row.logProbs[i] - other[i]);
    }
    return sum;
  }

  private static float[] logProbs(SequenceForward model, float[] hidden, int[] positions) {
    int size = model.config().hiddenSize();
    int vocabulary = model.config().vocabularySize();
    float[] chosen = new float[positions.length * size];
    for (int p = 0; p < positions.length; p++) {
      System.arraycopy(hidden, positions[p] * size, chosen, p * size, size);
    }
    float[] logits = model.logits(chosen);
    for (int from = 0; from < logits.length; from += vocabulary) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int v = 0; v < vocabulary; v++) {
        largest = Math.max(largest, logits[from + v]);
      }
      double sum = 0;
      for (int v = 0; v < vocabulary; v++) {
        sum += Math.exp(logits[from + v] - largest);
      }
      double norm = largest + Math.log(sum);
      for (int v = 0; v < vocabulary; v++) {
        logits[from + v] = (float) (logits[from + v] - norm);
      }
    }
    return logits;
  }
}
