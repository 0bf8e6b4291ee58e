package org.alignmentworkbench.model.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.alignmentworkbench.model.tokenizer.Tokenizer;
import org.alignmentworkbench.model.tokenizer.TokenizerConfig;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Twelve families of chat templates. Texts and refusals are those of Jinja: see the fixtures'
/// README.
class TemplateFamiliesTest {
  private static final Path FIXTURES = Path.of("src/test/resources/fixtures");

  private final Tokenizer tokenizer;
  private final JsonObject golden;
  private final Map<String, List<ChatMessage>> conversations = new HashMap<>();

  TemplateFamiliesTest() throws IOException {
    tokenizer = Tokenizer.load(FIXTURES.resolve("model/tiny-llama"));
    golden =
        JsonParser.parseString(Files.readString(FIXTURES.resolve("template/families.json")))
            .getAsJsonObject();
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
  }

  private ChatTemplate template(String family) {
    return template(tokenizer, family);
  }

  private ChatTemplate template(Tokenizer tokenizer, String family) {
    String source = golden.getAsJsonObject("templates").get(family).getAsString();
    return ChatTemplate.of(
        tokenizer,
        new TokenizerConfig(
            golden.get("bos_token").getAsString(),
            golden.get("eos_token").getAsString(),
            null,
            null,
            512,
            source));
  }

  @TestFactory
  Stream<DynamicTest> every_family_renders_as_jinja_renders_it() {
    return golden.getAsJsonArray("cases").asList().stream()
        .map(JsonElement::getAsJsonObject)
        .map(expected ->
            DynamicTest.dynamicTest(
                expected.get("template").getAsString()
                    + " "
                    + expected.get("conversation").getAsString()
                    + (expected.get("add_generation_prompt").getAsBoolean() ? " prompt" : ""),
                () -> same(expected)));
  }

  private void same(JsonObject expected) {
    ChatTemplate template = template(expected.get("template").getAsString());
    List<ChatMessage> messages = conversations.get(expected.get("conversation").getAsString());
    boolean prompt = expected.get("add_generation_prompt").getAsBoolean();
    if (expected.has("error")) {
      assertThatThrownBy(() -> template.render(messages, prompt))
          .isInstanceOf(TemplateException.Raised.class)
          .hasMessage(expected.get("error").getAsString());
      return;
    }
    RenderedConversation rendered = template.render(messages, prompt);
    assertThat(rendered.text()).isEqualTo(expected.get("text").getAsString());
    for (TokenView token : rendered.tokens()) {
      TokenView.Source source = token.source();
      if (token.control()) {
        // Whatever somebody typed, control tokens come from the template.
        assertThat(source).as("control token %s", token).isNull();
      }
      if (token.supervised() && source != null) {
        assertThat(messages.get(source.message()).isAssistant()).as("trained %s", token).isTrue();
      }
    }
  }

  @Test
  void an_answer_is_trained_in_every_family() {
    for (String family : golden.getAsJsonObject("templates").keySet()) {
      RenderedConversation rendered = template(family).render(conversations.get("answered"), false);
      StringBuilder trained = new StringBuilder();
      rendered.tokens().stream()
          .filter(token -> token.supervised() && !token.control())
          .forEach(token -> trained.append(token.text()));
      assertThat(trained.toString().strip()).as(family).isEqualTo("4");
    }
  }

  /// Families and the control tokens that end their answers, as the renderings of Jinja show them;
  /// the family without one is left out.
  private static final Map<String, String> ENDS =
      Map.ofEntries(
          Map.entry("chatml", "<|im_end|>"),
          Map.entry("llama-3", "<|eot_id|>"),
          Map.entry("gemma", "<end_of_turn>"),
          Map.entry("mistral", "</s>"),
          Map.entry("phi", "<|end|>"),
          Map.entry("qwen-thinking", "<|im_end|>"),
          Map.entry("zephyr", "</s>"),
          Map.entry("alpaca", "</s>"),
          Map.entry("vicuna", "</s>"),
          Map.entry("command", "<|END_OF_TURN_TOKEN|>"),
          Map.entry("deepseek", "<｜end▁of▁sentence｜>"));

  /// What a person might type of all families: their ends and their headers.
  private static final List<String> CONTROLS =
      Stream.concat(
              ENDS.values().stream(),
              Stream.of(
                  "<s>",
                  "<|im_start|>",
                  "<|start_header_id|>",
                  "<|end_header_id|>",
                  "<start_of_turn>",
                  "[INST]",
                  "[/INST]",
                  "<|user|>",
                  "<|assistant|>",
                  "<|START_OF_TURN_TOKEN|>",
                  "<|USER_TOKEN|>",
                  "<|CHATBOT_TOKEN|>",
                  "<｜User｜>",
                  "<｜Assistant｜>"))
          .distinct()
          .sorted()
          .toList();

  @Test
  void the_end_of_every_answer_is_trained_in_every_family() {
    for (String family : golden.getAsJsonObject("templates").keySet()) {
      RenderedConversation rendered =
          template(everyControl(), family).render(conversations.get("answered"), false);
      List<String> ends =
          rendered.tokens().stream()
              .filter(token -> token.supervised() && token.control())
              .map(TokenView::text)
              .toList();
      String end = ENDS.get(family);
      assertThat(ends).as(family).isEqualTo(end == null ? List.of() : List.of(end));
      assertThat(rendered.unendedTurns()).as(family).isEqualTo(end == null ? 1 : 0);
    }
  }

  @Test
  void what_a_person_types_of_any_family_stays_text_in_every_family() {
    Tokenizer every = everyControl();
    List<ChatMessage> harmless = List.of(ChatMessage.user("a"), ChatMessage.assistant("b"));
    for (String family : golden.getAsJsonObject("templates").keySet()) {
      ChatTemplate template = template(every, family);
      long own = controls(template.render(harmless, false));
      for (String typed : CONTROLS) {
        List<ChatMessage> attack =
            List.of(ChatMessage.user("a" + typed + "c"), ChatMessage.assistant("b" + typed + "d"));
        RenderedConversation rendered = template.render(attack, false);
        assertThat(controls(rendered)).as("%s in %s", typed, family).isEqualTo(own);
        assertThat(rendered.text()).as(family).contains("a" + typed + "c");
      }
    }
  }

  private static long controls(RenderedConversation rendered) {
    return rendered.tokens().stream().filter(TokenView::control).count();
  }

  private Tokenizer everyControl() {
    JsonObject vocabulary =
        JsonParser.parseString(tokenizer.json())
            .getAsJsonObject()
            .getAsJsonObject("model")
            .getAsJsonObject("vocab");
    List<String> tokens = new ArrayList<>(CONTROLS);
    // One letter each: the 256 bytes.
    vocabulary.keySet().stream().filter(token -> token.length() == 1).forEach(tokens::add);
    return Tokenizer.of(tokens, List.of(), Set.copyOf(CONTROLS));
  }
}
