package org.alignmentworkbench.model.palette;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import org.alignmentworkbench.model.palette.BitAllocation.Candidate;
import org.alignmentworkbench.model.random.CounterStream;
import org.junit.jupiter.api.Test;

class BitAllocationTest {
  /// By hand: a 32 x 64 matrix has 2,048 weights and 2 tables: 4 bits cost 8,192 + 2 * 16 * 16 =
  /// 8,704 bits, 2 bits 4,096 + 2 * 4 * 16 = 4,224. Four of them at 3.5 bits may take 28,672 bits;
  /// all at four bits take 34,816, one at two saves 4,480 (30,336, too much), two save 8,960
  /// (25,856).
  @Test
  void the_least_sensitive_go_to_two_bits_until_the_budget_holds() {
    List<Candidate> four =
        List.of(
            Candidate.of("a", 32, 64, 16, 0.9, 0.1),
            Candidate.of("b", 32, 64, 16, 0.3, 0.1),
            Candidate.of("c", 32, 64, 16, 0.5, 0.1),
            Candidate.of("d", 32, 64, 16, 0.6, 0.5));
    SequencedMap<String, PaletteBits> widths = BitAllocation.allocate(four, 3.5);
    assertThat(widths)
        .containsExactly(
            java.util.Map.entry("a", PaletteBits.FOUR),
            java.util.Map.entry("b", PaletteBits.TWO),
            java.util.Map.entry("c", PaletteBits.FOUR),
            java.util.Map.entry("d", PaletteBits.TWO));
    assertThat(four.getFirst().bitsAtFour()).isEqualTo(8704);
    assertThat(four.getFirst().bitsAtTwo()).isEqualTo(4224);
  }

  /// Brute force over all 2^12 choices of matrices of different shapes.
  @Test
  void no_choice_within_the_budget_loses_less() {
    for (int trial = 0; trial < 20; trial++) {
      CounterStream stream = CounterStream.of(5, "allocation", 0, trial);
      List<Candidate> candidates = new ArrayList<>();
      long weights = 0;
      for (int m = 0; m < 12; m++) {
        int rows = 16 * (1 + stream.below(3 * m, 4));
        int columns = 8 * (1 + stream.below(3 * m + 1, 20));
        weights += (long) rows * columns;
        candidates.add(Candidate.of("m" + m, rows, columns, 16, stream.uniform(3 * m + 2), 0.01));
      }
      double best = Double.POSITIVE_INFINITY;
      for (int mask = 0; mask < 1 << 12; mask++) {
        long bits = 0;
        double loss = 0;
        for (int m = 0; m < 12; m++) {
          boolean two = (mask >> m & 1) == 1;
          bits += two ? candidates.get(m).bitsAtTwo() : candidates.get(m).bitsAtFour();
          loss += two ? candidates.get(m).lossAtTwo() : candidates.get(m).lossAtFour();
        }
        if (bits <= 3.5 * weights) {
          best = Math.min(best, loss);
        }
      }
      SequencedMap<String, PaletteBits> widths = BitAllocation.allocate(candidates, 3.5);
      long bits = 0;
      double loss = 0;
      for (Candidate c : candidates) {
        boolean two = widths.get(c.name()) == PaletteBits.TWO;
        bits += two ? c.bitsAtTwo() : c.bitsAtFour();
        loss += two ? c.lossAtTwo() : c.lossAtFour();
      }
      assertThat((double) bits).isLessThanOrEqualTo(3.5 * weights);
      // Sums of 12 numbers below 1 in another order.
      assertThat(loss).isCloseTo(best, within(1e-12));
    }
  }

  @Test
  void a_budget_with_room_keeps_four_bits_and_one_below_two_is_refused() {
    List<Candidate> one = List.of(Candidate.of("a", 16, 64, 16, 0.5, 0.1));
    assertThat(BitAllocation.allocate(one, 5)).containsEntry("a", PaletteBits.FOUR);
    assertThatThrownBy(() -> BitAllocation.allocate(one, 2))
        .hasMessageContaining("a budget of 2.0 bits a weight is below 2.0625");
    assertThatThrownBy(() -> Candidate.of("a", 16, 64, 16, Double.NaN, 0.1))
        .hasMessageContaining("a: losses must be finite, were NaN");
  }
}
