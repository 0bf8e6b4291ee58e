package org.alignmentworkbench.model.template;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.alignmentworkbench.model.template.TokenView.Source;
import org.alignmentworkbench.model.template.TokenView.Why;
import org.alignmentworkbench.model.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/// A conversation as the model reads it: text, ids, and which of them are trained.
///
/// Control ids come from the template alone. Between control tokens the text is encoded in one
/// piece, as transformers does, except that a piece is cut where training begins or ends: a token
/// never joins what the model reads with what it learns to write, and the ids of the prompt alone
/// begin the ids of the whole conversation.
public final class RenderedConversation {
  private final Tokenizer tokenizer;
  private final List<ChatMessage> messages;
  private final Text text;
  private final BitSet trained;
  private final List<Token> tokens;

  /// A token and the characters it came from.
  record Token(int id, int begin, int end, boolean control) {}

  RenderedConversation(
      Tokenizer tokenizer,
      List<ChatMessage> messages,
      Text text,
      BitSet trained,
      List<Token> tokens) {
    this.tokenizer = tokenizer;
    this.messages = messages;
    this.text = text;
    this.trained = trained;
    this.tokens = tokens;
  }

  /// The whole text, control tokens spelled out.
  public String text() {
    return text.toString();
  }

  /// The token ids.
  public int[] ids() {
    return tokens.stream().mapToInt(Token::id).toArray();
  }

  /// For each id whether it is trained: the contents of assistant messages and the control tokens
  /// that end them.
  public boolean[] assistantMask() {
    boolean[] mask = new boolean[tokens.size()];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = isTrained(tokens.get(i));
    }
    return mask;
  }

  /// How many assistant messages lack a trained control token at their end. A model trained on such
  /// a message does not learn to stop.
  public int unendedTurns() {
    int turns = (int) messages.stream().filter(ChatMessage::isAssistant).count();
    for (int i = 0; i < tokens.size(); i++) {
      boolean last = i + 1 == tokens.size() || !isTrained(tokens.get(i + 1));
      if (last && isTrained(tokens.get(i)) && tokens.get(i).control()) {
        turns--;
      }
    }
    return Math.max(turns, 0);
  }

  /// Every token with its reason and source.
  public List<TokenView> tokens() {
    List<TokenView> views = new ArrayList<>();
    for (Token token : tokens) {
      Source source = source(token);
      String spelled = tokenizer.decode(new int[] {token.id()}, false);
      boolean supervised = isTrained(token);
      views.add(
          new TokenView(
              token.id(),
              spelled,
              token.control(),
              supervised,
              why(token, supervised, source),
              source));
    }
    return views;
  }

  private boolean isTrained(Token token) {
    return trained.get(token.begin());
  }

  private Why why(Token token, boolean supervised, @Nullable Source source) {
    if (supervised) {
      return token.control() ? Why.END_OF_TURN : Why.ANSWER;
    }
    if (source == null) {
      return Why.FRAME;
    }
    if (source.field().equals("role")) {
      return Why.ROLE;
    }
    return messages.get(source.message()).isAssistant() ? Why.UNTRAINED_ANSWER : Why.PROMPT;
  }

  private @Nullable Source source(Token token) {
    for (int i = token.begin(); i < token.end(); i++) {
      int source = text.source(i);
      if (source != Text.TEMPLATE) {
        return new Source(Sources.message(source), Sources.isContent(source) ? "content" : "role");
      }
    }
    return null;
  }
}
