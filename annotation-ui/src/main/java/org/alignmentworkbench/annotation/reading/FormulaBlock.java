package org.alignmentworkbench.annotation.reading;

import java.util.ArrayList;
import java.util.List;
import org.commonmark.node.Block;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.parser.SourceLine;
import org.commonmark.parser.block.AbstractBlockParser;
import org.commonmark.parser.block.AbstractBlockParserFactory;
import org.commonmark.parser.block.BlockContinue;
import org.commonmark.parser.block.BlockStart;
import org.commonmark.parser.block.MatchedBlockParser;
import org.commonmark.parser.block.ParserState;

/// A formula on lines of its own, from a line that is `$$` or `\[` to one that ends with `$$` or
/// `\]`, kept as it is written like a block of code.
final class FormulaBlock extends AbstractBlockParser {
  /// For the parser.
  static final class Factory extends AbstractBlockParserFactory {
    @Override
    public BlockStart tryStart(ParserState state, MatchedBlockParser matched) {
      String line = state.getLine().getContent().toString().strip();
      String end = line.equals("$$") ? "$$" : line.equals("\\[") ? "\\]" : "";
      return end.isEmpty() || state.getIndent() >= 4
          ? BlockStart.none()
          : BlockStart.of(new FormulaBlock(end)).atIndex(state.getNextNonSpaceIndex());
    }
  }

  private final FencedCodeBlock block = new FencedCodeBlock();
  private final String end;
  private final List<String> lines = new ArrayList<>();
  private boolean ended;

  private FormulaBlock(String end) {
    this.end = end;
  }

  @Override
  public Block getBlock() {
    return block;
  }

  @Override
  public BlockContinue tryContinue(ParserState state) {
    return ended ? BlockContinue.none() : BlockContinue.atIndex(state.getIndex());
  }

  @Override
  public void addLine(SourceLine line) {
    String text = line.getContent().toString();
    // The first line is the one that begins the block.
    ended = !lines.isEmpty() && text.stripTrailing().endsWith(end);
    lines.add(text);
  }

  @Override
  public void closeBlock() {
    block.setInfo("");
    block.setLiteral(String.join("\n", lines) + "\n");
  }
}
