package org.alignmentworkbench.app.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.EngineSettings;
import org.alignmentworkbench.model.folder.ModelFolder;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.training.AdamW;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainingTest {
  private static final PretrainingRecipe TINY =
      new PretrainingRecipe(
          "tiny",
          5,
          new LlamaConfig(
              320,
              16,
              32,
              1,
              2,
              1,
              8,
              96,
              10_000,
              1e-5,
              true,
              new LlamaConfig.SpecialIds(1, List.of(2), 0)),
          60,
          4,
          Pretraining.CHECKPOINT_STEPS + 4,
          10,
          1e-2,
          0.05,
          new AdamW(0.9, 0.95, 1e-8, 0.05, 1.0));

  private static Engine engine;

  @BeforeAll
  static void start() {
    engine = Engine.start(EngineSettings.cpu(1));
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  @Test
  void a_training_that_was_cut_off_goes_on_from_its_checkpoint_to_the_same_bytes(
      @TempDir Path folder) throws IOException {
    List<Double> losses = new ArrayList<>();
    Path whole = folder.resolve("whole-model");
    new Pretraining(TINY, engine, folder.resolve("whole"))
        .run(whole, (_, loss, _, _, _) -> losses.add(loss));

    Path cut = folder.resolve("cut-model");
    Path work = folder.resolve("cut");
    int killAt = Pretraining.CHECKPOINT_STEPS + 2;
    assertThatThrownBy(() ->
            new Pretraining(TINY, engine, work)
                .run(
                    cut,
                    (step, _, _, _, _) -> {
                      if (step == killAt) {
                        throw new IllegalStateException("cut off");
                      }
                    }))
        .hasMessage("cut off");
    assertThat(cut).doesNotExist();
    List<Integer> again = new ArrayList<>();
    new Pretraining(TINY, engine, work).run(cut, (step, _, _, _, _) -> again.add(step));

    assertThat(again.getFirst()).isEqualTo(Pretraining.CHECKPOINT_STEPS + 1);
    for (String file : List.of("model.safetensors", "tokenizer.json", "config.json")) {
      assertThat(Files.mismatch(whole.resolve(file), cut.resolve(file))).as(file).isEqualTo(-1);
    }
    assertThat(losses).hasSize(TINY.steps());
    // It has learnt something: 320 equally likely tokens would cost ln 320 = 5.77 nats.
    assertThat(losses.getFirst()).isBetween(5.5, 6.1);
    assertThat(losses.getLast()).isLessThan(4.5);
    assertThat(ModelFolder.read(whole).config()).isEqualTo(TINY.config());
  }
}
