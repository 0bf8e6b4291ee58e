package org.alignmentworkbench.annotation.reading;

import java.util.Set;
import org.commonmark.node.Code;
import org.commonmark.parser.beta.InlineContentParser;
import org.commonmark.parser.beta.InlineContentParserFactory;
import org.commonmark.parser.beta.InlineParserState;
import org.commonmark.parser.beta.ParsedInline;
import org.commonmark.parser.beta.Position;
import org.commonmark.parser.beta.Scanner;

/// A formula within a line, kept as it is written: Markdown would take its backslashes for escapes
/// and its underscores for emphasis.
///
/// `$` begins one only where no space follows, and ends one only where no space stands before and
/// no digit behind, so that "$5 and $6" stays money.
final class Formula implements InlineContentParser {
  /// For the parser.
  static final class Factory implements InlineContentParserFactory {
    @Override
    public Set<Character> getTriggerCharacters() {
      return Set.of('$', '\\');
    }

    @Override
    public InlineContentParser create() {
      return new Formula();
    }
  }

  @Override
  public ParsedInline tryParse(InlineParserState state) {
    Scanner scanner = state.scanner();
    Position start = scanner.position();
    boolean found =
        scanner.next('\\')
            ? backslashed(scanner)
            : scanner.next("$$") ? doubled(scanner) : single(scanner);
    if (!found) {
      return ParsedInline.none();
    }
    Code code = new Code(scanner.getSource(start, scanner.position()).getContent());
    return ParsedInline.of(code, scanner.position());
  }

  private static boolean backslashed(Scanner scanner) {
    String end;
    if (scanner.next('(')) {
      end = "\\)";
    } else if (scanner.next('[')) {
      end = "\\]";
    } else {
      return false;
    }
    return upTo(scanner, end);
  }

  private static boolean doubled(Scanner scanner) {
    return scanner.peek() != '$' && upTo(scanner, "$$");
  }

  private static boolean upTo(Scanner scanner, String end) {
    while (scanner.find(end.charAt(0)) >= 0) {
      if (scanner.next(end)) {
        return true;
      }
      scanner.next();
    }
    return false;
  }

  private static boolean single(Scanner scanner) {
    scanner.next('$');
    if (!scanner.hasNext() || Character.isWhitespace(scanner.peek()) || scanner.peek() == '$') {
      return false;
    }
    while (scanner.find('$') >= 0) {
      boolean spaced = Character.isWhitespace(scanner.peekPreviousCodePoint());
      boolean escaped = scanner.peekPreviousCodePoint() == '\\';
      scanner.next();
      if (!spaced && !escaped) {
        return !Character.isDigit(scanner.peek());
      }
    }
    return false;
  }
}
