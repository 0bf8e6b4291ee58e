package org.alignmentworkbench.annotation.reading;

import java.util.List;
import java.util.Locale;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.db.prompt.PromptTurn;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;

/// Makes what pages show of texts.
public final class Passages {
  private static final int EXCERPT = 80;

  private final Formats formats;
  private final MessageSource words;

  public Passages(Formats formats, MessageSource words) {
    this.formats = formats;
    this.words = words;
  }

  /// One text.
  public Passage of(String text) {
    return new Passage(
        text, Markdown.of(text), formats.number(text.codePointCount(0, text.length())));
  }

  /// A conversation in its order.
  public List<Said> said(List<PromptTurn> turns) {
    return turns.stream().map(this::said).toList();
  }

  private Said said(PromptTurn turn) {
    String role = turn.role().name().toLowerCase(Locale.ROOT);
    return new Said(
        role,
        words.getMessage("reading.role." + role, null, LocaleContextHolder.getLocale()),
        formats.excerpt(turn.text(), EXCERPT),
        of(turn.text()));
  }
}
