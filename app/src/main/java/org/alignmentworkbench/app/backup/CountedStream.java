package org.alignmentworkbench.app.backup;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/// Counts what goes through. It never closes what is behind it: an entry is not the whole file.
final class CountedStream extends FilterOutputStream {
  private long bytes;

  CountedStream(OutputStream behind) {
    super(behind);
  }

  long bytes() {
    return bytes;
  }

  @Override
  public void write(int one) throws IOException {
    out.write(one);
    bytes++;
  }

  @Override
  public void write(byte[] from, int offset, int length) throws IOException {
    out.write(from, offset, length);
    bytes += length;
  }

  @Override
  public void close() throws IOException {
    flush();
  }
}
