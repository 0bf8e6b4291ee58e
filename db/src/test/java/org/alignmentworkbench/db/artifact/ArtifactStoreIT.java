package org.alignmentworkbench.db.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.artifact.Artifact.Kind;
import org.alignmentworkbench.db.run.NewRun;
import org.alignmentworkbench.db.run.RunRepository;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class ArtifactStoreIT {
  @AutoClose static final TestDatabase database = TestDatabase.migrated();

  @TempDir Path home;
  private final JdbcClient jdbc = database.jdbc();
  private final CheckpointRepository checkpoints = new CheckpointRepository(jdbc);
  private ArtifactStore store;
  private long run;

  @BeforeEach
  void empty() {
    jdbc.sql("truncate artifact, project cascade").update();
    store = new ArtifactStore(home.resolve("artifacts"), jdbc);
    run =
        new RunRepository(jdbc)
            .create(new NewRun(TestProject.create(jdbc, 1).id(), "run", "job", "{}", 1, "v", "cpu"))
            .id();
    jdbc.sql("update artifact set kind = 'CONFIGURATION', swept_at = now()").update();
  }

  private Path file(String content) throws IOException {
    return Files.writeString(home.resolve("source"), content);
  }

  private String checkpoint(long step, String content, Double score) throws IOException {
    Artifact artifact = store.put(Kind.CHECKPOINT, file(content));
    checkpoints.record(run, "train", step, artifact.sha256(), score);
    return artifact.sha256();
  }

  @Test
  void a_file_is_kept_by_its_hash_and_stays_when_its_source_goes() throws IOException {
    Path source = file("content");
    Artifact artifact = store.put(Kind.MODEL, source);
    Files.delete(source);

    // `printf content | sha256sum` (GNU coreutils 9.1).
    assertThat(artifact.sha256())
        .isEqualTo("ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73");
    assertThat(artifact.bytes()).isEqualTo(7);
    assertThat(artifact.folder()).isFalse();
    assertThat(store.open(artifact.sha256())).hasContent("content");
    assertThat(store.find(artifact.sha256())).contains(artifact);
    assertThat(store.put(Kind.MODEL, file("content"))).isEqualTo(artifact);
  }

  @Test
  void a_folder_is_kept_with_its_files() throws IOException {
    Path work = store.temporary();
    Path model = Files.createDirectories(work.resolve("model/sub")).getParent();
    Files.writeString(model.resolve("config.json"), "{}");
    Files.writeString(model.resolve("sub/weights"), "12345");
    Artifact artifact = store.adopt(Kind.MODEL, model);
    store.discard(work);

    assertThat(artifact.folder()).isTrue();
    assertThat(artifact.bytes()).isEqualTo(7);
    assertThat(ContentHash.of(store.open(artifact.sha256()))).isEqualTo(artifact.sha256());
    assertThat(model).doesNotExist();
    assertThat(home.resolve("artifacts/temporary")).isEmptyDirectory();
    assertThat(store.put(Kind.EXPORT, store.open(artifact.sha256())).sha256())
        .isEqualTo(artifact.sha256());
    assertThat(store.sweepDangling()).isEmpty();
  }

  @Test
  void what_is_not_in_the_store_is_named() throws IOException {
    String unknown = "0".repeat(64);
    assertThatThrownBy(() -> store.open(unknown)).hasMessage("artefact " + unknown + " is unknown");
    assertThatThrownBy(() -> store.open("../../etc/passwd"))
        .isInstanceOf(IllegalArgumentException.class);
    Path elsewhere = file("x");
    assertThatThrownBy(() -> store.adopt(Kind.MODEL, elsewhere))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(elsewhere).exists();
  }

  @Test
  void a_crash_between_the_rename_and_the_row_leaves_a_dangling_file_that_is_swept()
      throws IOException {
    Artifact kept = store.put(Kind.MODEL, file("kept"));
    // The transaction that would have written the row never committed.
    String lost =
        database
            .transactions()
            .execute(status -> {
              try {
                String sha256 = store.put(Kind.MODEL, file("lost")).sha256();
                assertThat(store.sweepDangling()).as("still being put").isEmpty();
                status.setRollbackOnly();
                return sha256;
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    Path dangling = store.open(lost);
    Path halfMade = Files.createDirectories(home.resolve("artifacts/temporary/1234"));
    Path inUse = store.temporary();

    // As the next process: it knows nothing of what this one was doing.
    ArtifactStore next = new ArtifactStore(home.resolve("artifacts"), jdbc);
    assertThat(next.sweepDangling()).containsExactlyInAnyOrder(dangling, halfMade, inUse);
    assertThat(dangling).doesNotExist();
    assertThat(next.open(kept.sha256())).hasContent("kept");
    assertThat(next.find(lost)).isEmpty();
  }

  @Test
  void the_last_few_the_best_the_pinned_and_the_registered_checkpoints_are_kept()
      throws IOException {
    List<String> hashes = new ArrayList<>();
    // Step 3 has the smallest score; NaN and none are no rank.
    Double[] scores = {2.0, 1.0, 0.25, 0.5, Double.NaN, null, 0.75, 0.8};
    for (int step = 1; step <= scores.length; step++) {
      hashes.add(checkpoint(step, "step " + step, scores[step - 1]));
    }
    store.setPinned(hashes.get(0), true);
    jdbc.sql("update model set artifact_sha256 = ?").param(hashes.get(3)).update();

    // Of the steps 1 to 8: 1 is pinned, 3 best, 4 registered, 7 and 8 the last two.
    assertThat(store.sweepCheckpoints(2))
        .containsExactlyInAnyOrder(hashes.get(1), hashes.get(4), hashes.get(5));
    assertThat(checkpoints.ofRun(run))
        .extracting(Checkpoint::swept)
        .containsExactly(false, true, false, false, true, true, false, false);
    assertThatThrownBy(() -> store.open(hashes.get(1))).hasMessageContaining("was swept at");
    assertThat(store.open(hashes.get(7))).hasContent("step 8");
    assertThat(checkpoints.latest(run, "train")).map(Checkpoint::step).contains(8L);
    assertThat(store.sweepCheckpoints(2)).isEmpty();
    assertThatThrownBy(() -> store.sweepCheckpoints(1)).hasMessage("keepLast must be >= 2, was 1");
  }

  @Test
  void a_sweep_that_does_not_commit_deletes_nothing() throws IOException {
    List<String> hashes = new ArrayList<>();
    for (int step = 1; step <= 4; step++) {
      hashes.add(checkpoint(step, "step " + step, null));
    }
    database
        .transactions()
        .executeWithoutResult(status -> {
          assertThat(store.sweepCheckpoints(2)).hasSize(2);
          status.setRollbackOnly();
        });
    for (String hash : hashes) {
      assertThat(store.open(hash)).exists();
    }
    database
        .transactions()
        .executeWithoutResult(status -> {
          assertThat(store.sweepCheckpoints(2)).hasSize(2);
          assertThat(store.open(hashes.get(0))).as("until it has committed").exists();
        });
    assertThatThrownBy(() -> store.open(hashes.get(0))).hasMessageContaining("was swept at");
  }

  @Test
  void a_swept_content_that_comes_again_is_there_again() throws IOException {
    String first = checkpoint(1, "step 1", null);
    checkpoint(2, "step 2", null);
    checkpoint(3, "step 3", null);
    assertThat(store.sweepCheckpoints(2)).containsExactly(first);
    Artifact again = store.put(Kind.MODEL, file("step 1"));
    assertThat(again.sweptAt()).isNull();
    assertThat(again.kind()).as("no longer only a checkpoint").isEqualTo(Kind.MODEL);
    assertThat(store.open(first)).hasContent("step 1");
    assertThat(store.use())
        .containsExactly(
            new ArtifactStore.Use(Kind.CHECKPOINT, 2, 12), new ArtifactStore.Use(Kind.MODEL, 1, 6));
  }

  @Test
  void many_threads_may_put_the_same_content_while_another_sweeps() throws Exception {
    Path source = file("same");
    List<Future<String>> puts = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        puts.add(threads.submit(() -> store.put(Kind.MODEL, source).sha256()));
        threads.submit(() -> store.sweepDangling());
      }
    }
    for (Future<String> put : puts) {
      assertThat(store.open(put.get())).hasContent("same");
    }
  }
}
