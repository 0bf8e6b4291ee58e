package org.alignmentworkbench.synthetic.annotator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The first version of the annotators' guideline, in Markdown.
public final class Guideline {
  private static final String RESOURCE = "guideline-1.md";

  private Guideline() {}

  public static String first() {
    try (InputStream stream = Guideline.class.getResourceAsStream(RESOURCE)) {
      if (stream == null) {
        throw new IllegalStateException("resource " + RESOURCE + " is missing");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
