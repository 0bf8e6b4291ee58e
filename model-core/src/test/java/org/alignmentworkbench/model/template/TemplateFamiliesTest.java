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
}
