package org.alignmentworkbench.rlhf.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.artifact.Artifact;
import org.alignmentworkbench.db.dataset.JudgementSnapshot;
import org.alignmentworkbench.db.exchange.BroughtPair;
import org.alignmentworkbench.db.exchange.JudgementImportRow;
import org.alignmentworkbench.db.exchange.JudgementImports;
import org.alignmentworkbench.db.exchange.PairWriter;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A reward model learns from judgements that came with a file: no tokens, no grades, one text far
/// too long.
class ImportedJudgementsIT {
  @TempDir static Path folder;

  private static TestDatabase database;

  @BeforeAll
  static void start() {
    database = TestDatabase.migrated();
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  private static BroughtPair pair(int number, String better) {
    String prompt = "p" + number;
    return new BroughtPair(
        number,
        "r0:" + prompt,
        prompt,
        "Say " + number + ".",
        prompt + "/a",
        better,
        prompt + "/b",
        "No.",
        0,
        new BroughtPair.BroughtJudgement(
            null, "somebody", false, -3, null, null, "", null, null, null, null));
  }

  @Test
  void a_reward_model_is_trained_on_the_snapshot_and_the_file_stands_behind_it() throws Exception {
    TinyProject tiny = TinyProject.create(database.jdbc(), folder.resolve("store"), "imported");
    Path work = tiny.stores().artifacts().temporary();
    String file =
        tiny.stores()
            .artifacts()
            .adopt(Artifact.Kind.DATASET, Files.writeString(work.resolve("brought"), "pairs\n"))
            .sha256();
    long brought =
        new JudgementImports(database.jdbc())
            .add(
                new JudgementImports.NewImport(
                    tiny.project().id(),
                    "pairs.jsonl",
                    file,
                    JudgementImportRow.Purpose.JUDGEMENTS,
                    1,
                    3,
                    false,
                    JudgementImports.ColumnNames.USUAL,
                    null))
            .id();
    List<BroughtPair> pairs = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      pairs.add(pair(i, i == 7 ? "far too long ".repeat(400) : "Here it is: " + i + "."));
    }
    new PairWriter(database.jdbc(), tiny.project().id(), 7, brought, 1).write(pairs);

    BatchOnPostgres batch = BatchOnPostgres.of(database.dataSource());
    RunProgress progress = new RunProgress(System::nanoTime);
    var job =
        new RewardModelTrainingJob(
            batch.repository(),
            batch.transactions(),
            tiny.stores(),
            progress,
            tiny.shelf(),
            new JudgementSnapshot(database.jdbc(), tiny.stores().artifacts()));
    Run run =
        new RunQueue(tiny.stores().runs(), List.of(job), "imported", "test")
            .enqueue(
                tiny.project().id(),
                "rm",
                job.name(),
                """
                {"model": "base", "fromRound": 0, "toRound": 0, "result": "rm"}
                """,
                1);
    try (RunWorker worker =
        new RunWorker(
            "imported",
            List.of(job),
            batch.operator(),
            batch.repository(),
            tiny.stores().runs(),
            progress,
            Clock.systemUTC(),
            RunWorker.Settings.DEFAULT)) {
      worker.runNext();
    }

    assertThat(tiny.stores().runs().find(run.id()).orElseThrow().detail()).isEmpty();
    assertThat(tiny.stores().runs().find(run.id()).orElseThrow().state())
        .isEqualTo(RunState.COMPLETED);
    assertThat(tiny.stores().runs().logAfter(run.id(), 0, 100))
        .anyMatch(line -> line.message().startsWith("Took 24 judgements"))
        .anyMatch(line ->
            line.message()
                .equals("Left out 1 judgements of conversations longer than the context."));
    String model =
        tiny.stores().models().ofProject(tiny.project().id()).stream()
            .filter(row -> row.name().equals("rm"))
            .findFirst()
            .orElseThrow()
            .artifactSha256();
    assertThat(tiny.stores().lineage().ancestors(model).nodes())
        .anyMatch(node -> node.sha256().equals(file));
  }

  /// Written by others, an answer is read as the policy would have sampled it: the tokens of the
  /// text, then the end of the turn.
  @Test
  void an_answer_from_a_file_ends_its_turn() {
    TinyProject tiny = TinyProject.create(database.jdbc(), folder.resolve("store"), "answer");
    try (OpenPolicy policy = tiny.shelf().policy(tiny.project().id(), "base")) {
      int[] answer = policy.answer("Say it.", "Here it is.");
      assertThat(policy.stopIds()).contains(answer[answer.length - 1]);
      assertThat(policy.text(answer)).isEqualTo("Here it is.");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
