package org.alignmentworkbench.annotation.reading;

import java.util.List;
import org.alignmentworkbench.annotation.diff.Piece;
import org.alignmentworkbench.annotation.diff.WordDiff;

/// Two answers beside each other, each with the words marked that the other does not have.
///
/// @param left the pieces of the left answer
/// @param right the pieces of the right answer
/// @param same whether they differ in nothing
public record Differences(List<Piece> left, List<Piece> right, boolean same) {
  /// Lays one over the other.
  static Differences between(String left, String right) {
    List<Piece> pieces = WordDiff.between(left, right);
    return new Differences(
        pieces.stream().filter(piece -> !piece.fresh()).toList(),
        pieces.stream().filter(piece -> !piece.gone()).toList(),
        pieces.stream().allMatch(Piece::same));
  }
}
