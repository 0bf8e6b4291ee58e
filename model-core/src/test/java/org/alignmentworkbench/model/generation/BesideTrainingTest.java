package org.alignmentworkbench.model.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.EngineSettings;
import org.alignmentworkbench.model.llama.Fixture;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.llama.TokenRow;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.tensor.Tensor;
import org.alignmentworkbench.model.training.AdamW;
import org.alignmentworkbench.model.training.Training;
import org.junit.jupiter.api.Test;

/// Somebody talks to one model while another is trained on the same engine.
class BesideTrainingTest {
  private static final int STEPS = 60;
  private static final List<int[]> PROMPTS = List.of(new int[] {5, 9, 2}, new int[] {41});

  private static Map<String, Tensor> trained(Engine engine) {
    try (LlamaModel model = LlamaModel.load(engine, Fixture.tinyConfig(), Fixture.tinyWeights());
        Training training = Training.of(model, AdamW.withDecay(0.1))) {
      for (int step = 0; step < STEPS; step++) {
        int[] ids = {step % 512, 17, 300, 4, 4, 90, (7 * step) % 512};
        float[] each = new float[ids.length];
        Arrays.fill(each, -1);
        training.accumulate(List.of(TokenRow.of(ids)), 1, new float[][] {each});
        training.step(1e-3);
      }
      return model.weights();
    }
  }

  private static List<Integer> spoken(Engine engine) {
    List<Integer> said = new ArrayList<>();
    try (LlamaModel model = LlamaModel.load(engine, Fixture.tinyConfig(), Fixture.tinyWeights());
        Decoder decoder = Decoder.of(model);
        Decoding decoding =
            decoder.begin(
                PROMPTS,
                new SamplingSettings(1, 200, Set.of(), false),
                List.of(
                    CounterStream.of(3, "beside", 0, 0), CounterStream.of(3, "beside", 0, 1)))) {
      while (decoding.next()) {
        said.add(decoding.id(0));
        said.add(decoding.id(1));
      }
    }
    return said;
  }

  @Test
  void both_come_to_the_bits_that_they_come_to_alone() throws Exception {
    try (Engine engine = Engine.start(EngineSettings.cpu(1));
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Map<String, Tensor> weights = trained(engine);
      List<Integer> words = spoken(engine);
      assertThat(words).hasSize(400);
      Callable<Map<String, Tensor>> train = () -> trained(engine);
      Callable<List<Integer>> speak = () -> spoken(engine);
      Future<Map<String, Tensor>> training = threads.submit(train);
      Future<List<Integer>> speaking = threads.submit(speak);
      assertThat(speaking.get()).isEqualTo(words);
      training
          .get()
          .forEach((name, weight) ->
              assertThat(weight.data())
                  .as(name)
                  .isEqualTo(weights.getOrDefault(name, Tensor.zeros(1)).data()));
    }
  }
}
