package org.alignmentworkbench.annotation.desk;

import java.io.IOException;

/// The way to a live model, which the application wires: the desk itself runs none.
public interface AttackedModel {
  /// What the model answers.
  ///
  /// @param seed of its draws
  /// @throws IllegalArgumentException with a sentence when it cannot answer this, or not now
  String answer(long modelId, String prompt, long seed) throws IOException;
}
