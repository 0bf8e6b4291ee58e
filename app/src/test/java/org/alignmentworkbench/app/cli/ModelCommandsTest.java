package org.alignmentworkbench.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/// The commands on a model alone, in this process, on the tiny model whose figures transformers
/// made (model-core's fixtures).
class ModelCommandsTest {
  private static final Path FIXTURES =
      Path.of(System.getProperty("workbench.root"))
          .resolve("model-core/src/test/resources/fixtures/model");
  private static final String TINY = FIXTURES.resolve("tiny-llama").toString();

  @TempDir Path folder;

  private record Outcome(int exit, String out, String err) {
    JsonNode json() {
      assertThat(exit).as(err).isZero();
      return JsonMapper.shared().readTree(out);
    }
  }

  private static Outcome run(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream caughtOut = new ByteArrayOutputStream();
    ByteArrayOutputStream caughtErr = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(caughtOut, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(caughtErr, true, StandardCharsets.UTF_8));
      int exit = CommandLineEntry.run(arguments);
      return new Outcome(
          exit,
          caughtOut.toString(StandardCharsets.UTF_8),
          caughtErr.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private String file(String name, Object json) throws Exception {
    String text =
        json instanceof String already ? already : JsonMapper.shared().writeValueAsString(json);
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static JsonNode fixture(String name) throws Exception {
    return JsonMapper.shared().readTree(Files.readString(FIXTURES.resolve(name)));
  }

  @Test
  void logits_of_every_position_the_last_one_and_the_highest_agree() throws Exception {
    String ids = file("ids.json", "[[5, 300, 17, 42], {\"ids\": [1]}]");
    JsonNode all = run("model", "logits", TINY, "--ids", ids, "--threads", "1", "--json").json();
    assertThat(all).hasSize(2);
    assertThat(all.get(0).path("ids").toString()).isEqualTo("[5,300,17,42]");
    assertThat(all.get(0).path("logits")).hasSize(4).allMatch(position -> position.size() == 512);
    assertThat(all.get(1).path("logits")).hasSize(1);
    JsonNode last =
        run("model", "logits", TINY, "--ids", ids, "--threads", "1", "--last", "--json").json();
    assertThat(last.get(0).path("logits")).hasSize(1);
    JsonNode highest =
        run(
                "model",
                "logits",
                TINY,
                "--ids",
                ids,
                "--threads",
                "1",
                "--last",
                "--top",
                "3",
                "--json")
            .json();
    JsonNode whole = all.get(0).path("logits").get(3);
    List<Double> sorted = new ArrayList<>();
    whole.forEach(logit -> sorted.add(logit.doubleValue()));
    sorted.sort((a, b) -> Double.compare(b, a));
    for (int i = 0; i < 3; i++) {
      int id = highest.get(0).path("topIds").get(0).get(i).intValue();
      double logit = highest.get(0).path("logits").get(0).get(i).doubleValue();
      assertThat(logit).isCloseTo(whole.get(id).doubleValue(), within(1e-5));
      assertThat(logit).isCloseTo(sorted.get(i), within(1e-5));
      assertThat(last.get(0).path("logits").get(0).get(id).doubleValue())
          .isCloseTo(logit, within(1e-5));
    }
    Outcome shown = run("model", "logits", TINY, "--ids", ids, "--threads", "1");
    assertThat(shown.out()).contains("after token 3, ").contains("after token 0, '<|im_start|>'");
  }

  /// Of a text of n tokens n - 1 are predicted; exp(-mean) by hand.
  @Test
  void perplexity_is_the_exponential_of_the_mean_surprise() throws Exception {
    String ids = file("ids.json", "[[5, 300, 17, 42, 9]]");
    JsonNode logits =
        run("model", "logits", TINY, "--ids", ids, "--threads", "1", "--json").json().get(0);
    JsonNode answer =
        run("model", "perplexity", TINY, "--ids", ids, "--threads", "1", "--json").json().get(0);
    int[] text = {5, 300, 17, 42, 9};
    double sum = 0;
    assertThat(answer.path("logProbs")).hasSize(4);
    for (int t = 1; t < 5; t++) {
      double normaliser = 0;
      for (JsonNode logit : logits.path("logits").get(t - 1)) {
        normaliser += Math.exp(logit.doubleValue());
      }
      double expected =
          logits.path("logits").get(t - 1).get(text[t]).doubleValue() - Math.log(normaliser);
      assertThat(answer.path("logProbs").get(t - 1).doubleValue())
          .isCloseTo(expected, within(1e-5));
      sum += answer.path("logProbs").get(t - 1).doubleValue();
    }
    assertThat(answer.path("sum").doubleValue()).isCloseTo(sum, within(1e-12));
    assertThat(answer.path("perplexity").doubleValue()).isCloseTo(Math.exp(-sum / 4), within(1e-9));
  }

  @Test
  void greedy_continuations_are_those_of_transformers() throws Exception {
    JsonNode golden = fixture("greedy.json");
    String ids = file("prompts.json", golden.path("prompts"));
    JsonNode free =
        run(
                "generate",
                TINY,
                "--ids",
                ids,
                "--greedy",
                "--max-tokens",
                "64",
                "--ignore-eos",
                "--threads",
                "1",
                "--json")
            .json();
    for (int i = 0; i < 4; i++) {
      assertThat(free.get(i).path("ids")).isEqualTo(golden.path("no_eos").path("new_ids").get(i));
      assertThat(free.get(i).path("finish").stringValue()).isEqualTo("length");
      assertThat(free.get(i).path("logProbs")).hasSize(64);
    }
  }

  @Test
  void samples_repeat_with_their_seed_and_differ_among_themselves() throws Exception {
    String ids = file("prompts.json", "[[1, 5, 9], [7]]");
    String[] call = {
      "generate",
      TINY,
      "--ids",
      ids,
      "--n",
      "3",
      "--max-tokens",
      "8",
      "--temperature",
      "0.9",
      "--top-k",
      "40",
      "--top-p",
      "0.95",
      "--min-p",
      "0.01",
      "--seed",
      "5",
      "--threads",
      "1",
      "--json"
    };
    JsonNode one = run(call).json();
    assertThat(one).hasSize(6);
    assertThat(run(call).json()).isEqualTo(one);
    assertThat(one.get(0).path("ids")).isNotEqualTo(one.get(1).path("ids"));
    call[call.length - 4] = "6";
    assertThat(run(call).json()).isNotEqualTo(one);
  }

  /// The base in float32, with the trained adapter, and as a GGUF file of halves (fixtures'
  /// README).
  @Test
  void a_folder_an_adapter_on_it_and_a_gguf_file_continue_as_the_reference_does() throws Exception {
    JsonNode golden = fixture("exports/expected.json");
    String ids = file("prompts.json", List.of(golden.path("prompt_ids")));
    String gguf = FIXTURES.resolve("exports/tiny-llama.F16.gguf").toString();
    String adapter = FIXTURES.resolve("lora-trained").toString();
    List<String> options =
        List.of(
            "--ids",
            ids,
            "--greedy",
            "--max-tokens",
            "16",
            "--ignore-eos",
            "--threads",
            "1",
            "--json");
    assertThat(continued(options, TINY)).isEqualTo(golden.path("greedy_16_base_fp32"));
    assertThat(continued(options, TINY, "--adapter", adapter))
        .isEqualTo(golden.path("greedy_16_trained_adapter_fp32"));
    assertThat(continued(options, gguf)).isEqualTo(golden.path("greedy_16_f16_weights"));
  }

  private static JsonNode continued(List<String> options, String... model) {
    List<String> call = new ArrayList<>(List.of("generate"));
    call.addAll(List.of(model));
    call.addAll(options);
    return run(call.toArray(String[]::new)).json().get(0).path("ids");
  }

  @Test
  void without_json_text_comes_alone_on_standard_output() {
    Outcome streamed =
        run(
            "generate",
            TINY,
            "--prompt",
            "Hello",
            "--greedy",
            "--max-tokens",
            "5",
            "--threads",
            "1");
    assertThat(streamed.exit()).isZero();
    assertThat(streamed.out()).isNotBlank().doesNotContain("tokens/s", "loaded");
    assertThat(streamed.err()).contains("loaded in").contains("tokens/s");
  }

  @Test
  void strings_have_the_ids_of_the_reference() throws Exception {
    JsonNode golden = fixture("tokenizer.json").path("strings");
    ArrayNode strings = JsonMapper.shared().createArrayNode();
    golden.forEach(entry -> strings.add(entry.path("text")));
    JsonNode answer =
        run("tokens", TINY, "--strings", file("strings.json", strings), "--json").json();
    for (int i = 0; i < 200; i++) {
      assertThat(answer.get(i).path("ids")).isEqualTo(golden.get(i).path("tiny").path("ids"));
      assertThat(answer.get(i).path("decoded"))
          .isEqualTo(golden.get(i).path("tiny").path("decoded"));
    }
  }

  /// Texts, ids, masks and errors of three templates, with and without generation prompt.
  @Test
  void conversations_render_as_in_transformers_or_say_why_not() throws Exception {
    JsonNode golden = fixture("chat_templates.json");
    String conversations = file("conversations.json", golden.path("conversations"));
    List<String> names = new ArrayList<>();
    golden.path("conversations").forEach(entry -> names.add(entry.path("name").stringValue()));
    int errors = 0;
    for (String template : List.of("chatml", "header", "inst")) {
      Path source =
          Files.writeString(
              folder.resolve(template + ".jinja"),
              golden.path("templates").path(template).path("plain").stringValue());
      for (boolean prompt : new boolean[] {false, true}) {
        List<String> call =
            new ArrayList<>(
                List.of(
                    "tokens",
                    TINY,
                    "--conversations",
                    conversations,
                    "--template",
                    source.toString(),
                    "--json"));
        if (prompt) {
          call.add("--generation-prompt");
        }
        JsonNode answer = run(call.toArray(String[]::new)).json();
        for (JsonNode expected : golden.path("cases")) {
          if (!expected.path("template").stringValue().equals(template)
              || expected.path("add_generation_prompt").booleanValue() != prompt) {
            continue;
          }
          JsonNode ours = answer.get(names.indexOf(expected.path("conversation").stringValue()));
          if (expected.has("error")) {
            errors++;
            assertThat(ours.path("error")).isEqualTo(expected.path("error"));
            assertThat(ours).hasSize(1);
            continue;
          }
          assertThat(ours.path("text")).isEqualTo(expected.path("text"));
          // There transformers reads control tokens inside a content, which here stay text.
          if (!expected.path("conversation").stringValue().contains("special_text")) {
            assertThat(ours.path("ids")).isEqualTo(expected.path("ids"));
            assertThat(ours.path("assistantMask")).isEqualTo(expected.path("assistant_mask"));
          }
        }
      }
    }
    assertThat(errors).isPositive();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[[1], [2, 512]]|entry 1: id 1 must be a number in [0, 512), was 512",
        "[[1], 3]|entry 1: must be a list of token ids, was 3",
        "[[1], []]|entry 1: must hold at least 1 ids, holds 0",
        "{\"ids\": [1]}|must hold a JSON list, holds {\"ids\":[1]}",
        "[[1],|is not JSON: ",
      })
  void a_file_of_ids_that_does_not_fit_is_refused_with_its_place(String json, String rule)
      throws Exception {
    String file = file("ids.json", json);
    Outcome refused = run("model", "logits", TINY, "--ids", file, "--json");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err()).startsWith("workbench: " + file).contains(rule).hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[[{\"role\": \"user\"}]]|entry 0: message 0: content must be a string",
        "[[{\"role\": \"user\", \"content\": \"x\", \"name\": \"y\"}]]|message 0 must hold role and content alone, has name",
        "[{\"messages\": 1}]|entry 0: must be a list of messages",
        "[[{\"role\": \"\", \"content\": \"x\"}]]|message 0: role must not be empty",
      })
  void a_conversation_that_does_not_fit_is_refused_with_its_place(String json, String rule)
      throws Exception {
    Outcome refused = run("tokens", TINY, "--conversations", file("c.json", json), "--json");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err()).contains(rule).hasLineCount(1);
  }

  @Test
  void what_cannot_be_is_told_in_one_sentence_before_the_model_is_loaded() throws Exception {
    assertRefused(
        "'nothing' is neither a registered model", "generate", "nothing", "--prompt", "x");
    assertRefused(
        "--temperature must be > 0", "generate", TINY, "--prompt", "x", "--temperature", "0");
    assertRefused(
        "topP must be in (0, 1], was 0.0", "generate", TINY, "--prompt", "x", "--top-p", "0");
    assertRefused("--n must be >= 1, was 0", "generate", TINY, "--prompt", "x", "--n", "0");
    assertRefused(
        "the context holds 512", "generate", TINY, "--prompt", "x", "--max-tokens", "600");
    assertRefused("--system goes with --prompt", "generate", TINY, "--ids", "x", "--system", "y");
    assertRefused("there is no file", "generate", TINY, "--ids", folder.resolve("no").toString());
    assertRefused(
        "neither a registered adapter nor a folder",
        "generate",
        TINY,
        "--prompt",
        "x",
        "--adapter",
        "nothing");
    assertRefused(
        "--template and --generation-prompt go with --conversations",
        "tokens",
        TINY,
        "--strings",
        "x",
        "--generation-prompt");
    assertRefused(
        "--top must be > 0, was -1", "model", "logits", TINY, "--ids", "x", "--top", "-1");
    assertRefused("there is no file", "model", "inspect", folder.toString());
    Path template = Files.writeString(folder.resolve("bad.jinja"), "{% for %}");
    assertRefused(
        template.toString(),
        "tokens",
        TINY,
        "--conversations",
        file("c.json", "[]"),
        "--template",
        template.toString());
    assertThat(run("generate", TINY).exit()).isEqualTo(2);
    assertThat(run("generate", TINY, "--prompt", "x", "--ids", "y").exit()).isEqualTo(2);
  }

  private static void assertRefused(String rule, String... call) {
    Outcome refused = run(call);
    assertThat(refused.exit()).as(refused.err()).isEqualTo(1);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err()).startsWith("workbench: ").contains(rule).hasLineCount(1);
  }

  @Test
  void inspecting_tells_configuration_weights_tokens_and_a_sample() {
    JsonNode answer = run("model", "inspect", TINY, "--json").json();
    assertThat(answer.path("parameters").longValue()).isEqualTo(125_248);
    assertThat(answer.path("config").path("hidden_size").intValue()).isEqualTo(64);
    assertThat(answer.path("weights")).hasSize(20);
    assertThat(answer.path("weights").get(0).toString())
        .isEqualTo(
            "{\"name\":\"model.embed_tokens.weight\",\"shape\":[512,64],\"storedAs\":\"F32\"}");
    assertThat(answer.path("stopIds").toString()).isEqualTo("[2,0]");
    assertThat(answer.path("specialTokens").path("eos").stringValue()).isEqualTo("<|im_end|>");
    assertThat(answer.path("sample").path("text").stringValue())
        .endsWith("<|im_start|>assistant\n");
    Outcome shown = run("model", "inspect", TINY);
    assertThat(shown.out())
        .contains("125,248 parameters")
        .contains("model.layers.N.mlp.down_proj.weight")
        .contains("<|im_start|>user");
  }
}
