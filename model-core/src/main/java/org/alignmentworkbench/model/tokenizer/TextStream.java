package org.alignmentworkbench.model.tokenizer;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// The text of ids that come one by one: a character is given out when its last byte is there.
///
/// Everything given out together is what [Tokenizer#decode] makes of all ids, except that an id
/// without a token (a row of the embedding that only fills it up) is passed over.
public final class TextStream {
  private final Tokenizer tokenizer;
  private final boolean skipSpecials;
  private final CharsetDecoder utf8 =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private byte[] open = new byte[0];

  /// A stream at its beginning.
  ///
  /// @param skipSpecials leaves out the special ones among the added tokens
  public TextStream(Tokenizer tokenizer, boolean skipSpecials) {
    this.tokenizer = tokenizer;
    this.skipSpecials = skipSpecials;
  }

  /// The whole text of some ids.
  public static String of(Tokenizer tokenizer, int[] ids, boolean skipSpecials) {
    TextStream stream = new TextStream(tokenizer, skipSpecials);
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      text.append(stream.accept(id));
    }
    return text.append(stream.end()).toString();
  }

  /// The characters that an id completes; often none or several.
  public String accept(int id) {
    if ((skipSpecials && tokenizer.isSpecial(id)) || !tokenizer.hasId(id)) {
      return "";
    }
    return decode(tokenizer.bytesOf(id), false);
  }

  /// What is left when no more ids come: U+FFFD for a character that was never completed.
  public String end() {
    return decode(new byte[0], true);
  }

  private String decode(byte[] more, boolean end) {
    ByteBuffer in = ByteBuffer.allocate(open.length + more.length).put(open).put(more).flip();
    CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
    utf8.reset();
    utf8.decode(in, out, end);
    if (end) {
      utf8.flush(out);
    }
    open = new byte[in.remaining()];
    in.get(open);
    return out.flip().toString();
  }
}
