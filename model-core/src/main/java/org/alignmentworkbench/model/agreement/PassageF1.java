package org.alignmentworkbench.model.agreement;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/// How far two people agree on the passages they marked of one text, by characters.
///
/// ```
/// F1 = 2 |A ∩ B| / (|A| + |B|)
/// ```
///
/// with A and B the characters that one and the other marked. It is the same whoever is taken for
/// the one who is right, needs no count of what nobody marked, and is undefined where both marked
/// nothing. Source: Hripcsak and Rothschild, "Agreement, the F-measure, and reliability in
/// information retrieval", 2005: where most of a text is marked by nobody, chance-corrected
/// coefficients come near to it.
public final class PassageF1 {
  private PassageF1() {}

  /// A passage.
  ///
  /// @param from its first character
  /// @param to the one after its last
  public record Span(int from, int to) {
    public Span {
      if (from < 0 || to <= from) {
        throw new IllegalArgumentException(
            "a passage must have a character, was %d to %d".formatted(from, to));
      }
    }
  }

  /// @return empty where both marked nothing
  public static OptionalDouble of(List<Span> one, List<Span> other) {
    int length = Math.max(end(one), end(other));
    boolean[] first = marked(one, length);
    boolean[] second = marked(other, length);
    long both = 0;
    long either = 0;
    for (int i = 0; i < length; i++) {
      both += first[i] && second[i] ? 1 : 0;
      either += (first[i] ? 1 : 0) + (second[i] ? 1 : 0);
    }
    return either == 0 ? OptionalDouble.empty() : OptionalDouble.of(2.0 * both / either);
  }

  private static int end(List<Span> spans) {
    return spans.stream().mapToInt(Span::to).max().orElse(0);
  }

  /// A character that lies in two passages is marked once.
  private static boolean[] marked(List<Span> spans, int length) {
    boolean[] marked = new boolean[length];
    spans.forEach(span -> Arrays.fill(marked, span.from(), span.to(), true));
    return marked;
  }
}
