package org.alignmentworkbench.model.dataset;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Decodes UTF-8 and takes nothing else for it.
final class Utf8 {
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);

  /// The text of the first `length` bytes.
  String decode(byte[] bytes, int length) throws BadByte {
    ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
    CharBuffer out = CharBuffer.allocate(length);
    decoder.reset();
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      throw new BadByte(in.position() + 1);
    }
    return out.flip().toString();
  }

  /// The first byte that is no UTF-8.
  static final class BadByte extends CharacterCodingException {
    private final int number;

    BadByte(int number) {
      this.number = number;
    }

    @Override
    public String getMessage() {
      return reason();
    }

    String reason() {
      return "byte " + number + " is no UTF-8";
    }
  }
}
