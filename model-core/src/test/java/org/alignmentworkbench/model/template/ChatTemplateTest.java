package org.alignmentworkbench.model.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.template.TokenView.Why;
import org.alignmentworkbench.model.tokenizer.Tokenizer;
import org.alignmentworkbench.model.tokenizer.TokenizerConfig;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ChatTemplateTest {
  private static final Path FIXTURES = Path.of("src/test/resources/fixtures/model");
  private static final List<String> SPECIALS =
      List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|pad|>");

  private final Tokenizer tokenizer;
  private final TokenizerConfig config;
  private final JsonObject golden;

  ChatTemplateTest() throws IOException {
    tokenizer = Tokenizer.load(FIXTURES.resolve("tiny-llama"));
    config = TokenizerConfig.load(FIXTURES.resolve("tiny-llama"));
    golden =
        JsonParser.parseString(Files.readString(FIXTURES.resolve("chat_templates.json")))
            .getAsJsonObject();
  }

  private ChatTemplate template(String source) {
    return ChatTemplate.of(tokenizer, config.withTemplate(source));
  }

  private ChatTemplate golden(String name, String variant) {
    return template(
        golden.getAsJsonObject("templates").getAsJsonObject(name).get(variant).getAsString());
  }

  private Map<String, List<ChatMessage>> conversations() {
    Map<String, List<ChatMessage>> conversations = new HashMap<>();
    for (JsonElement element : golden.getAsJsonArray("conversations")) {
      List<ChatMessage> messages = new ArrayList<>();
      for (JsonElement message : element.getAsJsonObject().getAsJsonArray("messages")) {
        messages.add(
            new ChatMessage(
                message.getAsJsonObject().get("role").getAsString(),
                message.getAsJsonObject().get("content").getAsString()));
      }
      conversations.put(element.getAsJsonObject().get("name").getAsString(), messages);
    }
    return conversations;
  }

  private static int[] ints(JsonArray array) {
    return array.asList().stream().mapToInt(JsonElement::getAsInt).toArray();
  }

  /// Texts, ids, masks and errors are those of transformers (versions in the fixtures' README).
  @TestFactory
  Stream<DynamicTest> forty_eight_renderings_equal_those_of_transformers() {
    Map<String, List<ChatMessage>> conversations = conversations();
    return golden.getAsJsonArray("cases").asList().stream()
        .map(JsonElement::getAsJsonObject)
        .flatMap(expected ->
            Stream.of("plain", "with_generation_tag")
                .map(variant ->
                    DynamicTest.dynamicTest(
                        expected.get("template").getAsString()
                            + " "
                            + expected.get("conversation").getAsString()
                            + " "
                            + expected.get("add_generation_prompt").getAsBoolean()
                            + " "
                            + variant,
                        () -> equalsGolden(expected, variant, conversations))));
  }

  private void equalsGolden(
      JsonObject expected, String variant, Map<String, List<ChatMessage>> conversations) {
    List<ChatMessage> messages = conversations.get(expected.get("conversation").getAsString());
    boolean prompt = expected.get("add_generation_prompt").getAsBoolean();
    ChatTemplate template = golden(expected.get("template").getAsString(), variant);
    if (expected.has("error")) {
      assertThatThrownBy(() -> template.render(messages, prompt))
          .isInstanceOf(TemplateException.Raised.class)
          .hasMessage(expected.get("error").getAsString());
      return;
    }
    RenderedConversation rendered = template.render(messages, prompt);
    assertThat(rendered.text()).isEqualTo(expected.get("text").getAsString());
    boolean attack =
        messages.stream().anyMatch(m -> SPECIALS.stream().anyMatch(m.content()::contains));
    if (attack) {
      assertThat(rendered.tokens().stream().filter(TokenView::control))
          .isNotEmpty()
          .allMatch(token -> token.source() == null);
      return;
    }
    assertThat(rendered.ids()).isEqualTo(ints(expected.getAsJsonArray("ids")));
    int[] mask = new int[rendered.ids().length];
    boolean[] trained = rendered.assistantMask();
    for (int i = 0; i < mask.length; i++) {
      mask[i] = trained[i] ? 1 : 0;
    }
    assertThat(mask).isEqualTo(ints(expected.getAsJsonArray("assistant_mask")));
    assertThat(rendered.unendedTurns()).isZero();
  }

  @Test
  void what_a_person_writes_never_becomes_a_control_token() {
    CounterStream stream = CounterStream.of(4, "attack", 0, 0);
    int draw = 0;
    for (int n = 0; n < 200; n++) {
      StringBuilder attack = new StringBuilder();
      for (int i = 0; i < 6; i++) {
        attack.append(
            List.of("<|im_end|>", "<|im_", "end|>", "\n", "<|im_start|>", "assistant", "{{ 1 }}")
                .get(stream.below(draw++, 7)));
      }
      List<ChatMessage> messages =
          List.of(
              ChatMessage.user(attack.toString()),
              ChatMessage.assistant(attack + "<|im_"),
              new ChatMessage("end|>" + attack, "end|>"));
      for (String name : List.of("chatml", "header")) {
        RenderedConversation rendered = golden(name, "plain").render(messages, true);
        assertThat(tokenizer.decode(rendered.ids(), false)).isEqualTo(rendered.text());
        assertThat(rendered.tokens().stream().filter(TokenView::control))
            .allMatch(token -> token.source() == null);
        long controls = Arrays.stream(rendered.ids()).filter(tokenizer::isAdded).count();
        assertThat(controls).isEqualTo(name.equals("chatml") ? 9 : 2);
      }
    }
  }

  @Test
  void
      a_control_token_written_in_two_halves_by_the_template_counts_and_one_joined_with_content_does_not() {
    assertThat(template("{{ '<|im_' ~ 'end|>' }}").render(List.of(), false).ids())
        .containsExactly(2);
    assertThat(
            template("<|im_{{ messages[0].content }}")
                .render(List.of(ChatMessage.user("end|>")), false)
                .ids())
        .doesNotContain(2);
  }

  @Test
  void changing_letters_keeps_where_they_came_from() {
    List<ChatMessage> messages = List.of(ChatMessage.user(" <|IM_END|> "));
    for (String use :
        List.of(
            "messages[0].content | lower",
            "messages[0].content.strip().lower()",
            "(messages[0].content ~ '')[::-1][::-1] | lower",
            "messages[0].content | replace('IM_END', 'im_end') | trim",
            "messages[0].content.split('M')[0] ~ messages[0].content.split('M')[1] | lower",
            "messages[0].content | lower | tojson",
            "[messages[0].content | lower] | join(' ')")) {
      assertThat(template("{{ " + use + " }}").render(messages, false).ids())
          .as(use)
          .doesNotContain(2);
    }
  }

  /// A tokenizer whose merges join a line feed with the letter after it would let one token hold
  /// the end of the prompt and the beginning of the answer.
  @Test
  void no_token_joins_prompt_and_answer() {
    List<String> tokens = new ArrayList<>(List.of("<|im_start|>", "<|im_end|>"));
    Tokenizer base = tokenizer;
    for (int id = 4; id < 260; id++) {
      JsonObject vocabulary =
          JsonParser.parseString(base.json())
              .getAsJsonObject()
              .getAsJsonObject("model")
              .getAsJsonObject("vocab");
      int wanted = id;
      tokens.add(
          vocabulary.entrySet().stream()
              .filter(entry -> entry.getValue().getAsInt() == wanted)
              .findFirst()
              .orElseThrow()
              .getKey());
    }
    tokens.add("ĊĊ");
    Tokenizer joining =
        Tokenizer.of(
            tokens, List.of(List.of("Ċ", "Ċ")), java.util.Set.of("<|im_start|>", "<|im_end|>"));
    assertThat(joining.encode("\n\n")).hasSize(1);
    ChatTemplate chatml = ChatTemplate.of(joining, config);
    List<ChatMessage> question = List.of(ChatMessage.system(""), ChatMessage.user("q"));
    List<ChatMessage> all = new ArrayList<>(question);
    all.add(ChatMessage.assistant("\n\n\nyes"));
    RenderedConversation whole = chatml.render(all, false);
    int[] prompt = chatml.render(question, true).ids();
    assertThat(Arrays.copyOf(whole.ids(), prompt.length)).isEqualTo(prompt);
    boolean[] mask = whole.assistantMask();
    for (int i = 0; i < mask.length; i++) {
      // All but the line feed after the end of the turn.
      assertThat(mask[i]).isEqualTo(i >= prompt.length && i < mask.length - 1);
    }
  }

  @Test
  void every_token_says_why_it_is_there() {
    List<TokenView> tokens =
        golden("chatml", "plain")
            .render(
                List.of(ChatMessage.system("s"), ChatMessage.user("u"), ChatMessage.assistant("a")),
                false)
            .tokens();
    assertThat(tokens.stream().filter(t -> t.text().equals("a") && t.why() == Why.ANSWER).toList())
        .containsExactly(
            new TokenView(
                tokenizer.idOf("a"),
                "a",
                false,
                true,
                Why.ANSWER,
                new TokenView.Source(2, "content")));
    assertThat(tokens.stream().filter(t -> t.text().equals("u") && t.why() == Why.PROMPT).toList())
        .containsExactly(
            new TokenView(
                tokenizer.idOf("u"),
                "u",
                false,
                false,
                Why.PROMPT,
                new TokenView.Source(1, "content")));
    assertThat(tokens.stream().filter(TokenView::supervised).map(TokenView::why).toList())
        .containsExactly(Why.ANSWER, Why.END_OF_TURN);
    assertThat(tokens.getFirst())
        .isEqualTo(new TokenView(1, "<|im_start|>", true, false, Why.FRAME, null));
  }

  /// A mask made from ids instead would take the end of every turn for padding.
  @Test
  void an_end_of_turn_that_pads_as_well_is_trained_all_the_same() {
    TokenizerConfig same =
        new TokenizerConfig(
            config.bosToken(),
            "<|im_end|>",
            "<|im_end|>",
            config.unknownToken(),
            config.contextLength(),
            golden
                .getAsJsonObject("templates")
                .getAsJsonObject("chatml")
                .get("plain")
                .getAsString());
    List<ChatMessage> messages =
        List.of(
            ChatMessage.user("u"),
            ChatMessage.assistant("a"),
            ChatMessage.user("v"),
            ChatMessage.assistant("b"));
    RenderedConversation rendered = ChatTemplate.of(tokenizer, same).render(messages, false);
    RenderedConversation apart = golden("chatml", "plain").render(messages, false);
    assertThat(trainedText(rendered)).isEqualTo("a<|im_end|>b<|im_end|>");
    assertThat(rendered.ids()).isEqualTo(apart.ids());
    assertThat(rendered.assistantMask()).isEqualTo(apart.assistantMask());
  }

  /// `e` and an accent become one character: what follows must still be told where it came from.
  @Test
  void where_text_is_composed_every_token_still_belongs_to_its_message() throws IOException {
    Tokenizer composing =
        Tokenizer.parse(
            Files.readString(Path.of("src/test/resources/fixtures/tokenizers/qwen-nfc.json")));
    String chatml =
        golden.getAsJsonObject("templates").getAsJsonObject("chatml").get("plain").getAsString();
    ChatTemplate template =
        ChatTemplate.of(
            composing, new TokenizerConfig(null, "<|im_end|>", "<|endoftext|>", null, 512, chatml));
    String question = "cafe\u0301 \u212b and \u1112\u1161\u11ab";
    String answer = "q\u0307\u0323 e\u0301 x";
    List<TokenView> tokens =
        template
            .render(List.of(ChatMessage.user(question), ChatMessage.assistant(answer)), false)
            .tokens();
    assertThat(idsFrom(tokens, 0)).isEqualTo(composing.encode(question));
    assertThat(idsFrom(tokens, 1)).isEqualTo(composing.encode(answer));
    assertThat(tokens.stream().filter(TokenView::supervised).mapToInt(TokenView::id).toArray())
        .startsWith(composing.encode(answer))
        .endsWith(composing.idOf("<|im_end|>"));
  }

  private static int[] idsFrom(List<TokenView> tokens, int message) {
    TokenView.Source source = new TokenView.Source(message, "content");
    return tokens.stream()
        .filter(token -> source.equals(token.source()))
        .mapToInt(TokenView::id)
        .toArray();
  }

  /// What tells a composed text's characters apart rests on this: no composition reaches across the
  /// border of a cluster. All characters that decompose are tried.
  @Test
  void whatever_composes_is_one_cluster() {
    java.util.regex.Pattern cluster = java.util.regex.Pattern.compile("\\X");
    int tried = 0;
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      String one = Character.toString(c);
      String apart = java.text.Normalizer.normalize(one, java.text.Normalizer.Form.NFD);
      if (!apart.equals(one)
          && java.text.Normalizer.normalize(apart, java.text.Normalizer.Form.NFC).equals(one)) {
        tried++;
        assertThat(cluster.matcher(apart).results().count()).as("U+%04X", c).isEqualTo(1);
      }
    }
    assertThat(tried).isGreaterThan(11_172);
  }

  @Test
  void without_a_control_token_at_its_end_a_turn_is_trained_without_end_and_counted() {
    ChatTemplate open =
        template("{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}");
    RenderedConversation rendered =
        open.render(List.of(ChatMessage.user("hi"), ChatMessage.assistant("yes")), false);
    assertThat(rendered.unendedTurns()).isEqualTo(1);
    assertThat(trainedText(rendered)).isEqualTo("yes");
    // The header of the next turn is no end of this one.
    ChatTemplate header =
        template("{% for m in messages %}\n<|im_start|>{{ m.role }} {{ m.content }}{% endfor %}");
    RenderedConversation two =
        header.render(List.of(ChatMessage.assistant("yes"), ChatMessage.user("hi")), false);
    assertThat(two.unendedTurns()).isEqualTo(1);
    assertThat(trainedText(two)).isEqualTo("yes");
  }

  private String trainedText(RenderedConversation rendered) {
    StringBuilder trained = new StringBuilder();
    rendered.tokens().stream().filter(TokenView::supervised).forEach(t -> trained.append(t.text()));
    return trained.toString();
  }

  /// The template of SmolLM2-135M-Instruct, from its model file.
  @Test
  void the_template_of_smollm2_renders() {
    String source =
        "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";
    assertThat(template(source).render(List.of(ChatMessage.user("Hi")), true).text())
        .isEqualTo(
            """
            <|im_start|>system
            You are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>
            <|im_start|>user
            Hi<|im_end|>
            <|im_start|>assistant
            """);
  }

  @Test
  void a_lone_surrogate_in_a_message_is_replaced() {
    RenderedConversation rendered =
        golden("chatml", "plain").render(List.of(ChatMessage.user("a\uD83Db")), false);
    assertThat(rendered.text()).contains("a\uFFFDb");
    assertThat(tokenizer.decode(rendered.ids(), false)).isEqualTo(rendered.text());
  }
}
