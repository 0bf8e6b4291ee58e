package org.alignmentworkbench.model.dataset;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// The content of a file: unpacked if it is gzip, whatever its name says, without a byte-order
/// mark, and never more than allowed.
final class UnpackedStream extends InputStream {
  private static final int BUFFER = 1 << 16;

  private final InputStream content;
  private final long most;
  private long taken;

  private UnpackedStream(InputStream content, long most) {
    this.content = content;
    this.most = most;
  }

  static UnpackedStream open(InputStream file, long most) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(file, BUFFER);
    byte[] magic = peek(buffered, 2);
    boolean packed = magic.length == 2 && magic[0] == 0x1F && (magic[1] & 0xFF) == 0x8B;
    BufferedInputStream content = buffered;
    if (packed) {
      try {
        content = new BufferedInputStream(new GZIPInputStream(buffered, BUFFER), BUFFER);
      } catch (IOException e) {
        throw packed(e);
      }
    }
    UnpackedStream stream = new UnpackedStream(content, most);
    stream.dropMark(content);
    return stream;
  }

  private void dropMark(BufferedInputStream content) throws IOException {
    byte[] head = head(content);
    if (starts(head, 0xEF, 0xBB, 0xBF)) {
      content.skipNBytes(3);
    } else if (starts(head, 0xFF, 0xFE) || starts(head, 0xFE, 0xFF)) {
      throw encoding("it begins with the byte-order mark of UTF-16 or UTF-32");
    } else if (IntStream.range(0, head.length).anyMatch(i -> head[i] == 0)) {
      throw encoding("it begins with zero bytes, as UTF-16 and UTF-32 do");
    }
  }

  private static byte[] head(BufferedInputStream content) throws IOException {
    try {
      return peek(content, 4);
    } catch (EOFException | ZipException e) {
      throw packed(e);
    }
  }

  private static FileFault encoding(String sign) {
    return new FileFault(
        Code.UNSUPPORTED_ENCODING, 1, "the file is not UTF-8: " + sign + "; save it as UTF-8");
  }

  private static boolean starts(byte[] head, int... bytes) {
    if (head.length < bytes.length) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      if ((head[i] & 0xFF) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] peek(BufferedInputStream stream, int bytes) throws IOException {
    stream.mark(bytes);
    byte[] head = stream.readNBytes(bytes);
    stream.reset();
    return head;
  }

  private static FileFault packed(IOException e) {
    return e instanceof EOFException
        ? new FileFault(
            Code.TRUNCATED_GZIP, 1, "the compressed file ends early; nothing of it was kept")
        : new FileFault(Code.CORRUPT_GZIP, 1, "the compressed file is damaged: " + e.getMessage());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read;
    try {
      read = content.read(bytes, offset, length);
    } catch (EOFException | ZipException e) {
      throw packed(e);
    }
    taken += Math.max(0, read);
    if (taken > most) {
      throw new FileFault(
          Code.FILE_TOO_LARGE, 1, "the file holds more than " + most + " bytes, unpacked");
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    content.close();
  }
}
