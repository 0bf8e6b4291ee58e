package org.alignmentworkbench.rlhf.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.artifact.ContentHash;
import org.alignmentworkbench.db.lineage.Node;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunState;
import org.alignmentworkbench.model.llama.TokenRow;
import org.alignmentworkbench.model.registry.ModelRegistry;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelShelfIT {
  @AutoClose static final TestDatabase database = TestDatabase.migrated();
  @TempDir static Path home;

  private static TinyProject project(String name) {
    TinyProject tiny =
        TinyProject.create(database.jdbc(), home.resolve(name).resolve("artifacts"), name);
    tiny.addRewardModel("rm");
    return tiny;
  }

  /// Registers the project's base model under another name.
  private static ModelRegistry registered(TinyProject tiny, String name) throws IOException {
    ModelRegistry registry = TinyProject.registry(tiny.stores());
    Model base = tiny.shelf().row(tiny.project().id(), "base");
    registry.importModel(
        name, tiny.stores().artifacts().open(base.artifactSha256()), (_, _, _) -> {});
    return registry;
  }

  @Test
  void a_registered_model_is_taken_into_the_project_once_and_stays() throws IOException {
    TinyProject tiny = project("takes");
    ModelRegistry registry = registered(tiny, "outside");
    long project = tiny.project().id();
    Model row = tiny.shelf().row(project, "outside");
    assertThat(row.kind()).isEqualTo(Model.Kind.POLICY);
    assertThat(row.baseModelId()).isNull();
    assertThat(row.artifactSha256())
        .isEqualTo(ContentHash.of(registry.find("outside").orElseThrow()));
    assertThat(tiny.shelf().row(project, "outside")).isEqualTo(row);
    registry.remove("outside");
    List<TokenRow> rows = List.of(TokenRow.of(new int[] {1, 40, 41, 42, 43}));
    try (OpenPolicy taken = tiny.shelf().policy(project, "outside");
        OpenPolicy base = tiny.shelf().policy(project, "base")) {
      assertThat(taken.model().tokenLogProbs(rows, 1)[0])
          .isEqualTo(base.model().tokenLogProbs(rows, 1)[0]);
    }
  }

  @Test
  void the_projects_own_model_goes_before_a_registered_one() throws IOException {
    TinyProject tiny = project("own");
    Model own = tiny.shelf().row(tiny.project().id(), "base");
    registered(tiny, "base");
    assertThat(tiny.shelf().row(tiny.project().id(), "base")).isEqualTo(own);
  }

  @Test
  void a_name_that_is_nowhere_is_refused_with_those_that_are() throws IOException {
    TinyProject tiny = project("nowhere");
    registered(tiny, "outside");
    assertThatThrownBy(() -> tiny.shelf().row(tiny.project().id(), "else"))
        .hasMessage(
            "the project has no model 'else'; it has [base, rm], and registered are [outside]");
    assertThatThrownBy(() -> tiny.shelf().rewardModel(tiny.project().id(), "outside"))
        .hasMessage("model 'outside' is no reward model but a POLICY");
  }

  @Test
  void a_run_starts_from_a_registered_model_and_its_lineage_says_so() throws IOException {
    TinyProject tiny = project("starts");
    registered(tiny, "outside");
    Run run =
        new RunQueue(
                tiny.stores().runs(),
                new WorkerProcess.MirrorDescent()
                    .on(
                        BatchOnPostgres.of(database.dataSource()),
                        tiny.stores(),
                        new RunProgress(System::nanoTime)),
                "cpu-shelf",
                "test")
            .enqueue(
                tiny.project().id(),
                "mdloo",
                "mirrorDescentRlhf",
                """
                {"model": "outside", "reference": "outside", "rewardModel": "rm", "prompts": 4,
                 "training": {"iterations": 1, "promptsPerIteration": 2, "samplesPerPrompt": 2,
                   "maxNewTokens": 8, "generationRows": 4, "microRows": 4}}
                """,
                1);
    try (RunWorker worker =
        WorkerProcess.worker(
            database.dataSource(), tiny.stores(), "cpu-shelf", new WorkerProcess.MirrorDescent())) {
      worker.runNext();
    }
    assertThat(tiny.stores().runs().find(run.id()).orElseThrow())
        .satisfies(ended -> {
          assertThat(ended.detail()).isEmpty();
          assertThat(ended.state()).isEqualTo(RunState.COMPLETED);
        });
    Model made = tiny.stores().models().findByName(tiny.project().id(), "mdloo").orElseThrow();
    assertThat(tiny.stores().lineage().ancestors(made.artifactSha256()).nodes())
        .flatExtracting(Node::names)
        .contains("outside");
  }
}
