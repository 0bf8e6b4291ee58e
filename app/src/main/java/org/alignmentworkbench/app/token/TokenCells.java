package org.alignmentworkbench.app.token;

import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.model.template.ChatMessage;
import org.alignmentworkbench.model.template.ChatTemplate;
import org.alignmentworkbench.model.template.RenderedConversation;
import org.alignmentworkbench.model.template.TokenView;
import org.alignmentworkbench.model.template.TokenView.Why;
import org.alignmentworkbench.model.tokenizer.Tokenizer;
import org.springframework.stereotype.Component;

/// Tokens as the page shows them.
@Component
final class TokenCells {
  private final Words words;

  TokenCells(Words words) {
    this.words = words;
  }

  /// One token.
  ///
  /// @param text with white space made visible
  /// @param why style
  /// @param title why it is there, in words, with its id
  /// @param ends whether a line ends after it
  record Cell(int id, String text, String why, String title, boolean supervised, boolean ends) {}

  /// All tokens of a row and their counts.
  ///
  /// @param unended answers that do not end in a trained control token
  record Row(List<Cell> cells, int tokens, int supervised, int unended) {}

  /// A conversation as the template renders it.
  Row of(ChatTemplate template, List<ChatMessage> messages, boolean generationPrompt) {
    RenderedConversation rendered = template.render(messages, generationPrompt);
    return row(rendered.tokens().stream().map(this::cell).toList(), rendered.unendedTurns());
  }

  /// A prompt with an answer that was sampled: its own tokens are trained, and no others.
  Row sampled(ChatTemplate template, String prompt, int[] answer) {
    Tokenizer tokenizer = template.tokenizer();
    List<Cell> cells = new ArrayList<>();
    template
        .render(List.of(ChatMessage.user(prompt)), true)
        .tokens()
        .forEach(token -> cells.add(cell(token)));
    int[] ends = template.endOfTurnIds();
    boolean ended = false;
    for (int id : answer) {
      ended = contains(ends, id);
      cells.add(
          cell(id, tokenizer.decode(new int[] {id}, false), ended ? Why.END_OF_TURN : Why.ANSWER));
    }
    return row(cells, ended || ends.length == 0 ? 0 : 1);
  }

  private static boolean contains(int[] ids, int id) {
    for (int one : ids) {
      if (one == id) {
        return true;
      }
    }
    return false;
  }

  private static Row row(List<Cell> cells, int unended) {
    return new Row(
        cells, cells.size(), (int) cells.stream().filter(Cell::supervised).count(), unended);
  }

  private Cell cell(TokenView token) {
    Why why = token.supervised() || token.why() != Why.ANSWER ? token.why() : Why.UNTRAINED_ANSWER;
    return cell(token.id(), token.text(), why);
  }

  private Cell cell(int id, String text, Why why) {
    boolean supervised = why == Why.ANSWER || why == Why.END_OF_TURN;
    return new Cell(
        id,
        visible(text),
        why.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'),
        words.of("token.title", Integer.toString(id), words.of("token.why." + why)),
        supervised,
        text.endsWith("\n"));
  }

  /// White space as signs, so that every token can be seen.
  static String visible(String text) {
    return text.replace(" ", "\u00b7").replace("\n", "\u21b5").replace("\t", "\u2192");
  }
}
