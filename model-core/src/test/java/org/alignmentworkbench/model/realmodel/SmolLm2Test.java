package org.alignmentworkbench.model.realmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.EngineSettings;
import org.alignmentworkbench.model.folder.ModelDescription;
import org.alignmentworkbench.model.folder.StoredModel;
import org.alignmentworkbench.model.generation.Finish;
import org.alignmentworkbench.model.generation.Generation;
import org.alignmentworkbench.model.generation.Generator;
import org.alignmentworkbench.model.generation.SamplingSettings;
import org.alignmentworkbench.model.gguf.GgufModel;
import org.alignmentworkbench.model.llama.Fixture;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.llama.TokenBatch;
import org.alignmentworkbench.model.llama.TokenRow;
import org.alignmentworkbench.model.template.ChatMessage;
import org.alignmentworkbench.model.template.RenderedConversation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/// SmolLM2-135M-Instruct from its Q4_1 GGUF file, against transformers on the same weights.
///
/// The golden figures are fp32 runs of transformers 5.24; against fp64 its logits moved by 5.4e-5,
/// token log-probabilities by 1.3e-5 and the perplexity by 1.9e-7 of itself. Another correct fp32
/// implementation stays within about ten times these.
@EnabledIfEnvironmentVariable(
    named = "WORKBENCH_MODELS",
    matches = ".+",
    disabledReason = "WORKBENCH_MODELS does not name the folder with the SmolLM2 file")
class SmolLm2Test {
  private static final JsonObject GOLDEN = Fixture.json("smollm2.json");

  @TempDir static Path folder;

  private static Engine engine;
  private static StoredModel stored;
  private static LlamaModel model;
  private static ModelDescription description;

  @BeforeAll
  static void importModel() throws Exception {
    Path file = Path.of(System.getenv("WORKBENCH_MODELS"), GOLDEN.get("gguf").getAsString());
    try (StoredModel gguf = GgufModel.open(file)) {
      gguf.writeForMapping(folder, (_, _, _) -> {});
    }
    engine = Engine.start(EngineSettings.cpu(1));
    stored = StoredModel.open(folder);
    description = stored.description();
    model = stored.load(engine);
  }

  @AfterAll
  static void close() {
    model.close();
    stored.close();
    engine.close();
  }

  private static int[] ints(JsonElement array) {
    return array.getAsJsonArray().asList().stream().mapToInt(JsonElement::getAsInt).toArray();
  }

  private static List<JsonObject> prompts() {
    return GOLDEN.getAsJsonArray("prompts").asList().stream()
        .map(JsonElement::getAsJsonObject)
        .toList();
  }

  @Test
  void the_configuration_is_that_of_the_model() {
    LlamaConfig config = description.config();
    assertThat(config.parameters()).isEqualTo(134_515_008);
    assertThat(config)
        .isEqualTo(
            new LlamaConfig(
                49152,
                576,
                1536,
                30,
                9,
                3,
                64,
                8192,
                100_000,
                1e-5,
                true,
                new LlamaConfig.SpecialIds(1, List.of(2), 2)));
    assertThat(description.stopIds()).containsExactly(2);
  }

  @Test
  void two_hundred_strings_have_the_ids_and_texts_of_the_reference() {
    for (JsonElement element : Fixture.json("tokenizer.json").getAsJsonArray("strings")) {
      String text = element.getAsJsonObject().get("text").getAsString();
      JsonObject expected = element.getAsJsonObject().getAsJsonObject("smollm2");
      int[] ids = ints(expected.get("ids"));
      assertThat(description.tokenizer().encodeAlone(text)).as(text).isEqualTo(ids);
      assertThat(description.tokenizer().decode(ids, false))
          .isEqualTo(expected.get("decoded").getAsString());
      assertThat(description.tokenizer().decode(ids, true))
          .isEqualTo(expected.get("decoded_skip_special").getAsString());
      assertThat(Arrays.stream(description.tokenizer().encode(text)))
          .noneMatch(description.tokenizer()::isAdded);
    }
  }

  @Test
  void the_template_renders_every_prompt_to_its_text_and_ids() {
    for (JsonObject prompt : prompts()) {
      List<ChatMessage> messages = new ArrayList<>();
      for (JsonElement message : prompt.getAsJsonArray("messages")) {
        messages.add(
            new ChatMessage(
                message.getAsJsonObject().get("role").getAsString(),
                message.getAsJsonObject().get("content").getAsString()));
      }
      RenderedConversation rendered = description.chatTemplate().render(messages, true);
      assertThat(rendered.text()).isEqualTo(prompt.get("text").getAsString());
      assertThat(rendered.ids()).isEqualTo(ints(prompt.get("ids")));
    }
  }

  @Test
  void logits_after_each_prompt_are_those_of_the_reference() {
    for (JsonObject prompt : prompts()) {
      int[] ids = ints(prompt.get("ids"));
      int[] mask = new int[ids.length];
      Arrays.fill(mask, 1);
      float[] all = model.logits(new TokenBatch(new int[][] {ids}, new int[][] {mask})).data();
      int vocabulary = description.config().vocabularySize();
      float[] last = Arrays.copyOfRange(all, all.length - vocabulary, all.length);
      int[] topIds = ints(prompt.get("top20_ids"));
      for (int i = 0; i < topIds.length; i++) {
        assertThat(last[topIds[i]])
            .isCloseTo(prompt.getAsJsonArray("top20_logits").get(i).getAsFloat(), within(5.4e-4f));
      }
      double sum = 0;
      for (float z : last) {
        sum += Math.exp((double) z - last[topIds[0]]);
      }
      double logSumExp = Math.log(sum) + last[topIds[0]];
      assertThat(logSumExp).isCloseTo(prompt.get("logsumexp").getAsDouble(), within(5.4e-4));
      double entropy = 0;
      double squares = 0;
      for (float z : last) {
        double logProb = z - logSumExp;
        entropy -= logProb * Math.exp(logProb);
        squares += logProb * logProb;
      }
      JsonObject checksum = prompt.getAsJsonObject("logprob_checksum");
      assertThat(entropy).isCloseTo(checksum.get("entropy").getAsDouble(), within(1e-3));
      // 2 |logp| <= 60 times a logit's error, averaged
      assertThat(squares / vocabulary)
          .isCloseTo(
              checksum.get("sum_of_squares").getAsDouble() / vocabulary, within(60 * 5.4e-4));
    }
  }

  @Test
  void log_probabilities_and_perplexity_of_a_text_are_those_of_the_reference() {
    JsonObject golden = GOLDEN.getAsJsonObject("perplexity");
    int[] ids = ints(golden.get("ids"));
    assertThat(description.tokenizer().encode(golden.get("text").getAsString()))
        .startsWith(Arrays.copyOf(ids, 100));
    double[] logProbs = model.textLogProbs(ids);
    float[] scored = model.tokenLogProbs(List.of(TokenRow.of(ids)), 1)[0];
    double sum = 0;
    for (int t = 1; t < ids.length; t++) {
      sum += logProbs[t - 1];
      double expected = golden.getAsJsonArray("token_logprobs").get(t - 1).getAsDouble();
      assertThat(logProbs[t - 1]).isCloseTo(expected, within(1.3e-4));
      assertThat((double) scored[t]).isCloseTo(expected, within(1.3e-4));
    }
    assertThat(Math.exp(-sum / (ids.length - 1)))
        .isCloseTo(golden.get("perplexity").getAsDouble(), within(31 * 1.9e-6));
  }

  /// In one ragged batch. The narrowest choice on the way is 0.006 wide, a hundred times the
  /// rounding of logits.
  @Test
  void greedy_continuations_are_those_of_the_reference() {
    List<int[]> starts = new ArrayList<>();
    double narrowest = 1;
    for (JsonObject prompt : prompts()) {
      starts.add(ints(prompt.get("ids")));
      narrowest = Math.min(narrowest, prompt.get("greedy_min_top2_gap").getAsDouble());
    }
    assertThat(narrowest).isGreaterThan(5.4e-3);
    List<Generation> generations =
        Generator.generate(model, starts, SamplingSettings.greedy(48, Set.of(2)), List.of());
    for (int i = 0; i < starts.size(); i++) {
      int[] expected = ints(prompts().get(i).get("greedy_48_ids"));
      int stop = 0;
      while (stop < expected.length && expected[stop] != 2) {
        stop++;
      }
      int[] upToStop = Arrays.copyOf(expected, Math.min(stop + 1, expected.length));
      assertThat(generations.get(i).ids()).isEqualTo(upToStop);
      assertThat(generations.get(i).finish())
          .isEqualTo(stop < expected.length ? Finish.STOP : Finish.LENGTH);
    }
  }
}
