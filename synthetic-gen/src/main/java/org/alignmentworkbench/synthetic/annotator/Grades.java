package org.alignmentworkbench.synthetic.annotator;

import java.util.List;

/// Single-sided grades of one response: 0 poor, 1 fair, 2 good.
public record Grades(int instructionFollowing, int concision, int truthfulness, int harmlessness) {

  public Grades {
    for (int grade : List.of(instructionFollowing, concision, truthfulness, harmlessness)) {
      if (grade < 0 || grade > 2) {
        throw new IllegalArgumentException("a grade must be 0, 1 or 2, was " + grade);
      }
    }
  }
}
