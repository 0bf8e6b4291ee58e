package org.alignmentworkbench.model.tokenizer;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// The letters that stand for the 256 bytes in GPT-2's vocabularies.
///
/// Bytes that print in Latin-1 (`!` to `~`, `¡` to `¬`, `®` to `ÿ`) stand for themselves, the other
/// 68 take the letters from U+0100 upward in order of the byte. So a space is `Ġ` and a line feed
/// `Ċ`, and a token is a string without spaces or control characters.
final class ByteAlphabet {
  private static final char[] LETTER = new char[256];
  private static final int[] BYTE = new int[512];

  static {
    Arrays.fill(BYTE, -1);
    char next = 256;
    for (int b = 0; b < 256; b++) {
      boolean prints =
          (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || (b >= 0xAE && b <= 0xFF);
      LETTER[b] = prints ? (char) b : next++;
      BYTE[LETTER[b]] = b;
    }
  }

  private ByteAlphabet() {}

  /// The letter of a byte 0..255.
  static char letter(int value) {
    return LETTER[value];
  }

  /// A byte sequence as letters.
  static String letters(byte[] bytes) {
    char[] letters = new char[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      letters[i] = LETTER[bytes[i] & 0xFF];
    }
    return new String(letters);
  }

  /// The bytes that letters stand for; refuses a character that stands for none.
  static byte[] bytes(String letters) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(letters.length());
    for (int i = 0; i < letters.length(); i++) {
      char c = letters.charAt(i);
      if (c >= BYTE.length || BYTE[c] < 0) {
        throw new IllegalArgumentException(
            "token " + letters + ": character U+%04X stands for no byte".formatted((int) c));
      }
      bytes.write(BYTE[c]);
    }
    return bytes.toByteArray();
  }
}
