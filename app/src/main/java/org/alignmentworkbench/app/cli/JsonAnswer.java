package org.alignmentworkbench.app.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/// A command's answer as JSON on standard output, written while it is made: logits of a long text
/// would not fit the memory.
final class JsonAnswer {
  private JsonAnswer() {}

  /// What writes the answer.
  @FunctionalInterface
  interface Content {
    /// Writes one JSON value.
    void writeTo(JsonGenerator json) throws IOException;
  }

  static void print(Content content) throws IOException {
    // Closing the generator must not close standard output.
    OutputStream out =
        new FilterOutputStream(System.out) {
          @Override
          public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
          }

          @Override
          public void close() throws IOException {
            flush();
          }
        };
    try (JsonGenerator json = JsonMapper.shared().createGenerator(out)) {
      content.writeTo(json);
    }
    System.out.println();
    if (System.out.checkError()) {
      throw new IOException("standard output cannot be written");
    }
  }
}
