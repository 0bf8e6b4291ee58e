package org.alignmentworkbench.model.dataset;

import java.io.Closeable;
import java.io.IOException;

/// Writes judgements one after the other. Those of one pair must follow each other.
public interface JudgementWriter extends Closeable {

  /// Writes a judgement; one that has no place in the format is left out.
  ///
  /// @return whether it was written
  boolean write(JudgedPair pair) throws IOException;

  /// Hands on what is buffered.
  void flush() throws IOException;

  /// Ends the file.
  @Override
  void close() throws IOException;
}
