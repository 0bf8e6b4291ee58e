package org.alignmentworkbench.model.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.EngineSettings;
import org.alignmentworkbench.model.llama.Fixture;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.llama.LoraAdapter;
import org.alignmentworkbench.model.llama.LoraConfig;
import org.alignmentworkbench.model.llama.TokenRow;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorTest {
  private static final JsonObject GREEDY = Fixture.json("greedy.json");

  private static Engine engine;
  private static LlamaModel model;

  @BeforeAll
  static void open() {
    engine = Engine.start(EngineSettings.cpu(1));
    model = LlamaModel.load(engine, Fixture.tinyConfig(), Fixture.tinyWeights());
  }

  @AfterAll
  static void close() {
    model.close();
    engine.close();
  }

  private static int[] ints(JsonElement array) {
    JsonArray values = array.getAsJsonArray();
    int[] ids = new int[values.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = values.get(i).getAsInt();
    }
    return ids;
  }

  private static List<int[]> prompts() {
    List<int[]> prompts = new ArrayList<>();
    GREEDY.getAsJsonArray("prompts").forEach(p -> prompts.add(ints(p)));
    return prompts;
  }

  private static List<CounterStream> streams(int count, int step) {
    List<CounterStream> streams = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      streams.add(CounterStream.of(7, "rollout", step, i));
    }
    return streams;
  }

  @Test
  void greedy_tokens_of_ragged_prompts_are_those_of_transformers() {
    List<Generation> generations =
        Generator.generate(model, prompts(), SamplingSettings.greedy(64, Set.of()), List.of());
    JsonArray expected = GREEDY.getAsJsonObject("no_eos").getAsJsonArray("new_ids");
    for (int r = 0; r < 4; r++) {
      assertThat(generations.get(r).ids()).isEqualTo(ints(expected.get(r)));
      assertThat(generations.get(r).finish()).isEqualTo(Finish.LENGTH);
    }
  }

  @Test
  void log_probs_of_the_sampler_are_those_of_scoring_under_the_same_temperature() {
    // Mistakes 1 and 15 of post-training code: a ratio that is not one before any update.
    for (double temperature : new double[] {1.0, 0.7}) {
      List<Generation> generations =
          Generator.generate(
              model,
              prompts(),
              SamplingSettings.sampled(temperature, 40, Set.of(361, 2)),
              streams(4, 1));
      List<TokenRow> rows = new ArrayList<>();
      for (int r = 0; r < 4; r++) {
        rows.add(TokenRow.response(prompts().get(r), generations.get(r).ids()));
      }
      float[][] together = model.tokenLogProbs(rows, temperature);
      for (int r = 0; r < 4; r++) {
        float[] alone = model.tokenLogProbs(List.of(rows.get(r)), temperature)[0];
        float[] sampled = generations.get(r).logProbs();
        int prompt = prompts().get(r).length;
        for (int i = 0; i < sampled.length; i++) {
          assertThat(Math.abs(sampled[i] - together[r][prompt + i])).isLessThan(1e-4f);
          assertThat(Math.abs(sampled[i] - alone[prompt + i])).isLessThan(1e-4f);
        }
      }
    }
  }

  @Test
  void stopped_rows_stay_stopped_and_keep_their_stop_token() {
    JsonObject withEos = GREEDY.getAsJsonObject("with_eos");
    int eos = withEos.get("eos_token_id").getAsInt();
    List<Generation> generations =
        Generator.generate(model, prompts(), SamplingSettings.greedy(64, Set.of(eos)), List.of());
    JsonArray free = GREEDY.getAsJsonObject("no_eos").getAsJsonArray("new_ids");
    for (int r = 0; r < 4; r++) {
      int[] all = ints(free.get(r));
      int length = 0;
      while (length < all.length && all[length] != eos) {
        length++;
      }
      boolean stops = length < all.length;
      int[] expected = java.util.Arrays.copyOf(all, stops ? length + 1 : length);
      assertThat(generations.get(r).ids()).isEqualTo(expected);
      assertThat(generations.get(r).finish()).isEqualTo(stops ? Finish.STOP : Finish.LENGTH);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void a_row_does_not_depend_on_its_neighbours(int step) {
    SamplingSettings settings = SamplingSettings.sampled(1.0, 32, Set.of(361, 2));
    List<Generation> together = Generator.generate(model, prompts(), settings, streams(4, step));
    for (int r = 0; r < 4; r++) {
      List<Generation> alone =
          Generator.generate(
              model, List.of(prompts().get(r)), settings, List.of(streams(4, step).get(r)));
      // equal ids: rounding would have to fall on a boundary of the distribution to differ
      assertThat(alone.getFirst().ids()).isEqualTo(together.get(r).ids());
    }
  }

  @Test
  void a_batch_repeated_is_bitwise_the_same_and_other_streams_differ() {
    SamplingSettings settings = SamplingSettings.sampled(1.0, 32, Set.of());
    List<Generation> one = Generator.generate(model, prompts(), settings, streams(4, 1));
    List<Generation> two = Generator.generate(model, prompts(), settings, streams(4, 1));
    List<Generation> other = Generator.generate(model, prompts(), settings, streams(4, 2));
    for (int r = 0; r < 4; r++) {
      assertThat(two.get(r).ids()).isEqualTo(one.get(r).ids());
      assertThat(two.get(r).logProbs()).isEqualTo(one.get(r).logProbs());
      assertThat(other.get(r).ids()).isNotEqualTo(one.get(r).ids());
    }
  }

  @Test
  void several_samples_of_one_prompt_are_each_what_they_are_alone() {
    SamplingSettings settings = SamplingSettings.sampled(1.0, 24, Set.of(361, 2));
    List<int[]> many = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      many.add(prompts().get(i / 3).clone());
    }
    List<Generation> together = Generator.generate(model, many, settings, streams(12, 5));
    Set<String> seen = new java.util.HashSet<>();
    for (int i = 0; i < 12; i++) {
      Generation alone =
          Generator.generate(model, List.of(many.get(i)), settings, List.of(streams(12, 5).get(i)))
              .getFirst();
      assertThat(together.get(i).ids()).isEqualTo(alone.ids());
      seen.add(java.util.Arrays.toString(together.get(i).ids()));
    }
    // streams differ, so samples of one prompt do (mistake 36: one seed for all)
    assertThat(seen).hasSizeGreaterThan(8);
  }

  @Test
  void a_model_that_computes_nothing_finite_is_named_by_row() {
    Map<String, Tensor> broken = new LinkedHashMap<>();
    Fixture.tinyWeights().forEach((name, value) -> broken.put(name, value.copy()));
    broken.get("model.norm.weight").data()[0] = Float.NaN;
    try (LlamaModel nan = LlamaModel.load(engine, Fixture.tinyConfig(), broken)) {
      assertThatThrownBy(() ->
              Generator.generate(
                  nan, prompts(), SamplingSettings.sampled(1, 4, Set.of()), streams(4, 0)))
          .hasMessageContaining("row 0, new token 0: the log-probability must be finite, was NaN");
    }
  }

  @Test
  void draws_follow_the_distribution() {
    // 2000 first tokens of one prompt; a class with probability p must occur within five standard
    // deviations, sqrt(p (1 - p) / n) each, of p.
    int[] prompt = prompts().getFirst();
    int n = 2000;
    List<int[]> many = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      many.add(prompt);
    }
    List<Generation> draws =
        Generator.generate(model, many, SamplingSettings.sampled(1.0, 1, Set.of()), streams(n, 3));
    int[] counts = new int[512];
    double[] p = new double[512];
    for (Generation draw : draws) {
      counts[draw.ids()[0]]++;
      p[draw.ids()[0]] = Math.exp(draw.logProbs()[0]);
    }
    for (int id = 0; id < 512; id++) {
      if (p[id] > 0.01) {
        double deviation = Math.sqrt(p[id] * (1 - p[id]) / n);
        assertThat(Math.abs(counts[id] / (double) n - p[id])).isLessThan(5 * deviation);
      }
    }
  }

  @Test
  void an_adapter_takes_part_in_sampling() {
    LoraAdapter adapter =
        LoraAdapter.fresh(
            Fixture.tinyConfig(), LoraConfig.everywhere(4, 8), CounterStream.of(1, "a", 0, 0));
    adapter.weights().forEach((name, value) -> java.util.Arrays.fill(value.data(), 0.02f));
    try (LlamaModel adapted = model.withAdapter(adapter)) {
      Generation generation =
          Generator.generate(
                  adapted,
                  List.of(prompts().getFirst()),
                  SamplingSettings.sampled(1.0, 20, Set.of()),
                  streams(1, 1))
              .getFirst();
      TokenRow row = TokenRow.response(prompts().getFirst(), generation.ids());
      float[] scored = adapted.tokenLogProbs(List.of(row), 1.0)[0];
      float[] base = model.tokenLogProbs(List.of(row), 1.0)[0];
      double off = 0;
      for (int i = 0; i < 20; i++) {
        int t = prompts().getFirst().length + i;
        assertThat(Math.abs(generation.logProbs()[i] - scored[t])).isLessThan(1e-4f);
        off = Math.max(off, Math.abs(base[t] - scored[t]));
      }
      assertThat(off).isGreaterThan(1e-3);
    }
  }

  @Test
  void what_does_not_fit_the_context_is_refused() {
    assertThatThrownBy(() ->
            Generator.generate(model, prompts(), SamplingSettings.greedy(501, Set.of()), List.of()))
        .hasMessageContaining("context of 512, was 12 + 501");
  }
}
