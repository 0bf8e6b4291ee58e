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
import java.util.List;
import java.util.stream.Stream;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.tokenizer.Tokenizer;
import org.alignmentworkbench.model.tokenizer.TokenizerConfig;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateSemanticsTest {
  private static final Path FIXTURES = Path.of("src/test/resources/fixtures");

  private final Tokenizer tokenizer;

  TemplateSemanticsTest() throws IOException {
    tokenizer = Tokenizer.load(FIXTURES.resolve("model/tiny-llama"));
  }

  private String render(String template, List<ChatMessage> messages) {
    TokenizerConfig config = new TokenizerConfig("<s>", "</s>", null, null, 512, template);
    return ChatTemplate.of(tokenizer, config).render(messages, false).text();
  }

  /// Written by Jinja itself: see the fixture's README.
  @TestFactory
  Stream<DynamicTest> snippets_render_as_jinja_renders_them() throws IOException {
    JsonObject golden =
        JsonParser.parseString(Files.readString(FIXTURES.resolve("template/jinja_semantics.json")))
            .getAsJsonObject();
    List<ChatMessage> messages = new ArrayList<>();
    for (JsonElement message : golden.getAsJsonArray("messages")) {
      messages.add(
          new ChatMessage(
              message.getAsJsonObject().get("role").getAsString(),
              message.getAsJsonObject().get("content").getAsString()));
    }
    return golden.getAsJsonArray("cases").asList().stream()
        .map(JsonElement::getAsJsonObject)
        .map(expected ->
            DynamicTest.dynamicTest(
                "snippet " + expected.get("template").getAsString(),
                () -> same(expected, messages)));
  }

  private void same(JsonObject expected, List<ChatMessage> messages) {
    String template = expected.get("template").getAsString();
    if (expected.has("text")) {
      assertThat(render(template, messages)).isEqualTo(expected.get("text").getAsString());
    } else if (expected.get("raised").getAsBoolean()) {
      String words = expected.get("error").getAsString().substring("TemplateError: ".length());
      assertThatThrownBy(() -> render(template, messages))
          .isInstanceOf(TemplateException.Raised.class)
          .hasMessage(words);
    } else {
      assertThatThrownBy(() -> render(template, messages)).isInstanceOf(TemplateException.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{% macro m() %}x{% endmacro %}|line 1: tag macro is not supported",
        "{% include 'x' %}|line 1: tag include is not supported",
        "{% raw %}{% endraw %}|line 1: tag raw is not supported",
        "{% for x in y recursive %}{% endfor %}|line 1: for ... recursive is not supported",
        "{{ strftime_now('%d') }}|line 1: function strftime_now is not supported",
        "{{ 2 ** 3 }}|line 1: operator ** is not supported",
        "{{ 'a' * 3 }}|line 1: operator * on str and int is not supported",
        "{{ '%s' % 1 }}|line 1: operator % on str and int is not supported",
        "{{ 'a'.format() }}|line 1: method format of a str is not supported",
        "{{ [].append(1) }}|line 1: method append of a list is not supported",
        "{{ {}.update({}) }}|line 1: method update of a dict is not supported",
        "{{ 'a' // 2 }}|line 1: operator // does not go with str and int",
        "{{ [1] }}|line 1: printing a list is not supported",
        "{{ 1 is sameas 1 }}|line 1: test sameas is not supported",
        "{{ {1: 2} }}|line 1: a dictionary key that is no string is not supported",
        "{{ loop.cycle }}|line 1: 'loop' is undefined",
        "{{ a|line 1: a tag is not closed with }}",
        "{% if a %}|line 1: the template ends before one of",
        "{% endif %}|line 1: tag endif is not supported",
        "{{ (1 }}|line 1: unexpected }",
        "{{ 1 + }}|line 1: the tag ends too early",
        "{{ 'a|line 1: a string is not closed",
        "{# a|line 1: a comment is not closed",
      })
  void what_is_unknown_or_broken_is_named_with_its_line(String template, String message) {
    assertThatThrownBy(() -> render(template, List.of()))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining(message);
  }

  @Test
  void filters_and_their_arguments_are_refused_by_name_and_lines_are_counted() {
    assertThatThrownBy(() -> render("a\n\n{{ 'a'\n | wordwrap }}", List.of()))
        .isInstanceOf(TemplateException.Unsupported.class)
        .hasMessage("chat template, line 4: filter wordwrap is not supported");
    assertThatThrownBy(() -> render("{{ 'a' | tojson(sort_keys=true) }}", List.of()))
        .hasMessageEndingWith("argument sort_keys of filter tojson is not supported");
    assertThatThrownBy(() -> render("{{ 'a' | map('upper') }}", List.of()))
        .hasMessageEndingWith("filter map with a filter's name is not supported");
  }

  @Test
  void a_template_that_does_not_end_or_grows_without_bound_is_stopped() {
    assertThatThrownBy(() ->
            render(
                "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
                List.of()))
        .hasMessageContaining("does not end within");
    assertThatThrownBy(() ->
            render(
                "{% set ns = namespace(x='aaaa') %}{% for a in range(40) %}"
                    + "{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
                List.of()))
        .hasMessageContaining("a text must be at most");
    assertThatThrownBy(() -> render("{{ " + "(".repeat(100_000) + " }}", List.of()))
        .isInstanceOf(TemplateException.class);
  }

  /// Damage of every kind in snippets that use everything: rendered, or refused as a template.
  @Test
  void a_damaged_template_is_refused_as_such() throws IOException {
    List<JsonElement> cases =
        JsonParser.parseString(Files.readString(FIXTURES.resolve("template/jinja_semantics.json")))
            .getAsJsonObject()
            .getAsJsonArray("cases")
            .asList();
    List<String> pieces =
        List.of(
            "{{",
            "}}",
            "{%",
            "%}",
            "-",
            "'",
            "(",
            ")",
            "[",
            "]",
            "|",
            ".",
            ",",
            "~",
            " ",
            "1",
            "x",
            "none",
            "messages",
            "9999999999",
            " is ",
            " in ",
            " if ",
            "\n");
    int refused = 0;
    for (int n = 0; n < 4000; n++) {
      CounterStream stream = CounterStream.of(7, "damage", 0, n);
      String template = cases.get(n % cases.size()).getAsJsonObject().get("template").getAsString();
      int from = stream.below(0, template.length() + 1);
      int to = Math.min(template.length(), from + stream.below(1, 6));
      String damaged =
          template.substring(0, from)
              + pieces.get(stream.below(2, pieces.size()))
              + template.substring(to);
      try {
        render(damaged, List.of(ChatMessage.user("a b"), ChatMessage.assistant("")));
      } catch (TemplateException expected) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(1000);
  }
}
