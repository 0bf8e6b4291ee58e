package org.alignmentworkbench.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.db.artifact.ContentHash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A model of one's own, fine-tuned on a file of one's own, from an empty data folder on.
class FineTuneFromFileIT {
  private static final Path FIXTURES =
      Path.of(System.getProperty("workbench.root"))
          .resolve("model-core/src/test/resources/fixtures/model");

  @TempDir Path home;

  private CommandProcess.Outcome run(String... arguments) throws Exception {
    return CommandProcess.run(home, arguments);
  }

  @Test
  void an_adapter_is_trained_on_a_registered_model_and_what_cannot_be_used_is_told()
      throws Exception {
    assertThat(run("model", "import", FIXTURES.resolve("tiny-llama").toString(), "--name", "tiny"))
        .extracting(CommandProcess.Outcome::exit)
        .isEqualTo(0);
    var lines = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      lines.append(
          """
          {"id": "r%d", "messages": [{"role": "user", "content": "Say %d."}, \
          {"role": "assistant", "content": "%d!"}]}
          """
              .formatted(i, i, i));
    }
    // an empty answer, no JSON, and an answer longer than the model's 128 positions
    lines.append(
        """
        {"id": "empty", "messages": [{"role": "user", "content": "x"}, \
        {"role": "assistant", "content": ""}]}
        {"id": "cut", "messages": [
        {"id": "long", "messages": [{"role": "user", "content": "x"}, \
        {"role": "assistant", "content": "%s"}]}
        """
            .formatted("far too long ".repeat(200)));
    Files.writeString(home.resolve("mine.jsonl"), lines);

    // The path is relative to where the command is called.
    CommandProcess.Outcome outcome =
        run(
            "run",
            "supervisedFineTuning",
            "model=tiny",
            "data=mine.jsonl",
            "result=tuned",
            "lora.rank=4",
            "lora.alpha=8",
            "training.epochs=2",
            "training.rowsPerStep=4",
            "heldOutShare=0.2",
            "--json");
    JsonNode run = outcome.json();
    assertThat(run.path("state").asString()).isEqualTo("COMPLETED");
    assertThat(run.path("project").asString()).isEqualTo("work");
    assertThat(run.path("settings").path("data").asString()).isEqualTo("mine");
    assertThat(run.path("settings").path("lora").path("rank").asInt()).isEqualTo(4);
    // The last value of every series, how the machine did among them.
    assertThat(run.path("figures").path("sft/loss").asDouble()).isPositive();
    assertThat(run.path("figures").path("sft/tokensPerSecond").asDouble()).isPositive();
    assertThat(run.path("figures").path("sft/residentMemory").asDouble()).isGreaterThan(10);
    assertThat(outcome.err())
        .contains("as dataset 'mine': 13 rows, 2 left out")
        .contains("EMPTY_CONTENT")
        .contains("INVALID_JSON")
        .contains("1 left out as longer than the model's context (long)")
        .contains("Kept adapter 'tuned' as ");

    // The file as it was brought is kept, under the hash that anybody can compute of it.
    String sha256 = ContentHash.ofFile(home.resolve("mine.jsonl"));
    assertThat(outcome.err()).contains("the file itself is " + sha256);
    CommandProcess.Outcome lineage = run("lineage", sha256, "--json");
    assertThat(lineage.exit()).as(lineage.err()).isZero();
    assertThat(lineage.out()).contains("mine.jsonl");

    // Its beginning is learnt where that is wanted.
    CommandProcess.Outcome cut =
        run(
            "run",
            "supervisedFineTuning",
            "model=tiny",
            "data=mine",
            "result=beginning",
            "tooLong=cut",
            "--json");
    assertThat(cut.json().path("figures").path("sft/cutToContext").asInt()).isEqualTo(1);
    assertThat(cut.err()).contains("of 1 only the beginning fits the model's context (long)");

    // The adapter goes on where it ended; a second adapter on it is refused.
    assertThat(
            run("run", "supervisedFineTuning", "model=tuned", "data=mine", "result=further").err())
        .contains("Kept adapter 'further' as ");
    CommandProcess.Outcome twice =
        run(
            "run",
            "supervisedFineTuning",
            "model=tuned",
            "data=mine",
            "result=twice",
            "lora.rank=2");
    assertThat(twice.exit()).isEqualTo(1);
    assertThat(twice.err()).contains("'tuned' is an adapter already");

    // All weights, on the same file: it is the same dataset.
    CommandProcess.Outcome full =
        run("run", "supervisedFineTuning", "model=tiny", "data=mine.jsonl", "result=whole");
    assertThat(full.exit()).as(full.err()).isZero();
    assertThat(full.err()).contains("as dataset 'mine'").contains("Kept policy 'whole' as ");

    CommandProcess.Outcome missing =
        run("run", "supervisedFineTuning", "model=tiny", "data=nothing.jsonl");
    assertThat(missing.exit()).isEqualTo(1);
    assertThat(missing.err()).contains("there is no file " + home.resolve("nothing.jsonl"));
    Files.writeString(home.resolve("empty.jsonl"), "\n\n");
    CommandProcess.Outcome nothing =
        run("run", "supervisedFineTuning", "model=tiny", "data=empty.jsonl");
    assertThat(nothing.exit()).isEqualTo(1);
    assertThat(nothing.err()).contains("empty.jsonl, line 1: EMPTY_FILE");
  }

  @Test
  void an_adapter_on_two_maps_from_a_file_of_settings_is_evaluated_exported_and_answers()
      throws Exception {
    assertThat(run("model", "import", FIXTURES.resolve("tiny-llama").toString(), "--name", "tiny"))
        .extracting(CommandProcess.Outcome::exit)
        .isEqualTo(0);
    var lines = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      lines.append(
          """
          {"messages": [{"role": "user", "content": "Say %d."}, \
          {"role": "assistant", "content": "%d!"}]}
          """
              .formatted(i, i));
    }
    Files.writeString(home.resolve("mine.jsonl"), lines);
    Files.writeString(
        home.resolve("order.yaml"),
        """
        model: tiny
        data: mine.jsonl
        result: from-file
        lora:
          rank: 2
          alpha: 4
          modules: [v_proj, q_proj]
        training:
          epochs: 3
          rowsPerStep: 4
        """);
    // What is said on the line goes over the file.
    CommandProcess.Outcome trained =
        run("run", "supervisedFineTuning", "-f", "order.yaml", "result=tuned", "--json");
    assertThat(trained.exit()).as(trained.err()).isZero();
    assertThat(trained.json().path("settings").path("result").asString()).isEqualTo("tuned");
    assertThat(trained.json().path("settings").path("training").path("epochs").asInt())
        .isEqualTo(3);
    CommandProcess.Outcome unknown =
        run("run", "supervisedFineTuning", "-f", "order.yaml", "lora.modules=w_proj");
    assertThat(unknown.exit()).isEqualTo(1);
    assertThat(unknown.err()).contains("modules").contains("w_proj");

    CommandProcess.Outcome evaluated =
        run(
            "run",
            "evaluation",
            "model=tuned",
            "reference=tiny",
            "stage=tuned",
            "prompts=4",
            "rewardModel=",
            "--json");
    assertThat(evaluated.exit()).as(evaluated.err()).isZero();
    CommandProcess.Outcome exported =
        run("run", "export", "model=tuned", "formats=peft,gguf-adapter,hf,gguf", "--json");
    assertThat(exported.exit()).as(exported.err()).isZero();
    Path folder = home.resolve("data/exports/work/tuned-peft");
    assertThat(Files.readString(folder.resolve("adapter_config.json")))
        .contains("\"q_proj\"")
        .contains("\"v_proj\"")
        .doesNotContain("k_proj");

    // The folder on the registered model answers as anywhere else: with other tokens than the model
    // alone, for it has learnt something.
    CommandProcess.Outcome alone = answer();
    CommandProcess.Outcome adapted = answer("--adapter", folder.toString());
    assertThat(adapted.exit()).as(adapted.err()).isZero();
    assertThat(adapted.json().get(0).path("logProbs"))
        .isNotEqualTo(alone.json().get(0).path("logProbs"));
  }

  private CommandProcess.Outcome answer(String... more) throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of("generate", "tiny", "--prompt", "Say 3.", "--greedy", "--max-tokens", "6"));
    all.addAll(List.of(more));
    all.add("--json");
    return run(all.toArray(String[]::new));
  }

  @Test
  void an_order_that_is_refused_leaves_no_dataset_behind() throws Exception {
    Files.writeString(
        home.resolve("fresh.jsonl"),
        """
        {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}
        """);
    CommandProcess.Outcome other = run("run", "evaluation", "data=fresh.jsonl");
    assertThat(other.exit()).isEqualTo(1);
    assertThat(other.err()).contains("data");
    CommandProcess.Outcome range =
        run("run", "supervisedFineTuning", "data=fresh.jsonl", "lora.rank=-1");
    assertThat(range.exit()).isEqualTo(1);
    assertThat(range.err()).contains("rank").contains("-1");
    // Neither took it: there is no such dataset.
    CommandProcess.Outcome absent = run("run", "supervisedFineTuning", "data=fresh");
    assertThat(absent.exit()).isEqualTo(1);
    assertThat(absent.err()).contains("the project has no dataset 'fresh'");
  }
}
