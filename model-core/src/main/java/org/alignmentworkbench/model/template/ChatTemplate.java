package org.alignmentworkbench.model.template;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.alignmentworkbench.model.template.Interpreter.Rendered;
import org.alignmentworkbench.model.template.RenderedConversation.Token;
import org.alignmentworkbench.model.tokenizer.AddedToken;
import org.alignmentworkbench.model.tokenizer.Tokenizer;
import org.alignmentworkbench.model.tokenizer.TokenizerConfig;
import org.jspecify.annotations.Nullable;

/// A model's chat template with its tokenizer.
///
/// What is trained:
/// 1. If the template has `{% generation %}` marks, what they hold.
/// 2. Else, for each assistant message: its content; before it, the white space that a generation
///    prompt would leave to the model (found by rendering the messages before it with the prompt);
///    after it, the control token that ends the turn, if only white space lies between and the
///    message as the last of its conversation ends with the same one.
///
/// So a role's name is never trained, and neither is what follows a turn.
public final class ChatTemplate {
  private static final Pattern CLUSTER = Pattern.compile("\\X");

  private final String source;
  private final Parser.Parsed template;
  private final Tokenizer tokenizer;
  private final Map<String, Value> variables = new LinkedHashMap<>();

  private ChatTemplate(String source, Tokenizer tokenizer, TokenizerConfig config) {
    this.source = source;
    this.tokenizer = tokenizer;
    try {
      this.template = Parser.parse(source);
    } catch (StackOverflowError nested) {
      throw new TemplateException("chat template: nested too deeply");
    }
    put("bos_token", config.bosToken());
    put("eos_token", config.eosToken());
    put("pad_token", config.padToken());
    put("unk_token", config.unknownToken());
    variables.put("tools", Value.NONE);
    variables.put("documents", Value.NONE);
  }

  /// Reads the template of a model folder.
  public static ChatTemplate load(Path folder) throws IOException {
    return of(Tokenizer.load(folder), TokenizerConfig.load(folder));
  }

  /// The template that a tokenizer's configuration holds.
  public static ChatTemplate of(Tokenizer tokenizer, TokenizerConfig config) {
    String template = config.chatTemplate();
    if (template == null) {
      throw new IllegalArgumentException("the tokenizer's configuration has no chat_template");
    }
    return new ChatTemplate(template, tokenizer, config);
  }

  /// The template's own text.
  public String source() {
    return source;
  }

  /// The tokenizer it writes for.
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /// Renders a conversation.
  ///
  /// @param generationPrompt whether to add what makes the model begin an answer
  /// @throws TemplateException.Raised if the template refuses the conversation
  /// @throws TemplateException if it cannot be rendered
  public RenderedConversation render(List<ChatMessage> messages, boolean generationPrompt) {
    Rendered rendered = run(messages, generationPrompt);
    Text text = rendered.text();
    List<Control> controls = controls(text);
    BitSet trained =
        template.marksGeneration()
            ? rendered.generated()
            : derive(messages, generationPrompt, text, controls);
    return new RenderedConversation(
        tokenizer, List.copyOf(messages), text, trained, tokenize(text, controls, trained));
  }

  /// The control token that ends an answer, as an array of one; empty if the template ends answers
  /// with none.
  public int[] endOfTurnIds() {
    AddedToken token = endOfTurn(List.of(ChatMessage.user("x"), ChatMessage.assistant("x")));
    return token == null ? new int[0] : new int[] {token.id()};
  }

  private void put(String name, @Nullable String value) {
    if (value != null) {
      variables.put(name, Text.of(value));
    }
  }

  private Rendered run(List<ChatMessage> messages, boolean generationPrompt) {
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      SequencedMap<String, Value> message = new LinkedHashMap<>();
      message.put("role", Text.from(messages.get(i).role(), Sources.role(i)));
      message.put("content", Text.from(messages.get(i).content(), Sources.content(i)));
      values.add(new Value.Dictionary(message));
    }
    Map<String, Value> all = new LinkedHashMap<>(variables);
    all.put("messages", new Value.Sequence(values));
    all.put("add_generation_prompt", new Value.Truth(generationPrompt));
    return Interpreter.render(template.body(), all);
  }

  /// A control token that the template wrote, and its place.
  private record Control(AddedToken token, int begin, int end) {}

  private List<Control> controls(Text text) {
    List<Control> controls = new ArrayList<>();
    int begin = 0;
    while (begin < text.length()) {
      int end = begin + 1;
      while (end < text.length()
          && (text.source(end) == Text.TEMPLATE) == (text.source(begin) == Text.TEMPLATE)) {
        end++;
      }
      if (text.source(begin) == Text.TEMPLATE) {
        controlsOfRun(text.slice(begin, end).toString(), begin, controls);
      }
      begin = end;
    }
    return controls;
  }

  private void controlsOfRun(String run, int begin, List<Control> controls) {
    int character = begin;
    int i = 0;
    while (i < run.length()) {
      AddedToken token = tokenizer.addedAt(run, i);
      int next =
          token == null
              ? i + Character.charCount(run.codePointAt(i))
              : i + token.content().length();
      int after = character + run.codePointCount(i, next);
      if (token != null) {
        controls.add(new Control(token, character, after));
      }
      character = after;
      i = next;
    }
  }

  private BitSet derive(
      List<ChatMessage> messages, boolean generationPrompt, Text text, List<Control> controls) {
    BitSet trained = new BitSet();
    for (int i = 0; i < messages.size(); i++) {
      if (!messages.get(i).isAssistant()) {
        continue;
      }
      int first = firstOf(text, Sources.content(i));
      int end = afterLastOf(text, Sources.content(i));
      if (first < 0) {
        first = placeOfNothing(messages, generationPrompt, i, text);
        end = first;
        if (first < 0) {
          continue;
        }
      }
      int afterPrompt = lengthIfPrefix(messages.subList(0, i), text);
      boolean blankBetween = afterPrompt >= 0 && skipSpace(text, afterPrompt, first) == first;
      int begin = blankBetween ? afterPrompt : first;
      Control ending = controlAfter(text, controls, end);
      if (ending != null && ending.token().equals(endOfTurn(messages.subList(0, i + 1)))) {
        end = ending.end();
      }
      trained.set(begin, end);
    }
    return trained;
  }

  /// Where a content would stand of which nothing was written: the text must be the same as with a
  /// letter in its place, but for that letter. Else -1.
  private int placeOfNothing(
      List<ChatMessage> messages, boolean generationPrompt, int empty, Text text) {
    List<ChatMessage> probe = new ArrayList<>(messages);
    probe.set(empty, ChatMessage.assistant("x"));
    try {
      Text with = run(probe, generationPrompt).text();
      int place = firstOf(with, Sources.content(empty));
      boolean same =
          place >= 0
              && text.length() == with.length() - 1
              && text.startsWith(with.slice(0, place), 0)
              && afterLastOf(with, Sources.content(empty)) == place + 1
              && text.startsWith(with.slice(place + 1, with.length()), place);
      return same ? place : -1;
    } catch (TemplateException refused) {
      return -1;
    }
  }

  /// The length of the prompt that these messages make, if it begins `text`; else -1.
  private int lengthIfPrefix(List<ChatMessage> before, Text text) {
    try {
      Text prompt = run(before, true).text();
      return text.startsWith(prompt, 0) ? prompt.length() : -1;
    } catch (TemplateException refused) {
      return -1; // the template cannot render a conversation that ends here: no prompt to find
    }
  }

  /// The control token after an assistant message at the end of a conversation.
  private @Nullable AddedToken endOfTurn(List<ChatMessage> messages) {
    int last = messages.size() - 1;
    List<ChatMessage> probe = new ArrayList<>(messages);
    if (messages.get(last).content().isBlank()) {
      probe.set(last, ChatMessage.assistant("x"));
    }
    try {
      Text text = run(probe, false).text();
      int end = afterLastOf(text, Sources.content(last));
      Control control = end == 0 ? null : controlAfter(text, controls(text), end);
      return control == null ? null : control.token();
    } catch (TemplateException refused) {
      return null;
    }
  }

  /// The control token at `index`, or after white space of the template there.
  private static @Nullable Control controlAfter(Text text, List<Control> controls, int index) {
    int at = skipSpace(text, index, text.length());
    for (Control control : controls) {
      if (control.begin() == at) {
        return control;
      }
    }
    return null;
  }

  private static int skipSpace(Text text, int from, int to) {
    int i = from;
    while (i < to && text.source(i) == Text.TEMPLATE && Text.isSpace(text.at(i))) {
      i++;
    }
    return i;
  }

  private static int firstOf(Text text, int source) {
    for (int i = 0; i < text.length(); i++) {
      if (text.source(i) == source) {
        return i;
      }
    }
    return -1;
  }

  private static int afterLastOf(Text text, int source) {
    for (int i = text.length(); i > 0; i--) {
      if (text.source(i - 1) == source) {
        return i;
      }
    }
    return 0;
  }

  private List<Token> tokenize(Text text, List<Control> controls, BitSet trained) {
    List<Token> tokens = new ArrayList<>();
    int at = 0;
    for (Control control : controls) {
      encode(text, at, control.begin(), trained, tokens);
      tokens.add(new Token(control.token().id(), control.begin(), control.end(), true));
      at = control.end();
    }
    encode(text, at, text.length(), trained, tokens);
    return tokens;
  }

  /// Encodes text without control tokens, cut where training begins or ends.
  private void encode(Text text, int from, int to, BitSet trained, List<Token> tokens) {
    int begin = from;
    while (begin < to) {
      int change = trained.get(begin) ? trained.nextClearBit(begin) : trained.nextSetBit(begin);
      int end = change < 0 ? to : Math.min(change, to);
      encodePiece(text, begin, end, tokens);
      begin = end;
    }
  }

  private void encodePiece(Text text, int begin, int end, List<Token> tokens) {
    String piece = text.slice(begin, end).toString();
    String written =
        tokenizer.composes() ? Normalizer.normalize(piece, Normalizer.Form.NFC) : piece;
    byte[] utf8 = written.getBytes(StandardCharsets.UTF_8);
    int[] characterOf =
        written.equals(piece) ? characters(text, begin, end, utf8.length) : origins(piece, begin);
    int bytes = utf8.length;
    int at = 0;
    for (int id : tokenizer.encode(piece)) {
      int first = -1;
      int last = -1;
      for (byte b : tokenizer.bytesOf(id)) {
        while (at < bytes && utf8[at] != b) {
          at++; // a byte that the vocabulary lacks was left out
        }
        last = at < bytes ? characterOf[at++] : end - 1;
        first = first < 0 ? last : first;
      }
      tokens.add(new Token(id, first, last + 1, false));
    }
  }

  /// For each byte of a text's UTF-8 the character it belongs to.
  private static int[] characters(Text text, int begin, int end, int size) {
    int[] characterOf = new int[size];
    int bytes = 0;
    for (int i = begin; i < end; i++) {
      int c = text.at(i);
      int length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      Arrays.fill(characterOf, bytes, bytes + length, i);
      bytes += length;
    }
    return characterOf;
  }

  /// The same for a text that is composed: nothing composes across the border of two clusters of
  /// characters, so the n-th character of a composed cluster is told to come from the cluster's
  /// n-th.
  private static int[] origins(String piece, int begin) {
    IntStream.Builder characterOf = IntStream.builder();
    int first = begin;
    Matcher cluster = CLUSTER.matcher(piece);
    while (cluster.find()) {
      String old = cluster.group();
      int last = first + old.codePointCount(0, old.length()) - 1;
      int next = first;
      for (int c : Normalizer.normalize(old, Normalizer.Form.NFC).codePoints().toArray()) {
        int bytes = Character.toString(c).getBytes(StandardCharsets.UTF_8).length;
        for (int b = 0; b < bytes; b++) {
          characterOf.add(Math.min(next, last));
        }
        next++;
      }
      first = last + 1;
    }
    return characterOf.build().toArray();
  }
}
