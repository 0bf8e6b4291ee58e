package org.alignmentworkbench.model.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.alignmentworkbench.model.agreement.PassageF1.Span;
import org.junit.jupiter.api.Test;

class PassageF1Test {
  /// One marks 0..10, the other 5..10 and 20..25: five characters are common of ten and ten, so F1
  /// is 2 * 5 / 20.
  @Test
  void common_characters_by_hand() {
    assertThat(
            PassageF1.of(List.of(new Span(0, 10)), List.of(new Span(5, 10), new Span(20, 25)))
                .orElseThrow())
        .isCloseTo(0.5, within(1e-12));
  }

  @Test
  void order_does_not_matter_and_what_overlaps_counts_once() {
    List<Span> one = List.of(new Span(0, 4), new Span(2, 6));
    List<Span> other = List.of(new Span(0, 6));
    assertThat(PassageF1.of(one, other).orElseThrow()).isEqualTo(1);
    assertThat(PassageF1.of(other, one).orElseThrow()).isEqualTo(1);
  }

  @Test
  void one_who_marks_nothing_agrees_with_nobody_who_does_and_two_cannot_be_told() {
    assertThat(PassageF1.of(List.of(), List.of(new Span(3, 4))).orElseThrow()).isZero();
    assertThat(PassageF1.of(List.of(), List.of())).isEmpty();
    assertThatThrownBy(() -> new Span(3, 3))
        .hasMessage("a passage must have a character, was 3 to 3");
  }
}
