package org.alignmentworkbench.annotation.reading;

import java.util.List;
import java.util.Set;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.strikethrough.StrikethroughExtension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.LinkReferenceDefinition;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.HtmlNodeRendererContext;
import org.commonmark.renderer.html.HtmlRenderer;
import org.jspecify.annotations.Nullable;

/// Reads a text as Markdown with tables and makes safe markup of it.
///
/// | in the text | shown as |
/// |---|---|
/// | HTML | text, every character of it |
/// | `$…$`, `$$…$$`, `\(…\)`, `\[…\]` | its source, as code: formulas are not set |
/// | a line's end | a line's end |
/// | a link | its words and its address, never followed unasked |
/// | an image | its source as text: nothing is loaded from elsewhere |
/// | a link's definition, a code block's language | text, so that nothing a model wrote is hidden |
final class Markdown {
  /// Longer texts are shown as they are: a page of so much markup would be slow to lay out.
  static final int LONGEST = 100_000;

  /// Blocks within blocks; deeper ones stay text. Answers nest some ten levels at most, and every
  /// level costs a stack frame.
  private static final int DEEPEST = 50;

  private static final List<Extension> EXTENSIONS =
      List.of(TablesExtension.create(), StrikethroughExtension.create());

  // Both may be used by many threads at once.
  private static final Parser PARSER =
      Parser.builder()
          .extensions(EXTENSIONS)
          .maxOpenBlockParsers(DEEPEST)
          .customBlockParserFactory(new FormulaBlock.Factory())
          .customInlineContentParserFactory(new Formula.Factory())
          .build();
  private static final HtmlRenderer RENDERER =
      HtmlRenderer.builder()
          .extensions(EXTENSIONS)
          .escapeHtml(true)
          .percentEncodeUrls(true)
          .softbreak("<br />\n")
          .nodeRendererFactory(Definitions::new)
          .build();

  private Markdown() {}

  /// The markup, or null where the text is better shown as it is: it is too long, nested without
  /// measure, or nothing of it would be seen.
  static @Nullable SafeMarkup of(String text) {
    if (text.length() > LONGEST) {
      return null;
    }
    try {
      SafeMarkup safe = Sanitizer.clean(RENDERER.render(PARSER.parse(text)));
      return safe.markup().isBlank() ? null : safe;
    } catch (StackOverflowError e) {
      // Emphasis within emphasis has no limit in the parser; a text that does this is no prose.
      return null;
    }
  }

  /// Writes what else would only be used: `[name]: address "title"`.
  private record Definitions(HtmlNodeRendererContext context) implements NodeRenderer {
    @Override
    public Set<Class<? extends Node>> getNodeTypes() {
      return Set.of(LinkReferenceDefinition.class);
    }

    @Override
    public void render(Node node) {
      LinkReferenceDefinition definition = (LinkReferenceDefinition) node;
      String title = definition.getTitle();
      context.getWriter().line();
      context.getWriter().tag("p");
      context
          .getWriter()
          .text(
              "["
                  + definition.getLabel()
                  + "]: "
                  + definition.getDestination()
                  + (title == null ? "" : " \"" + title + "\""));
      context.getWriter().tag("/p");
      context.getWriter().line();
    }
  }
}
