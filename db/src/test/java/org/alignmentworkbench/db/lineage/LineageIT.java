package org.alignmentworkbench.db.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.dataset.DatasetRepository;
import org.alignmentworkbench.db.dataset.DatasetRow;
import org.alignmentworkbench.db.dataset.JudgementSnapshot;
import org.alignmentworkbench.db.dataset.NewDataset;
import org.alignmentworkbench.db.dataset.Preference;
import org.alignmentworkbench.db.model.Model.Kind;
import org.alignmentworkbench.db.model.ModelRepository;
import org.alignmentworkbench.db.model.NewModel;
import org.alignmentworkbench.db.task.Claim.Claimed;
import org.alignmentworkbench.db.task.ClaimedSlot;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.task.Judgement;
import org.alignmentworkbench.db.task.Judgements;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.db.task.Submission;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/// From a model down to single judgements and up again, over a snapshot taken of a real queue.
class LineageIT {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

  @AutoClose static final TestDatabase database = TestDatabase.migrated();
  private final JdbcClient jdbc = database.jdbc();
  private final LineageRepository lineage = new LineageRepository(jdbc);
  private final DatasetRepository datasets = new DatasetRepository(jdbc);

  @TempDir Path home;

  private String artifact() {
    String sha256 = UUID.randomUUID().toString().replace("-", "").repeat(2);
    jdbc.sql("insert into artifact (sha256, kind, bytes, folder) values (?, 'MODEL', 3, false)")
        .param(sha256)
        .update();
    return sha256;
  }

  /// Two annotators, in an order drawn from a seed, whose judgement depends on what they see only.
  private void label(TestProject project, long seed) {
    Queue queue = new Queue(jdbc);
    List<Long> people = new ArrayList<>();
    int turns = project.prompts().size();
    for (int i = 0; i < 2; i++) {
      people.addAll(Collections.nCopies(turns, TestProject.annotator(jdbc)));
    }
    Collections.shuffle(people, new Random(seed));
    for (long person : people) {
      ClaimedSlot slot =
          ((Claimed) queue.claim(project.id(), person, NOON, Duration.ofMinutes(1))).slot();
      boolean zeroLeft = slot.left().startsWith("Response 0");
      Grades zero = new Grades(2, 2, 1, 2);
      Grades one = new Grades(0, 1, 1, 2);
      queue.submit(
          new Submission(
              slot.slotId(),
              person,
              UUID.randomUUID(),
              zeroLeft ? -3 : 3,
              zeroLeft ? zero : one,
              zeroLeft ? one : zero,
              "because of " + slot.promptKey(),
              1000,
              1,
              true),
          NOON);
    }
  }

  @Test
  void a_walk_finds_every_edge_once_and_the_shortest_depth() {
    // base -> sft -> dpo, base -> dpo, dpo -> export; and a ring, which must not keep it walking.
    String base = artifact();
    String sft = artifact();
    String dpo = artifact();
    String export = artifact();
    lineage.edge(base, sft, "base", null);
    lineage.edge(sft, dpo, "base", null);
    lineage.edge(base, dpo, "reference", null);
    lineage.edge(dpo, export, "weights", null);
    lineage.edge(dpo, export, "weights", null);
    lineage.edge(export, base, "ring", null);

    Lineage up = lineage.ancestors(export);
    assertThat(up.nodes())
        .extracting(Node::sha256, Node::depth)
        .containsExactlyInAnyOrder(tuple(export, 0), tuple(dpo, 1), tuple(sft, 2), tuple(base, 2));
    assertThat(up.nodes().getFirst().sha256()).isEqualTo(export);
    assertThat(up.edges()).hasSize(5);
    assertThat(lineage.descendants(sft).nodes())
        .extracting(Node::sha256, Node::depth)
        .containsExactly(tuple(sft, 0), tuple(dpo, 1), tuple(export, 2), tuple(base, 3));
    assertThatThrownBy(() -> lineage.edge(base, base, "self", null))
        .hasMessageContaining("artifact_edge");
  }

  @Test
  void an_artefact_alone_is_its_own_lineage() {
    String alone = artifact();
    assertThat(lineage.ancestors(alone).nodes()).extracting(Node::sha256).containsExactly(alone);
    assertThat(lineage.descendants(alone).edges()).isEmpty();
  }

  @Test
  void who_trained_on_this_row_is_answered_from_any_part_of_it() {
    TestProject project = TestProject.create(jdbc, 3);
    project.makeTasks(jdbc, 2);
    label(project, 1);
    ArtifactStore store = new ArtifactStore(home, jdbc);
    Dataset dataset =
        new JudgementSnapshot(jdbc, store).take(project.id(), "round 1", 1, 1, true, null);
    String reward = artifact();
    String policy = artifact();
    lineage.edge(dataset.artifactSha256(), reward, "preferences", null);
    lineage.edge(reward, policy, "reward", null);
    ModelRepository models = new ModelRepository(jdbc);
    models.register(
        new NewModel(project.id(), "reward", Kind.REWARD_MODEL, reward, null, null, "{}"));
    models.register(new NewModel(project.id(), "mdloo", Kind.POLICY, policy, null, null, "{}"));

    assertThat(lineage.datasetsBehind(policy))
        .containsExactly(
            new DatasetBehind(dataset.id(), "round 1", dataset.artifactSha256(), 6, 3, 6, 6));
    assertThat(lineage.ancestors(policy).nodes())
        .as("the model that gave the responses is behind the dataset")
        .extracting(Node::sha256)
        .contains(project.modelSha256());
    assertThat(lineage.ancestors(policy).nodes().getFirst().names()).containsExactly("mdloo");

    Judgement judgement = new Judgements(jdbc).ofProject(project.id()).get(3);
    assertThat(lineage.usesOfJudgement(judgement.id()))
        .containsExactly(
            new RowUse(
                dataset.id(),
                "round 1",
                dataset.artifactSha256(),
                List.of(3),
                List.of("reward", "mdloo")));
    // The second prompt's two slots are rows 2 and 3, and each row has both of its responses.
    assertThat(lineage.usesOfPrompt(project.prompts().get(1).id()))
        .extracting(RowUse::ordinals)
        .containsExactly(List.of(2, 3));
    assertThat(lineage.usesOfResponse(project.responses().get(3).id()))
        .extracting(RowUse::ordinals, RowUse::models)
        .containsExactly(tuple(List.of(2, 3), List.of("reward", "mdloo")));
    assertThat(lineage.usesOfJudgement(-1)).isEmpty();
  }

  @Test
  void a_snapshot_has_the_same_hash_whoever_judged_and_in_whatever_order() throws Exception {
    ArtifactStore store = new ArtifactStore(home, jdbc);
    JudgementSnapshot snapshot = new JudgementSnapshot(jdbc, store);
    TestProject first = TestProject.create(jdbc, 5);
    first.makeTasks(jdbc, 2);
    label(first, 1);
    TestProject second = TestProject.create(jdbc, 5);
    second.makeTasks(jdbc, 2);
    label(second, 2);

    Dataset one = snapshot.take(first.id(), "all", 1, 1, true, null);
    Dataset other = snapshot.take(second.id(), "all", 1, 1, true, null);
    assertThat(other.artifactSha256()).isEqualTo(one.artifactSha256());
    assertThat(one.rowCount()).isEqualTo(10);
    assertThat(snapshot.take(first.id(), "all", 1, 1, true, null)).isEqualTo(one);

    List<String> lines = Files.readAllLines(store.open(one.artifactSha256()));
    assertThat(lines).hasSize(10);
    assertThat(lines.getFirst())
        .isEqualTo(
            "{\"promptKey\":\"preference/list/0000\",\"prompt\":\"Prompt 0\",\"slot\":0,"
                + "\"strength\":-3,\"a\":{\"key\":\"preference/list/0000/r1/sft/0\","
                + "\"text\":\"Response 0 to Prompt 0\",\"grades\":{\"instructionFollowing\":2,"
                + "\"concision\":2,\"truthfulness\":1,\"harmlessness\":2}},"
                + "\"b\":{\"key\":\"preference/list/0000/r1/sft/1\","
                + "\"text\":\"Response 1 to Prompt 0\",\"grades\":{\"instructionFollowing\":0,"
                + "\"concision\":1,\"truthfulness\":1,\"harmlessness\":2}},"
                + "\"reason\":\"because of preference/list/0000\"}");
    List<Preference> rows = datasets.preferences(one.id());
    assertThat(rows).extracting(Preference::ordinal).startsWith(0, 1, 0, 1);
    assertThat(rows.getFirst().a().tokenIds()).containsExactly(5, 6, 0);
    assertThat(rows.getFirst().strength()).isEqualTo(-3);
  }

  @Test
  void peoples_and_scripted_judgements_do_not_mix() {
    TestProject project = TestProject.create(jdbc, 1);
    project.makeTasks(jdbc, 2);
    label(project, 1);
    JudgementSnapshot snapshot = new JudgementSnapshot(jdbc, new ArtifactStore(home, jdbc));
    assertThatThrownBy(() -> snapshot.take(project.id(), "people", 1, 1, false, null))
        .hasMessage("project %d has no human judgements in rounds 1 to 1", project.id());
  }

  @Test
  void a_dataset_is_not_replaced_by_another_of_its_name() {
    TestProject project = TestProject.create(jdbc, 2);
    List<DatasetRow> rows =
        List.of(
            new DatasetRow(project.prompts().get(1).id(), null, null, null),
            new DatasetRow(
                project.prompts().get(0).id(), project.responses().get(0).id(), null, null));
    NewDataset selected =
        new NewDataset(project.id(), "selected", Dataset.Kind.SELECTED, artifact(), null);
    Dataset kept = datasets.create(selected, rows);
    assertThat(datasets.create(selected, rows)).isEqualTo(kept);
    assertThat(datasets.rows(kept.id(), 0, 10)).isEqualTo(rows);
    assertThat(datasets.rows(kept.id(), 1, 10)).isEqualTo(rows.subList(1, 2));
    NewDataset other =
        new NewDataset(project.id(), "selected", Dataset.Kind.SELECTED, artifact(), null);
    assertThatThrownBy(() -> datasets.create(other, rows))
        .hasMessageContaining("has another dataset named selected");
    assertThat(
            datasets.create(
                new NewDataset(project.id(), "none", Dataset.Kind.PROMPTS, artifact(), null),
                List.of()))
        .extracting(Dataset::rowCount)
        .isEqualTo(0);
  }
}
