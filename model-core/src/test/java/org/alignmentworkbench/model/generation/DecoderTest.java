package org.alignmentworkbench.model.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.EngineSettings;
import org.alignmentworkbench.model.llama.Fixture;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.llama.LoraAdapter;
import org.alignmentworkbench.model.llama.LoraConfig;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DecoderTest {
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

  /// Ragged, and with one prompt twice.
  private static List<int[]> prompts(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> IntStream.range(0, 3 + i % 5).map(t -> (37 * t + 11 * (i / 2)) % 512).toArray())
        .toList();
  }

  private static List<CounterStream> streams(int count) {
    return IntStream.range(0, count).mapToObj(i -> CounterStream.of(7, "decoder", 0, i)).toList();
  }

  private static void assertSame(List<Generation> one, List<Generation> other) {
    assertThat(one).hasSameSizeAs(other);
    for (int i = 0; i < one.size(); i++) {
      assertThat(one.get(i).ids()).isEqualTo(other.get(i).ids());
      assertThat(one.get(i).logProbs()).isEqualTo(other.get(i).logProbs());
      assertThat(one.get(i).finish()).isEqualTo(other.get(i).finish());
    }
  }

  private static List<SamplingSettings> settings() {
    // Half of all ids stop, so that rows leave the batch at different steps.
    Set<Integer> stops = new java.util.HashSet<>(IntStream.range(0, 50).boxed().toList());
    return List.of(
        SamplingSettings.greedy(24, stops),
        SamplingSettings.sampled(0.8, 24, stops),
        new SamplingSettings(1.2, 24, stops, false, new Truncation(40, 0.9, 0.01)));
  }

  @Test
  void a_prepared_model_gives_the_bits_of_the_generator() {
    LoraAdapter adapter =
        LoraAdapter.fresh(
            Fixture.tinyConfig(), LoraConfig.everywhere(4, 8), CounterStream.of(1, "a", 0, 0));
    adapter.weights().forEach((_, value) -> Arrays.fill(value.data(), 0.02f));
    try (LlamaModel adapted = model.withAdapter(adapter)) {
      for (LlamaModel one : List.of(model, adapted)) {
        try (Decoder decoder = Decoder.of(one)) {
          for (SamplingSettings settings : settings()) {
            List<String> told = new ArrayList<>();
            List<Generation> decoded =
                decoder.generate(
                    prompts(9),
                    settings,
                    streams(9),
                    (done, tokens) -> told.add(done + " " + tokens));
            assertSame(decoded, Generator.generate(one, prompts(9), settings, streams(9)));
            long tokens = decoded.stream().mapToLong(Generation::length).sum();
            assertThat(told).containsExactly("9 " + tokens);
          }
        }
      }
    }
  }

  @Test
  void token_by_token_is_the_whole_at_once() {
    try (Decoder decoder = Decoder.of(model)) {
      for (SamplingSettings settings : settings()) {
        List<Generation> whole = Generator.generate(model, prompts(6), settings, streams(6));
        List<List<Integer>> ids = new ArrayList<>();
        IntStream.range(0, 6).forEach(_ -> ids.add(new ArrayList<>()));
        try (Decoding decoding = decoder.begin(prompts(6), settings, streams(6))) {
          while (decoding.next()) {
            for (int row = 0; row < 6; row++) {
              if (decoding.id(row) >= 0) {
                assertThat(decoding.logProb(row))
                    .isEqualTo(whole.get(row).logProbs()[ids.get(row).size()]);
                ids.get(row).add(decoding.id(row));
                boolean stopped = settings.stopIds().contains(decoding.id(row));
                assertThat(decoding.ended(row)).isEqualTo(stopped);
              }
            }
          }
          assertThat(decoding.next()).isFalse();
        }
        for (int row = 0; row < 6; row++) {
          assertThat(ids.get(row)).isEqualTo(Arrays.stream(whole.get(row).ids()).boxed().toList());
        }
      }
    }
  }

  @Test
  void many_prompts_go_in_batches_of_sixteen() {
    SamplingSettings settings = SamplingSettings.sampled(1, 4, Set.of());
    List<Integer> told = new ArrayList<>();
    try (Decoder decoder = Decoder.of(model)) {
      List<Generation> all =
          decoder.generate(prompts(40), settings, streams(40), (done, _) -> told.add(done));
      assertThat(told).containsExactly(16, 32, 40);
      assertSame(
          all.subList(16, 32),
          Generator.generate(
              model, prompts(40).subList(16, 32), settings, streams(40).subList(16, 32)));
    }
  }

  /// Steps replace native arrays; none may be left behind.
  @Test
  void decoding_leaves_no_array_behind() {
    int before = engine.residentArrays();
    try (Decoder decoder = Decoder.of(model)) {
      for (int i = 0; i < 3; i++) {
        try (Decoding decoding =
            decoder.begin(prompts(2), SamplingSettings.greedy(40, Set.of()), List.of())) {
          int steps = 0;
          while (decoding.next()) {
            steps++;
          }
          assertThat(steps).isEqualTo(40);
        }
      }
    }
    assertThat(engine.residentArrays()).isEqualTo(before);
  }

  @Test
  void nothing_to_continue_is_refused() {
    try (Decoder decoder = Decoder.of(model)) {
      assertThatThrownBy(
              () -> decoder.begin(List.of(), SamplingSettings.greedy(1, Set.of()), List.of()))
          .hasMessage("there must be a prompt to continue");
      assertThat(
              decoder.generate(
                  List.of(), SamplingSettings.greedy(1, Set.of()), List.of(), (_, _) -> {}))
          .isEmpty();
    }
  }

  @Test
  void truncation_is_checked() {
    assertThatThrownBy(() -> new Truncation(-1, 1, 0)).hasMessage("topK must be >= 0, was -1");
    assertThatThrownBy(() -> new Truncation(0, 0, 0)).hasMessage("topP must be in (0, 1], was 0.0");
    assertThatThrownBy(() -> new Truncation(0, Double.NaN, 0)).hasMessageContaining("was NaN");
    assertThatThrownBy(() -> new Truncation(0, 1, 1.5))
        .hasMessage("minP must be in [0, 1], was 1.5");
  }

  /// Probability vectors of transformers' logits processors (fixtures' README). Row 4 holds equal
  /// logits, of which a sort may keep any: there the sorted probabilities count.
  @Test
  void truncated_distributions_are_those_of_transformers() {
    Tensor logits = Fixture.tensor("sampling.safetensors", "logits");
    for (JsonElement element : Fixture.json("sampling.json").getAsJsonArray("cases")) {
      JsonObject setting = element.getAsJsonObject();
      int number = setting.get("case").getAsInt();
      float[] expected =
          Fixture.tensor("sampling.safetensors", String.format("case%02d.probs", number)).data();
      float[] probabilities =
          engine.call(call ->
              call.tensor(
                      "sampling_probabilities",
                      call.floats(logits.data(), 5, 64),
                      number(setting, "temperature", 1),
                      (long) number(setting, "top_k", 0),
                      number(setting, "top_p", 1),
                      number(setting, "min_p", 0))
                  .toFloatArray());
      for (int row = 0; row < 5; row++) {
        float[] ours = Arrays.copyOfRange(probabilities, 64 * row, 64 * row + 64);
        float[] theirs = Arrays.copyOfRange(expected, 64 * row, 64 * row + 64);
        if (row == 4) {
          Arrays.sort(ours);
          Arrays.sort(theirs);
        }
        for (int i = 0; i < 64; i++) {
          assertThat(ours[i])
              .as("case %d, row %d, %d", number, row, i)
              .isCloseTo(theirs[i], within(1e-6f));
          assertThat(ours[i] == 0).isEqualTo(theirs[i] == 0);
        }
      }
    }
  }

  private static double number(JsonObject setting, String name, double otherwise) {
    return setting.has(name) ? setting.get(name).getAsDouble() : otherwise;
  }

  @Test
  void only_tokens_that_may_be_drawn_are_drawn_and_their_log_probs_are_of_the_whole() {
    int[] prompt = {1, 5, 9};
    List<int[]> many = java.util.Collections.nCopies(300, prompt);
    SamplingSettings two = new SamplingSettings(1, 1, Set.of(), false, new Truncation(2, 1, 0));
    SamplingSettings all = SamplingSettings.sampled(1, 1, Set.of());
    Set<Integer> seen = new java.util.HashSet<>();
    Set<Float> logProbs = new java.util.HashSet<>();
    for (Generation one : Generator.generate(model, many, two, streams(300))) {
      seen.add(one.ids()[0]);
      logProbs.add(one.logProbs()[0]);
    }
    assertThat(seen).hasSize(2);
    assertThat(
            Generator.generate(model, many, all, streams(300)).stream()
                .filter(one -> seen.contains(one.ids()[0]))
                .map(one -> one.logProbs()[0])
                .toList())
        .isNotEmpty()
        .allMatch(logProbs::contains);
  }
}
